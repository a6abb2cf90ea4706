import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("Keys that misbehave")
struct SignerTests {
    let people = People()
    let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj")

    /// The code of the error that issuing with this signer ends in.
    private func codeOfIssuing(with signer: any Signer) async throws -> String? {
        do {
            _ = try await Issuer(signer: signer).issue(
                .example(of: .proofOfAddress),
                to: .did(people.tenant.didKey),
                validFrom: "2026-03-01"
            )
            return nil
        } catch let error as AttestaError {
            #expect(!error.message.isEmpty && !error.hint.isEmpty)
            #expect(error.localizedDescription == error.message)
            return error.code
        }
    }

    private func signer(
        _ encoding: SignatureEncoding = .raw,
        key: SoftwareSigner,
        signature: @escaping @Sendable (Data) throws -> Data
    ) throws -> FakeSigner {
        let own = try key.describe()
        let described = SignerDescription(algorithm: own.algorithm, encoding: encoding, publicKey: own.publicKey)
        return FakeSigner(description: { described }, signature: signature)
    }

    @Test("An app's own signer works like one of the library")
    func ownSigner() async throws {
        let key = people.tenant
        let passingOn = try signer(key: key) { try key.sign($0) }
        #expect(try await codeOfIssuing(with: passingOn) == nil)
    }

    @Test("A key store that answers in DER works when it says so")
    func derSigner() async throws {
        let key = people.tenant
        let signer = try signer(.der, key: key) { der(try key.sign($0)) }
        let letter = try await people.letter()
        let shown = try await request.answer(with: [letter], showing: .everything, signer: signer)
        let report = try await people.verifier().verify(shown, expecting: .answer(to: request), at: .now(is: bankDay))
        #expect(report.outcome == .valid)
    }

    @Test(
        "What a signer throws arrives under its own name",
        arguments: [
            (SignerError.cancelled as any Error & Sendable, "signer.cancelled"),
            (CancellationError(), "signer.cancelled"),
            (SignerError.unavailable, "signer.unavailable"),
            (SignerError.failed(platformCode: -25293), "signer.failed"),
            (SignerError.unexpected, "signer.unexpected"),
            (CocoaError(.fileNoSuchFile), "signer.unexpected"),
        ]
    )
    func throwing(error: any Error & Sendable, code: String) async throws {
        #expect(try await codeOfIssuing(with: signer(key: people.ngo) { _ in throw error }) == code)
        let mute = FakeSigner(description: { throw error }, signature: { $0 })
        #expect(try await codeOfIssuing(with: mute) == code)
    }

    @Test(
        "A signer's error reads the same by itself as from the library",
        arguments: [.cancelled, .unavailable, .failed(platformCode: -25293), .unexpected] as [SignerError]
    )
    func wordsOfErrors(thrown: SignerError) async throws {
        do {
            _ = try await Issuer(signer: signer(key: people.ngo) { _ in throw thrown })
                .issue(.example(of: .licence), validFrom: "2026-03-01")
            Issue.record("a credential without a signature")
        } catch let error as AttestaError {
            #expect(thrown.localizedDescription == error.localizedDescription)
            #expect(thrown.recoverySuggestion == error.recoverySuggestion)
            #expect(error.recoverySuggestion == error.hint)
        }
    }

    @Test("The text of an error that a signer throws is not passed on")
    func secretiveErrors() async throws {
        struct Talkative: Error, CustomStringConvertible { let description = "PIN 4711 was wrong" }
        do {
            _ = try await Issuer(signer: signer(key: people.ngo) { _ in throw Talkative() })
                .issue(.example(of: .licence), validFrom: "2026-03-01")
            Issue.record("a credential without a signature")
        } catch let error as AttestaError {
            #expect(error.code == "signer.unexpected")
            #expect(!"\(error)".contains("4711"))
        }
    }

    @Test("Garbage instead of a signature is refused", arguments: [0, 1, 63, 64, 65, 1_000_000])
    func garbage(length: Int) async throws {
        for filling: UInt8 in [0, 0xff] {
            let signer = try signer(key: people.tenant) { _ in Data(repeating: filling, count: length) }
            #expect(try await codeOfIssuing(with: signer) == "signer.malformed")
        }
    }

    @Test("A signature in another encoding than the signer declares is refused, both ways")
    func otherEncoding() async throws {
        let key = people.tenant
        let derAsRaw = try signer(.raw, key: key) { der(try key.sign($0)) }
        let rawAsDer = try signer(.der, key: key) { try key.sign($0) }
        #expect(try await codeOfIssuing(with: derAsRaw) == "signer.encoding")
        #expect(try await codeOfIssuing(with: rawAsDer) == "signer.encoding")
    }

    @Test("A public key that does not belong to the signature is noticed")
    func otherKey() async throws {
        let other = people.stranger
        #expect(
            try await codeOfIssuing(with: signer(key: people.tenant) { try other.sign($0) }) == "signer.key-mismatch"
        )
    }

    @Test("Bytes that are no public key are refused", arguments: [0, 1, 31, 33, 64, 65, 100_000])
    func noKey(length: Int) async throws {
        for algorithm in Algorithm.allCases {
            let described = SignerDescription(
                algorithm: algorithm,
                encoding: .raw,
                publicKey: Data(repeating: 0xff, count: length)
            )
            let signer = FakeSigner(description: { described }, signature: { $0 })
            #expect(try await codeOfIssuing(with: signer)?.hasPrefix("key.") == true)
        }
    }

    @Test("A key of one algorithm under the name of another is refused")
    func otherAlgorithm() async throws {
        let own = try people.tenant.describe()
        let described = SignerDescription(algorithm: .ed25519, encoding: .raw, publicKey: own.publicKey)
        let signer = FakeSigner(description: { described }, signature: { $0 })
        #expect(try await codeOfIssuing(with: signer) != nil)
    }
}

/// A raw P-256 signature as DER (RFC 3279 section 2.2.3).
func der(_ raw: Data) -> Data {
    func integer(_ digits: Data) -> Data {
        var digits = Data(digits.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return Data([2, UInt8(digits.count)]) + digits
    }
    let content = integer(raw.prefix(32)) + integer(raw.suffix(32))
    return Data([0x30, UInt8(content.count)]) + content
}
