import AttestaFFI
import Foundation

/// A verifier that asks holders for credentials, in its own name.
public struct Requester: Sendable {
    private let identity: Identity?
    private let dnsName: String?
    private let signer: any Signer

    /// - Parameters:
    ///   - signer: The verifier's key.
    ///   - identity: In whose name it asks. Without one the verifier is the `did:key` of the signer.
    ///   - dnsName: A DNS name in the verifier's certificate, by which wallets then know it; the certificate's hash
    ///     otherwise.
    public init(signer: any Signer, as identity: Identity? = nil, dnsName: String? = nil) {
        self.signer = signer
        self.identity = identity
        self.dnsName = dnsName
    }

    /// A request with a fresh nonce of 256 random bits, signed with the verifier's key. Write it into a ``NonceLedger``
    /// before it is sent.
    ///
    /// - Parameters:
    ///   - ask: What is asked for.
    ///   - responseURI: The https URL where the answer goes by POST; it is handed over by hand otherwise.
    ///   - state: What comes back with the answer.
    ///   - validSeconds: For how many seconds it may be answered.
    ///   - at: The present moment.
    /// - Throws: ``AttestaError`` when the query or an argument has the wrong form, the identity is not the key's, or the
    ///   signer does not sign; `CancellationError` when the task was cancelled.
    public func request(
        _ ask: Ask,
        responseURI: String? = nil,
        state: String? = nil,
        validSeconds: UInt32 = 600,
        at: At = .now
    ) async throws -> SignedRequest {
        let options = RequestOptions(
            verifier: identity,
            dnsName: dnsName,
            responseUri: responseURI,
            state: state,
            validSeconds: validSeconds
        )
        return try await inBackground(signer.place) { [signer] in
            try calling {
                let signer = signer.forLibrary
                return SignedRequest(try createRequest(ask: ask, options: options, at: at, signer: signer))
            }
        }
    }
}

/// A request that was signed. Keep it until it is answered: ``text`` is what the answer is compared with.
public struct SignedRequest: Hashable, Sendable, Codable {
    /// The request as it is sent or shown: a compact JWS.
    public let text: String
    /// Who asks: the audience of every answer.
    public let clientID: String
    /// The nonce.
    public let nonce: String
    /// The moment from which it may no longer be answered.
    public let expires: Date

    init(_ request: AttestaFFI.SignedRequest) {
        text = request.text
        clientID = request.clientId
        nonce = request.nonce
        expires = Date(wholeSeconds: request.expires)
    }
}

extension Ask {
    /// All of these credentials.
    public static func kinds(_ credentials: [AskFor]) -> Ask { .kinds(credentials: credentials) }
    /// Whatever a DCQL query says (OpenID4VP 1.0, section 6), as JSON.
    public static func query(_ json: String) -> Ask { .query(json: json) }
}

extension AskFor {
    /// - Parameters:
    ///   - kind: The kind of credential.
    ///   - id: Its name in the request and in the answer: letters, digits, `_` and `-`.
    ///   - format: The format that is taken.
    ///   - pointers: The claims that are needed, as JSON pointers into the kind's claims file, in every format.
    public init(_ kind: Kind, id: String, format: CredentialFormat = .sdJwtVc, pointers: [String]) {
        self.init(id: id, kind: kind, format: format, pointers: pointers)
    }
}

/// Remembers the nonces of this process's requests, so that each is answered once and in time.
///
/// May be used from many tasks and threads at once: of any number of calls with one nonce, one gets ``Redeemed/once``. A
/// service of several processes keeps nonces in its database instead, and marks them there in one transaction.
public struct NonceLedger: Sendable {
    private let ledger: AttestaFFI.NonceLedger

    /// An empty ledger. Copies of this value are one ledger.
    ///
    /// - Parameter capacity: How many nonces it remembers, of some 200 bytes each. When none has expired it refuses more.
    /// - Throws: ``AttestaError`` when the app was built with a library and bindings that do not belong together.
    public init(capacity: UInt32) throws {
        ledger = try calling { AttestaFFI.NonceLedger(capacity: capacity) }
    }

    /// Writes a request's nonce down, before the request is sent.
    ///
    /// - Throws: ``AttestaError`` when the nonce was given out before, has expired, or the ledger is full. Do not send the
    ///   request then.
    public func issue(_ request: SignedRequest, at: At = .now) throws {
        try issue(nonce: request.nonce, expires: request.expires, at: at)
    }

    /// Writes a nonce down that counts until `expires`, that moment excluded.
    ///
    /// - Throws: ``AttestaError`` when the nonce could be guessed or was given out before, has expired, or the ledger is
    ///   full. Do not send the request then.
    public func issue(nonce: String, expires: Date, at: At = .now) throws {
        try calling { try ledger.issue(nonce: nonce, expires: expires.wholeSeconds, at: at) }
    }

    /// Takes a nonce back, once: for an answer that was found valid, before anything rests on it.
    ///
    /// - Throws: ``AttestaError`` when `at` is no moment of the calendar.
    public func redeem(_ nonce: String, at: At = .now) throws -> Redeemed {
        try calling { try ledger.redeem(nonce: nonce, at: at) }
    }
}
