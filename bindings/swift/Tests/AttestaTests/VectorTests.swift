import Foundation
import Testing

@testable import Attesta

/// A file of `test-vectors/`: what is shown to whom and when, and the report that every language must give.
struct Vector {
    let presented: Data
    let expected: Expected
    let policy: Policy
    let trust: [String]
    let documents: [KeyDocument]
    let at: At
    var report: JSON

    enum Failure: Error { case unknownMember(String), malformed(String) }

    private static let members: Set = [
        "description", "at", "expected", "policy", "trust", "materials", "presented", "presentedBase64url", "report",
    ]

    init(_ file: Data) throws {
        let vector = try JSON(file).object()
        if let unknown = vector.keys.first(where: { !Self.members.contains($0) }) {
            throw Failure.unknownMember(unknown)
        }
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
                .answer(
                    to: PresentationRequest(
                        audience: try request["audience", default: .null].string(),
                        nonce: try request["nonce", default: .null].string()
                    )
                )
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
        documents = try member("materials").array().map(Self.document)
        let moment = try member("at").object()
        at =
            if let now = moment["now"] { .now(is: try now.date()) } else {
                .asOf(try moment["asOf", default: .null].date())
            }
        report = try member("report")
    }

    private static func document(_ material: JSON) throws -> KeyDocument {
        let material = try material.object()
        let source: DocumentSource =
            switch material["source"] {
            case .string("fetched"): .fetched
            case let other?: .asserted(by: try other.object()["assertedBy", default: .null].string())
            case nil: throw Failure.malformed("source")
            }
        return KeyDocument(
            id: try material["resource", default: .null].string(),
            bytes: Data(try material["document", default: .null].text().utf8),
            obtained: try material["obtained", default: .null].date(),
            source: source
        )
    }

    private static func decode(base64url text: String) throws -> Data {
        let base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { throw Failure.malformed("presentedBase64url") }
        return data
    }

    func run() async throws -> Answer {
        let verifier = try Verifier(policy: policy, trusting: trust, documents: documents)
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
    func differences(from given: Answer) throws -> [String] {
        try report.differences(to: given.json)
            + Self.asProperties(report).differences(to: given.properties).map { "property \($0)" }
    }

    private static let unconfirmed = "unconfirmedSubjects"

    /// A report's JSON, with what is unconfirmed in a list of its own, as the properties have it.
    private static func asProperties(_ report: JSON) throws -> JSON {
        var members = try report.object()
        var subjects: [JSON] = []
        members["credentials"] = .array(
            try members["credentials", default: .null].array().map { credential in
                var credential = try credential.object()
                if let subject = credential.removeValue(forKey: "unconfirmedClaims") { subjects.append(subject) }
                return .object(credential)
            }
        )
        members[unconfirmed] = .array(subjects)
        return .object(members)
    }

    /// The report's JSON, written from its properties: an app must read in them what stands in the JSON.
    private static func json(of report: Report) throws -> JSON {
        var accepted = report.accepted[...]
        let credentials = try report.credentials.map { credential in
            var members: [String: JSON] = [
                "outcome": .string("\(credential.outcome)"),
                "checks": json(of: credential.checks),
                "issuer": json(of: credential.issuer),
                "issuerName": json(of: credential.issuerName),
                "format": json(of: credential.format.map(word)),
                "kind": json(of: credential.kind.map(word)),
            ]
            if let relied = accepted.popFirst() {
                members["claims"] = try JSON(Data(relied.subjectJSON.utf8))
                members["validFrom"] = json(of: relied.validFrom.map(text))
                members["validUntil"] = json(of: relied.validUntil.map(text))
                let copied = (relied.issuer, relied.issuerName, relied.kind)
                guard copied == (credential.issuer, credential.issuerName, credential.kind), try claims(of: relied)
                else { throw Failure.malformed("accepted") }
            }
            return JSON.object(members)
        }
        guard accepted.isEmpty else { throw Failure.malformed("accepted") }
        var members: [String: JSON] = [
            unconfirmed: .array(try report.unconfirmedSubjects.map { try JSON(Data($0.utf8)) }),
            "outcome": .string("\(report.outcome)"),
            "credentials": .array(credentials),
            "relaxed": .array(report.relaxed.map(JSON.string)),
            "missing": .array(
                // The bindings give and take key documents alone.
                report.missing.map {
                    .object(["type": .string("document"), "resource": .string($0.id), "reveals": .string($0.reveals)])
                }
            ),
        ]
        if let presentation = report.presentation {
            members["presentation"] = .object([
                "outcome": .string("\(presentation.outcome)"),
                "checks": json(of: presentation.checks),
                "holder": json(of: presentation.holder),
            ])
        }
        return .object(members)
    }

    /// Whether the typed claims say what stands in the subject.
    private static func claims(of relied: AcceptedCredential) throws -> Bool {
        guard relied.kind != nil else { return relied.claims == nil }
        guard let claims = relied.claims else { return false }
        let typed = try JSON(Data(claims.json().utf8)).object()
        var subject = try JSON(Data(relied.subjectJSON.utf8)).object()
        // Whom it speaks of is no claim.
        subject["id"] = nil
        guard case .skillCertification(let skill) = claims else { return typed == subject }
        // A skill is written in the members of Open Badges, and four of ours have other names and forms there.
        let badge = (subject["achievement"]?["name"], subject["licenseNumber"], subject["source"]?["name"])
        let ours = (skill.skill?.name, skill.licenceNumber, skill.assessor?.name)
        let same = Set(typed.keys).intersection(subject.keys).subtracting(["assessmentEvidence", "auditEvidence"])
        return badge == (ours.0.map(JSON.string), ours.1.map(JSON.string), ours.2.map(JSON.string))
            && same.count >= 5 && same.allSatisfy { typed[$0] == subject[$0] }
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

    private static func word(_ format: CredentialFormat) -> String {
        switch format {
        case .jwt: "vc+jwt"
        case .eddsaJcs2022: "eddsa-jcs-2022"
        case .ecdsaJcs2019: "ecdsa-jcs-2019"
        }
    }
}

@Suite("The vectors that all languages share")
struct VectorTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../test-vectors").standardizedFileURL

    /// The files' paths below the root. `keys.json` beside the folders holds keys and is no vector.
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
            for file in Self.files {
                group.addTask {
                    let vector = try Vector(Self.read(file))
                    return (file, try vector.differences(from: await vector.run()))
                }
            }
            for try await (file, differences) in group {
                #expect(differences.isEmpty, "\(file): \(differences.joined(separator: ", "))")
            }
        }
        print("\(Self.files.count) vectors were run, \(valid) of them valid.")
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
            let differences = try vector.differences(from: given)
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
