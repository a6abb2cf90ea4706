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
    let report: JSON

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

    func run() async throws -> Report {
        let verifier = try Verifier(policy: policy, trusting: trust, documents: documents)
        return try await verifier.verify(presented, expecting: expected, at: at)
    }

    /// Where the report differs from the one in the file, as JSON pointers.
    func differences(from given: Report) throws -> [String] {
        try report.differences(to: JSON(Data(given.json.utf8))) + Self.contradictions(of: given)
    }

    /// What the report's properties say otherwise than its JSON.
    private static func contradictions(of report: Report) throws -> [String] {
        let json = try JSON(Data(report.json.utf8)).object()
        let credentials = try json["credentials", default: .null].array().map { try $0.object() }
        var found: [String] = []
        func compare(_ name: String, _ one: JSON?, _ other: JSON?) {
            if one != other { found.append("property \(name)") }
        }
        compare("outcome", json["outcome"], .string("\(report.outcome)"))
        compare("relaxed", json["relaxed"], .array(report.relaxed.map(JSON.string)))
        let missing = report.missing.map { JSON.object(["resource": .string($0.id), "reveals": .string($0.reveals)]) }
        compare("missing", json["missing"], .array(missing))
        compare(
            "presentation",
            json["presentation"]?["holder"],
            report.presentation.map { $0.holder.map(JSON.string) ?? .null }
        )
        compare(
            "accepted",
            .number(Double(credentials.count { $0["claims"] != nil })),
            .number(Double(report.accepted.count))
        )
        let unconfirmed = credentials.count { $0["unconfirmedClaims"] != nil }
        compare("unconfirmed", .number(Double(unconfirmed)), .number(Double(report.unconfirmedSubjects.count)))
        for (credential, inJSON) in zip(report.credentials, credentials) {
            compare("credential", inJSON["outcome"], .string("\(credential.outcome)"))
            let checks = try inJSON["checks", default: .null].array()
            compare("ids", .array(checks.map { $0["id"] ?? .null }), .array(credential.checks.map { .string($0.id) }))
            compare(
                "codes",
                .array(checks.map { $0["code"] ?? .null }),
                .array(credential.checks.map { .string($0.code) })
            )
        }
        if report.outcome != .valid, !report.accepted.isEmpty { found.append("claims without a valid outcome") }
        return found
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
        var vector = try JSON(data).object()
        let turned = try #require(vector["report"]).turned()
        #expect(turned.count > 100)
        for (pointer, report) in turned {
            vector["report"] = report
            let differences = try Vector(JSON.object(vector).data()).differences(from: given)
            #expect(differences == [pointer])
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
