import Attesta
import Foundation

/// The tenant's phone: it keeps a letter, a key that never leaves it, and a list of who may ask for what.
struct Phone {
    /// On an iPhone this is a `SecureEnclaveSigner`.
    private let key: SoftwareSigner
    private let list: String

    /// The list comes with the app.
    init(knowing bank: String, named name: String) throws {
        key = try SoftwareSigner(generating: .es256)
        let now = ISO8601DateFormatter().string(from: Date())
        list = """
            {"type":"TrustList","version":1,"issued":"\(now)",
             "entries":[{"id":"\(bank)","name":{"en":"\(name)"},"verifies":["proof-of-address"]}]}
            """
    }

    var did: String { key.didKey }

    /// Who asks, by the phone's own list. Nothing is shown to anybody else.
    func asker(of request: String) async throws -> Asker {
        try await Asker.known(request, trusting: [list])
    }

    /// What whoever asks would see, as it stands on the screen.
    func screen(_ consent: Consent) -> [String] {
        let claims = consent.shown.flatMap(\.claims).map { "\($0.pointer) \($0.valueJSON())" }
        let nothing = consent.shown.isEmpty ? ["Nothing would be shown."] : []
        return [consent.asker.inWords] + consent.warnings.map(\.text) + claims + nothing
    }

    /// The tenant agreed.
    func answer(_ consent: Consent) async throws -> String {
        try await consent.answer(signer: key).json
    }
}
