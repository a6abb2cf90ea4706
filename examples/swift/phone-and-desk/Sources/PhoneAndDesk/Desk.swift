import Attesta
import Foundation

/// The bank's desk: it asks, and decides by the bank's own list of whom it trusts.
struct Desk {
    private let verifier: Verifier

    init(trusting did: String, named name: String) throws {
        let now = ISO8601DateFormatter().string(from: Date())
        let list = """
            {"type":"TrustList","version":1,"issued":"\(now)",
             "entries":[{"id":"\(did)","name":{"en":"\(name)"},"issues":["proof-of-address"],"regions":["HK"]}]}
            """
        verifier = try Verifier(policy: .preset(.bankAddress), trusting: [list])
    }

    func request() throws -> PresentationRequest {
        try PresentationRequest.fresh(audience: "https://onboarding.bank.example")
    }

    /// What the clerk reads, and whether the account is opened.
    func decide(_ shown: String, on request: PresentationRequest) async throws -> (opens: Bool, sentence: String) {
        let report = try await verifier.verify(shown, expecting: .answer(to: request))
        guard let credential = report.accepted.first, case .proofOfAddress(let proof)? = credential.claims else {
            let reason = report.reason.map { "\($0.message) \($0.hint)" }
            return (false, reason ?? "This is no proof of address.")
        }
        let address = proof.address?.formattedLatin ?? proof.address?.formatted ?? "an address"
        let issuer = credential.issuerName ?? credential.issuer
        return (true, "\(proof.nameLatin ?? proof.name ?? "The tenant") lives at \(address); \(issuer) vouches for it.")
    }
}
