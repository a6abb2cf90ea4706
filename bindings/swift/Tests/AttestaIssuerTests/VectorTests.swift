import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

/// A file of `test-vectors/`: what is shown to whom and when, and the report that every language must give.
struct Vector {
    let presented: Data
    let expected: Expected
    let policy: Policy
    let trust: [String]
    let materials: [VerificationMaterial]
    let seen: String?
    let at: At
    var report: JSON

    enum Failure: Error { case unknownMember(String), malformed(String) }

    private static let members: Set = [
        "description", "at", "expected", "policy", "trust", "materials", "seen", "presented", "presentedBase64url",
        "report",
    ]

    init(_ file: Data) throws {
        let vector = try JSON(file).object()
        try Self.refuse(vector, beyond: Self.members)
        func member(_ name: String) throws -> JSON {
            guard let value = vector[name] else { throw Failure.malformed(name) }
            return value
        }

        presented =
            if let encoded = try vector["presentedBase64url"]?.string() {
                try Self.decode(base64url: encoded)
            } else {
                Data(try member("presented").string().utf8)
            }
        expected =
            if let request = try vector["expected"]?.object() {
                try Self.expected(request)
            } else {
                .nothing
            }
        policy =
            switch try member("policy") {
            case .string("default"): .preset(.default)
            case .string("bank-address"): .preset(.bankAddress)
            case .string("licence-check"): .preset(.licenceCheck)
            case .string("skill-community"): .preset(.skillCommunity)
            case let policy: .json(try JSON.object(policy.object()).text())
            }
        trust = try member("trust").array().map { try $0.text() }
        materials = try member("materials").array().map(Self.material)
        seen = try vector["seen"]?.text()
        let moment = try member("at").object()
        at =
            if let now = moment["now"] { .now(is: try now.date()) } else {
                .asOf(try moment["asOf", default: .null].date())
            }
        report = try member("report")
    }

    private static func expected(_ members: [String: JSON]) throws -> Expected {
        try refuse(members, beyond: ["audience", "nonce", "query"])
        let request = PresentationRequest(
            audience: try members["audience", default: .null].string(),
            nonce: try members["nonce", default: .null].string()
        )
        guard let query = members["query"] else { return .answer(to: request) }
        return .answer(to: request, query: try JSON.object(query.object()).text())
    }

    private static func material(_ material: JSON) throws -> VerificationMaterial {
        let material = try material.object()
        try refuse(material, beyond: ["type", "resource", "document", "text", "obtained", "source"])
        let source: MaterialSource =
            switch material["source"] {
            case .string("fetched"): .fetched
            case let other?: .asserted(by: try other.object()["assertedBy", default: .null].string())
            case nil: throw Failure.malformed("source")
            }
        let name = try material["type"]?.string() ?? "document"
        guard let type = types.first(where: { word($0) == name }) else { throw Failure.malformed("type") }
        let text =
            switch (material["document"], material["text"]) {
            case (let document?, nil): try document.text()
            // Byte for byte: a digest elsewhere is of just these.
            case (nil, let text?): try text.string()
            default: throw Failure.malformed("document")
            }
        return VerificationMaterial(
            type,
            url: try material["resource", default: .null].string(),
            bytes: Data(text.utf8),
            obtained: try material["obtained", default: .null].date(),
            source: source
        )
    }

    private static func refuse(_ members: [String: JSON], beyond known: Set<String>) throws {
        if let unknown = members.keys.first(where: { !known.contains($0) }) { throw Failure.unknownMember(unknown) }
    }

    static func decode(base64url text: String) throws -> Data {
        let base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { throw Failure.malformed("presentedBase64url") }
        return data
    }

    func run() async throws -> Answer {
        var verifier = try Verifier(policy: policy, trusting: trust, materials: materials)
        if let seen { verifier = try verifier.remembering(seen) }
        return try Answer(await verifier.verify(presented, expecting: expected, at: at))
    }

    /// What an app reads in a report: its JSON, and what its properties say.
    struct Answer {
        let json: JSON
        let properties: JSON

        init(_ report: Report) throws {
            json = try JSON(Data(report.json.utf8))
            properties = try Vector.json(of: report)
        }
    }

    /// Where the answer differs from the report in the file, as JSON pointers: first its JSON, then its properties.
    func differences(from given: Answer) -> [String] {
        report.differences(to: given.json)
            + report.differences(to: given.properties).map { "property \($0)" }
    }

    /// The report's JSON, written from its properties: an app must read in them what stands in the JSON.
    private static func json(of report: Report) throws -> JSON {
        var accepted = report.accepted[...]
        var unconfirmed = report.unconfirmed[...]
        let credentials = try report.credentials.enumerated().map { position, credential in
            var members: [String: JSON] = [
                "outcome": .string("\(credential.outcome)"),
                "checks": json(of: credential.checks),
                "issuer": json(of: credential.issuer),
                "issuerName": json(of: credential.issuerName),
                "format": json(of: credential.format.map(word)),
                "kind": json(of: credential.kind.map(word)),
            ]
            members["otherProofs"] = json(of: credential.otherProofs)
            if let relied = accepted.popFirst() {
                members["claims"] = try JSON(Data(relied.subjectJSON.utf8))
                members["validFrom"] = json(of: relied.validFrom.map(text))
                members["validUntil"] = json(of: relied.validUntil.map(text))
                let copied = (relied.issuer, relied.issuerName, relied.kind)
                guard copied == (credential.issuer, credential.issuerName, credential.kind),
                    try claims(of: relied, in: credential.format)
                else { throw Failure.malformed("accepted") }
            }
            if unconfirmed.first?.position == position, let said = unconfirmed.popFirst() {
                members["unconfirmedClaims"] = try JSON(Data(said.subjectJSON.utf8))
            }
            return JSON.object(members)
        }
        guard accepted.isEmpty, unconfirmed.isEmpty else { throw Failure.malformed("claims") }
        var members: [String: JSON] = [
            "outcome": .string("\(report.outcome)"),
            "credentials": .array(credentials),
            "relaxed": .array(report.relaxed.map(JSON.string)),
            "missing": .array(
                report.missing.map {
                    .object([
                        "type": .string(word($0.type)), "resource": .string($0.url), "reveals": .string($0.reveals),
                    ])
                }
            ),
        ]
        let presentations = report.presentations.map { presentation in
            var members: [String: JSON] = [
                "outcome": .string("\(presentation.outcome)"),
                "checks": json(of: presentation.checks),
                "holder": json(of: presentation.holder),
            ]
            members["otherProofs"] = json(of: presentation.otherProofs)
            return JSON.object(members)
        }
        members["presentation"] = presentations.first
        if presentations.count > 1 { members["otherPresentations"] = .array(Array(presentations.dropFirst())) }
        return .object(members)
    }

    /// Whether the typed claims say what stands in the subject.
    private static func claims(of relied: AcceptedCredential, in format: CredentialFormat?) throws -> Bool {
        guard relied.kind != nil else { return relied.claims == nil }
        guard let claims = relied.claims else { return false }
        let subject = try JSON(Data(relied.subjectJSON.utf8))
        if subject["attestation_legal_category"] != nil { return inOtherWords(claims, subject) }
        // In Open Badges, four members of a skill have other names and forms.
        let isBadge = relied.kind == .skillCertification && format != .sdJwtVc
        let named: [(String?, JSON?)] =
            switch claims {
            case .proofOfAddress(let proof):
                [
                    (proof.name, subject["name"]), (proof.residentSince, subject["residentSince"]),
                    (proof.address?.country, subject["address"]?["country"]),
                    (proof.address?.district, subject["address"]?["district"]),
                    (proof.address?.street, subject["address"]?["street"]),
                ]
            case .licence(let licence):
                [
                    (licence.name, subject["name"]), (licence.title, subject["title"]),
                    (licence.jurisdiction, subject["jurisdiction"]),
                ]
            case .skillCertification(let skill):
                [
                    (skill.jurisdiction, subject["jurisdiction"]),
                    (skill.skill?.name, subject[isBadge ? "achievement" : "skill"]?["name"]),
                    (skill.licenceNumber, subject[isBadge ? "licenseNumber" : "licenceNumber"]),
                    (skill.assessor?.name, subject[isBadge ? "source" : "assessor"]?["name"]),
                ]
            }
        guard named.allSatisfy({ $0.0.map(JSON.string) == $0.1 }) else { return false }
        let isSelective = format == .sdJwt || format == .sdJwtVc || format == .ecdsaSd2023
        let typed: [String: JSON]
        do {
            typed = try JSON(Data(claims.json().utf8)).object()
        } catch let error as AttestaError where isSelective && error.code.hasPrefix("claims.") {
            // What the holder withheld makes no whole claims file.
            return true
        }
        var members = try subject.object()
        // Whom it speaks of is no claim.
        members["id"] = nil
        // An SD-JWT VC may say more than its kind knows.
        if format == .sdJwtVc { return typed.allSatisfy { members[$0] == $1 } }
        guard isBadge else { return typed == members }
        let same = Set(typed.keys).intersection(members.keys).subtracting(["assessmentEvidence", "auditEvidence"])
        return same.count >= 5 && same.allSatisfy { typed[$0] == members[$0] }
    }

    /// Whether the typed claims say what stands in a subject of another scheme, by the members that identify it.
    private static func inOtherWords(_ claims: Claims, _ subject: JSON) -> Bool {
        let said: [(String?, JSON?)] =
            switch claims {
            case .proofOfAddress(let proof):
                [(proof.familyName, subject["family_name"]), (proof.address?.locality, subject["resident_city"])]
            case .skillCertification(let skill): [(skill.skill?.name, subject["title"])]
            case .licence: [(nil, .null)]
            }
        return said.allSatisfy { $0.0.map(JSON.string) == $0.1 }
    }

    /// What is said of the proofs beside the deciding one, if there are any.
    private static func json(of proofs: [OtherProof]) -> JSON? {
        guard !proofs.isEmpty else { return nil }
        return .array(
            proofs.map { proof in
                .object([
                    "verificationMethod": json(of: proof.verificationMethod),
                    "cryptosuite": json(of: proof.cryptosuite),
                    "isBuiltOn": .bool(proof.isBuiltOn),
                    "result": .string(proof.result == .notApplicable ? "not-applicable" : "\(proof.result)"),
                    "code": .string(proof.code),
                    "message": .string(proof.message),
                ])
            }
        )
    }

    private static func json(of checks: [Check]) -> JSON {
        .array(
            checks.map { check in
                .object([
                    "id": .string(check.id),
                    "result": .string(check.result == .notApplicable ? "not-applicable" : "\(check.result)"),
                    "code": .string(check.code),
                    "message": .string(check.message),
                    "hint": .string(check.hint),
                    "ageSeconds": check.ageSeconds.map { .number(Double($0)) } ?? .null,
                ])
            }
        )
    }

    private static func json(of text: String?) -> JSON { text.map(JSON.string) ?? .null }

    private static func text(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }

    private static func word(_ kind: Kind) -> String {
        switch kind {
        case .proofOfAddress: "proof-of-address"
        case .licence: "licence"
        case .skillCertification: "skill"
        }
    }

    private static let types: [ResourceType] = [
        .document, .issuerMetadata, .keySet, .typeMetadata, .log, .logWitnesses, .statusList, .compromiseNotices,
        .context,
    ]

    private static func word(_ type: ResourceType) -> String {
        switch type {
        case .document: "document"
        case .issuerMetadata: "issuer-metadata"
        case .keySet: "key-set"
        case .typeMetadata: "type-metadata"
        case .log: "log"
        case .logWitnesses: "log-witnesses"
        case .statusList: "status-list"
        case .compromiseNotices: "compromise-notices"
        case .context: "context"
        }
    }

    static func word(_ format: CredentialFormat) -> String {
        switch format {
        case .jwt: "vc+jwt"
        case .sdJwt: "vc+sd-jwt"
        case .sdJwtVc: "dc+sd-jwt"
        case .cose: "vc+cose"
        case .eddsaJcs2022: "eddsa-jcs-2022"
        case .ecdsaJcs2019: "ecdsa-jcs-2019"
        case .eddsaRdfc2022: "eddsa-rdfc-2022"
        case .ecdsaRdfc2019: "ecdsa-rdfc-2019"
        case .ecdsaSd2023: "ecdsa-sd-2023"
        }
    }
}

@Suite("The vectors that all languages share")
struct VectorTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../test-vectors").standardizedFileURL

    /// The files' paths below the root. What lies beside the folders is no vector.
    static let files: [String] = {
        let all = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".json") && $0.contains("/") }.sorted()
    }()

    static func read(_ file: String) throws -> Data {
        try Data(contentsOf: root.appendingPathComponent(file))
    }

    @Test("Every vector gets the report that stands in its file")
    func everyVector() async throws {
        let valid = Self.files.filter { $0.contains("/valid/") }.count
        #expect(valid > 0 && Self.files.count - valid >= valid)
        try await withThrowingTaskGroup(of: (String, [String]).self) { group in
            // A few at a time: the tests beside this one wait for the same threads, and some of them not for ever.
            var waiting = Self.files[...]
            func addNext() {
                guard let file = waiting.popFirst() else { return }
                group.addTask {
                    do {
                        let vector = try Vector(Self.read(file))
                        return (file, vector.differences(from: try await vector.run()))
                    } catch {
                        return (file, ["\(error)"])
                    }
                }
            }
            for _ in 0..<4 { addNext() }
            for try await (file, differences) in group {
                #expect(differences.isEmpty, "\(file): \(differences.joined(separator: ", "))")
                addNext()
            }
        }
        print("\(Self.files.count) vectors were run, \(valid) of them valid.")
    }

    @Test("There are vectors of every format, of each some that must be refused", arguments: CredentialFormat.allCases)
    func everyFormat(format: CredentialFormat) {
        let folder = Vector.word(format).replacingOccurrences(of: "+", with: "-") + "/"
        let files = Self.files.filter { $0.hasPrefix(folder) }
        #expect(files.contains { $0.contains("/valid/") } && files.contains { $0.contains("/invalid/") })
    }

    @Test("There are no vectors of a format that this runner does not know")
    func noOtherFormat() {
        let known = CredentialFormat.allCases.map { Vector.word($0).replacingOccurrences(of: "+", with: "-") }
        let folders = Set(Self.files.compactMap { $0.split(separator: "/").first.map(String.init) })
        #expect(folders == Set(known + ["any"]))
    }

    @Test(
        "What is fetched decides as what is at hand",
        arguments: [
            "licence/valid/not-revoked", "licence/invalid/revoked", "licence/invalid/suspended",
            "other/valid/replaced-key-within-the-days-that-the-policy-gives", "other/invalid/replaced-key",
            "other/invalid/log-cut-off", "other/valid/log-with-its-witnesses",
            "other/valid/stolen-key-but-confirmed", "other/invalid/backdated-by-a-stolen-key",
        ]
    )
    func fetched(name: String) async throws {
        let vector = try Vector(Self.read("vc-jwt/\(name).json"))
        let shelf = Shelf()
        for material in vector.materials {
            let host = material.url.split(separator: ":").last.map(String.init) ?? ""
            let (url, type) =
                switch material.type {
                case .log: ("https://\(host)/.well-known/did.jsonl", "text/jsonl")
                case .logWitnesses: ("https://\(host)/.well-known/did-witness.json", "application/json")
                default: (material.url, "application/jwt")
                }
            shelf.put(url, type, String(decoding: material.bytes, as: UTF8.self))
        }
        var desk = try Verifier(policy: vector.policy, trusting: vector.trust)
        if let seen = vector.seen { desk = try desk.remembering(seen) }
        let network = try OnlineNetwork(shelf)
        let online = try await desk.verify(vector.presented, over: network, expecting: vector.expected, at: vector.at)
        let given = try await vector.run()
        #expect(given.json == vector.report)
        let atHand = try await Verifier(policy: vector.policy, trusting: vector.trust, materials: vector.materials)
            .verify(vector.presented, expecting: vector.expected, at: vector.at)
        #expect(vector.seen != nil || online.report.outcome == atHand.outcome)
        #expect(vector.seen != nil || online.report.reason?.code == atHand.reason?.code)
        #expect((online.report.outcome == .valid) == name.contains("/valid/"))
        #expect(!online.steps.isEmpty && online.steps.allSatisfy { $0.outcome == "fetched" })
    }

    @Test("A vector with a turned expectation is noticed, wherever it is turned")
    func turnedExpectation() async throws {
        let data = try Self.read(#require(Self.files.first { $0.contains("/valid/") }))
        let given = try await Vector(data).run()
        #expect(try Vector(data).differences(from: given) == [])
        var vector = try Vector(data)
        let turned = vector.report.turned()
        #expect(turned.count > 100)
        for (pointer, report) in turned {
            vector.report = report
            let differences = vector.differences(from: given)
            // Both in the JSON and in the properties.
            #expect(differences == [pointer, "property \(pointer)"])
        }
    }

    @Test("A vector with a member that the runner does not know is an error")
    func unknownMember() throws {
        let file = try #require(Self.files.first)
        var vector = try JSON(Self.read(file)).object()
        vector["typo"] = .null
        let data = try JSON.object(vector).data()
        #expect(throws: Vector.Failure.self) { try Vector(data) }
    }
}
