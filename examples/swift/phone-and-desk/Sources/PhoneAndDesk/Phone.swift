import Attesta

/// The tenant's phone: it keeps a letter, and a key that never leaves it.
struct Phone {
    /// On an iPhone this is a `SecureEnclaveSigner`.
    private let key: SoftwareSigner

    init() throws {
        key = try SoftwareSigner(generating: .es256)
    }

    var did: String { key.didKey }

    /// Shows the letter to whoever asked, for this request alone.
    func show(_ letter: String, to request: PresentationRequest) async throws -> String {
        try await request.answer(with: [letter], signer: key)
    }
}
