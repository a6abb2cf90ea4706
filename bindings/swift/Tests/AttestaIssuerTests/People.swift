import Foundation

@testable import Attesta
@testable import AttestaIssuer

/// The people of the tests: an NGO that vouches, a tenant with a phone, a bank with a desk.
struct People {
    let ngo = try! SoftwareSigner(generating: .ed25519)
    let tenant = try! SoftwareSigner(generating: .es256)
    let bank = try! SoftwareSigner(generating: .es256)
    let stranger = try! SoftwareSigner(generating: .es256)

    /// The list of somebody who trusts the NGO.
    var trustList: String { trustList(issued: date("2026-01-01T00:00:00Z")) }

    func trustList(issued: Date) -> String {
        """
        {"type":"TrustList","version":1,"issued":"\(ISO8601DateFormatter().string(from: issued))","entries":[
          {"id":"\(ngo.didKey)","name":{"en":"Neighbourhood Centre"},"issues":["proof-of-address","licence","skill"]}]}
        """
    }

    /// The list of a phone that knows the bank, and lets it ask for this.
    func phonesList(verifies: String = "proof-of-address", issued: Date = date("2026-01-01T00:00:00Z")) -> String {
        """
        {"type":"TrustList","version":1,"issued":"\(ISO8601DateFormatter().string(from: issued))","entries":[
          {"id":"\(bank.didKey)","name":{"en":"Harbour Bank"},"verifies":["\(verifies)"]}]}
        """
    }

    /// The NGO vouches for the tenant's address from 2026-03-01 on, for a week.
    func letter(
        format: CredentialFormat = .jwt,
        validFrom: String? = "2026-03-01",
        by issuer: SoftwareSigner? = nil
    ) async throws -> String {
        try await Issuer(signer: issuer ?? ngo).issue(
            .example(of: .proofOfAddress),
            to: .did(tenant.didKey),
            format: format,
            validFrom: validFrom
        )
    }

    func verifier(_ policy: Preset = .bankAddress) throws -> Verifier {
        try Verifier(policy: .preset(policy), trusting: [trustList])
    }
}

extension CredentialFormat {
    /// The type of key that it is for: each suite has its own.
    var algorithm: Algorithm {
        switch self {
        case .ecdsaJcs2019, .ecdsaRdfc2019, .ecdsaSd2023: .es256
        case .jwt, .sdJwt, .sdJwtVc, .cose, .eddsaJcs2022, .eddsaRdfc2022: .ed25519
        }
    }
}

/// A signer that answers whatever a test wants.
struct FakeSigner: Signer {
    var description: @Sendable () throws -> SignerDescription
    var signature: @Sendable (Data) throws -> Data

    func describe() throws -> SignerDescription { try description() }
    func sign(_ message: Data) throws -> Data { try signature(message) }
}

func date(_ text: String) -> Date {
    ISO8601DateFormatter().date(from: text)!
}

/// The moment at which the tests' bank decides.
let bankDay = date("2026-03-06T09:00:00Z")

/// The error that an asynchronous call ends in.
func error(of call: () async throws -> some Any) async -> AttestaError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error as? AttestaError
    }
}

/// The error that a call ends in.
func error(of call: () throws -> some Any) -> AttestaError? {
    do {
        _ = try call()
        return nil
    } catch {
        return error as? AttestaError
    }
}
