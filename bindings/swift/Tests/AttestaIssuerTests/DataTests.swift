import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("Data, keys and errors")
struct DataTests {
    @Test("The library and the bindings are of the same version")
    func version() throws {
        #expect(try LibraryVersion.current.wholeMatch(of: /\d+\.\d+\.\d+.*/) != nil)
    }

    @Test("Claims come back from JSON as they were", arguments: Kind.allCases)
    func claimsRoundTrip(kind: Kind) throws {
        let example = try Claims.example(of: kind)
        #expect(try Claims(kind, json: example.json()) == example)
    }

    @Test("Claims that are not of their kind say which member is wrong, but not what it says")
    func wrongClaims() throws {
        let wrong = #"{"name":"Ada Lovelace","birthDate":"yesterday"}"#
        let error = try #require(error(of: { try Claims(.proofOfAddress, json: wrong).json() }))
        for text in ["Lovelace", "yesterday"] {
            #expect(!"\(error)".contains(text))
        }
    }

    @Test("Text that is no claims is refused", arguments: ["", "{", "[]", "null", "{\"a\":1,\"a\":2}", "\u{0}"])
    func noClaims(text: String) {
        for kind in Kind.allCases {
            #expect(throws: AttestaError.self) { try Claims(kind, json: text) }
        }
    }

    @Test("Printing claims, reports and keys tells nothing about a person")
    func printing() async throws {
        let people = People()
        let claims = try Claims.example(of: .proofOfAddress)
        guard case .proofOfAddress(let address) = claims else { throw CocoaError(.coderInvalidValue) }
        let secret = try #require(address.familyName)
        let report = try await people.verifier(.default).verify(people.letter(), at: .now(is: bankDay))
        #expect(report.outcome == .valid)

        let street = try #require(address.address?.street)
        #expect(try #require(report.accepted.first).subjectJSON.contains(secret))
        for value in [claims, address, address.address as Any, report, report.accepted] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.isEmpty)
                #expect(!text.contains(secret) && !text.contains(street))
            }
        }
        let privatePart = try #require(people.tenant.privateJWK.firstMatch(of: /"d":"([^"]+)"/)?.1)
        #expect(!"\(people.tenant)".contains(privatePart))
    }

    @Test("Every part of claims is exported and discreet, new ones too")
    func parts() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources").standardizedFileURL
        func text(_ file: String) throws -> String {
            try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
        }
        let (generated, exports) = (try text("AttestaFFI/AttestaFFI.swift"), try text("Attesta/Exports.swift"))
        let discretion = try text("Attesta/Discretion.swift")
        // What has a description of its own is what may hold something personal.
        let printed = generated.matches(of: /public (?:struct|enum) (\w+): [^{]*CustomStringConvertible/).map { $0.1 }
        #expect(printed.count > 20)
        // These stand in this module under the same names, or within what does.
        let wrapped: Set<Substring> = [
            "AcceptedCredential", "UnconfirmedCredential", "ShownClaim", "ShownCredential", "ConsentScreen", "Answer",
            "Copies",
        ]
        #expect(wrapped.isSubset(of: printed))
        for type in printed where !wrapped.contains(type) {
            #expect(exports.contains(" AttestaFFI.\(type)\n"))
            #expect(discretion.contains("extension \(type): Discreet {}\n"))
        }
    }

    @Test("A key reads the same in every form", arguments: Algorithm.allCases)
    func keyForms(algorithm: Algorithm) throws {
        let signer = try SoftwareSigner(generating: algorithm)
        let key = try PublicKey(jwk: signer.publicJWK)
        #expect(key.didKey == signer.didKey)
        #expect(key.didJWK == signer.didJWK)
        #expect(key.didKey == "did:key:\(key.multikey)")
        #expect(try PublicKey(multikey: key.multikey).didJWK == key.didJWK)
        #expect(try SoftwareSigner(privateJWK: signer.privateJWK).didKey == signer.didKey)
        #expect(try DIDResolution.resolve(key.didKey).contains(#""id":"\#(key.didKey)""#))
    }

    @Test("A private key where a public one belongs is refused")
    func privateKey() throws {
        let signer = try SoftwareSigner(generating: .es256)
        #expect(error(of: { try PublicKey(jwk: signer.privateJWK) })?.code == "key.private-key")
        #expect(throws: AttestaError.self) { try SoftwareSigner(privateJWK: signer.publicJWK) }
        #expect(throws: AttestaError.self) { try PublicKey(jwk: "{}") }
        #expect(throws: AttestaError.self) { try PublicKey(multikey: "zzz") }
    }

    @Test(
        "A DID that cannot be resolved is answered, not thrown",
        arguments: ["", "did:key:z", "did:web:x.example", "x"]
    )
    func unresolvable(did: String) throws {
        #expect(try DIDResolution.resolve(did).contains(#""error""#))
    }

    @Test("A policy, a trust list or a document that cannot be read is an error of the caller")
    func unreadable() throws {
        let list = People().trustList
        #expect(throws: AttestaError.self) { try Verifier(trusting: ["{}"]) }
        #expect(throws: AttestaError.self) { try Verifier(policy: .json("{}"), trusting: [list]) }
        #expect(throws: AttestaError.self) {
            try Verifier(policy: .json(#"{"type":"Policy","version":1,"typo":true}"#), trusting: [list])
        }
        let far = VerificationMaterial(
            .document,
            url: "did:web:x.example",
            bytes: Data(),
            obtained: Date(timeIntervalSince1970: 1e300)
        )
        #expect(throws: AttestaError.self) { try Verifier(trusting: [list], materials: [far]) }
    }

    @Test("A moment outside the calendar is an error of the caller", arguments: [1e300, -1e300, 1e18, .nan, .infinity])
    func farMoments(seconds: Double) async throws {
        let verifier = try People().verifier()
        let moment = Date(timeIntervalSince1970: seconds)
        for at in [At.now(is: moment), .asOf(moment)] {
            await #expect(throws: AttestaError.self) { try await verifier.verify("x", at: at) }
        }
    }

    @Test("Any bytes get a report", arguments: [0, 1, 1_000, 5_000_000])
    func anyBytes(length: Int) async throws {
        let verifier = try People().verifier()
        for byte: UInt8 in [0x00, 0x7b, 0x2e, 0xff] {
            let report = try await verifier.verify(Data(repeating: byte, count: length))
            #expect(report.outcome == .invalid)
            #expect(report.accepted.isEmpty)
        }
    }
}
