import Attesta
import Foundation

/// The bank's desk: it asks, and decides by the bank's own list of whom it trusts.
struct Desk {
    private let key: SoftwareSigner
    private let ledger: NonceLedger

    init() throws {
        key = try SoftwareSigner(generating: .es256)
        ledger = try NonceLedger(capacity: 10_000)
    }

    var did: String { key.didKey }

    /// Asks for the district and since when, and for the country, by which the bank trusts the centre.
    func ask() async throws -> SignedRequest {
        let home = AskFor(
            .proofOfAddress,
            id: "home",
            pointers: ["/address/country", "/address/district", "/residentSince"]
        )
        let request = try await Requester(signer: key).request(.kinds([home]))
        try ledger.issue(request)
        return request
    }

    /// What the clerk reads, and whether the account is opened.
    func decide(_ answer: String, on request: SignedRequest, trusting did: String, named name: String) async throws -> (
        opens: Bool, sentence: String
    ) {
        let now = ISO8601DateFormatter().string(from: Date())
        let list = """
            {"type":"TrustList","version":1,"issued":"\(now)",
             "entries":[{"id":"\(did)","name":{"en":"\(name)"},"issues":["proof-of-address"],"regions":["HK"]}]}
            """
        let verifier = try Verifier(policy: .preset(.bankAddress), trusting: [list])
        let report = try await verifier.verify(answer, expecting: .answer(to: request))
        guard let credential = report.accepted.first, case .proofOfAddress(let proof)? = credential.claims else {
            let reason = report.reason.map { "\($0.message) \($0.hint)" }
            return (false, reason ?? "This is no proof of address.")
        }
        guard try ledger.redeem(request.nonce) == .once else {
            return (false, "This answer was used before.")
        }
        let district = proof.address?.district ?? "an unnamed district"
        let since = proof.residentSince ?? "an unknown day"
        let issuer = credential.issuerName ?? credential.issuer
        let name = proof.name ?? "The tenant, whose name the bank never learns,"
        return (true, "\(name) has lived in \(district) since \(since); \(issuer) vouches for it.")
    }
}
