import Foundation

@testable import Attesta

/// A network that a test writes down, and what was asked of it.
final class Shelf: Fetcher, @unchecked Sendable {
    private let lock = NSLock()
    private var answers: [String: @Sendable () async throws -> FetchAnswer] = [:]
    private var requests: [FetchRequest] = []

    var asked: [FetchRequest] { lock.withLock { requests } }

    func put(_ url: String, _ type: String, _ body: String) {
        answer(url) { Shelf.answer(200, type, body) }
    }

    func answer(_ url: String, _ answer: @escaping @Sendable () async throws -> FetchAnswer) {
        lock.withLock { answers[url] = answer }
    }

    func fetch(_ request: FetchRequest) async throws -> FetchAnswer {
        let answer = lock.withLock {
            requests.append(request)
            return answers[request.url]
        }
        return try await answer?() ?? Self.answer(404, "text/plain", "")
    }

    static func answer(_ status: Int, _ type: String, _ body: String, url: String? = nil) -> FetchAnswer {
        FetchAnswer(status: status, headers: ["Content-Type": type], body: Data(body.utf8), url: url)
    }
}

let json = "application/json"

/// The document of a did:web with one key, `key-1`.
func document(of did: String, key: SoftwareSigner) throws -> String {
    """
    {"id":"\(did)","verificationMethod":[{"id":"\(did)#key-1","type":"JsonWebKey","controller":"\(did)",
     "publicKeyJwk":\(key.publicJWK)}],"assertionMethod":["\(did)#key-1"]}
    """
}

func trusting(_ issuer: String) -> String {
    """
    {"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{"id":"\(issuer)","issues":["*"]}]}
    """
}
