import AttestaFFI
import Foundation

/// What the holder is asked to agree to: a request, laid over what they have.
///
/// It never changes; every decision of the holder makes another. Printed or dumped, it tells who asks and how many
/// credentials would be shown, and no claims.
public struct Consent: Sendable {
    private let consent: AttestaFFI.Consent

    /// Who asks.
    public let asker: Asker
    /// What would be shown. Empty: nothing is, and there is nothing to agree to.
    public let shown: [ShownCredential]
    /// What was asked for and would not be shown, and why.
    public let unanswered: [UnansweredCredential]
    /// What the holder should know.
    public let warnings: [Warning]
    /// Positions of what would be welcome and is not needed, for ``withOptional(_:)``.
    public let optional: [UInt32]

    /// Lays a request over these credentials. Of those that fit, the one that discloses least is chosen, and either all that
    /// is asked for is shown or nothing.
    ///
    /// - Parameters:
    ///   - asker: Who asks.
    ///   - credentials: What the holder has, as the issuers gave it.
    ///   - at: The present moment.
    /// - Throws: ``AttestaError`` when the request asks for a claim that its kind never has, or something else than
    ///   credentials is given; `CancellationError` when the task was cancelled.
    public static func to(_ asker: Asker, with credentials: [String], at: At = .now) async throws -> Consent {
        try await to(asker, withBytes: credentials.map { Data($0.utf8) }, at: at)
    }

    /// As the other `to`, with credentials that may be bytes, as those of ``CredentialFormat/cose`` in their own form.
    public static func to(_ asker: Asker, withBytes credentials: [Data], at: At = .now) async throws -> Consent {
        try await made(for: asker) { try AttestaFFI.Consent(asker: asker.asker, credentials: credentials, at: at) }
    }

    private init(_ consent: AttestaFFI.Consent, asker: Asker) {
        let screen = consent.screen()
        self.consent = consent
        self.asker = asker
        shown = screen.shown.map(ShownCredential.init)
        unanswered = screen.unanswered
        warnings = screen.warnings
        optional = screen.optional
    }

    private static func made(
        for asker: Asker,
        _ make: @escaping @Sendable () throws -> AttestaFFI.Consent
    ) async throws -> Consent {
        try await inBackground(.pool) { try calling { Consent(try make(), asker: asker) } }
    }

    /// The same without a credential, by the name under which it was asked for. If the verifier insists on it, nothing at
    /// all is shown.
    ///
    /// - Throws: ``AttestaError`` when nothing would be shown under that name; `CancellationError` when the task was
    ///   cancelled.
    public func without(_ id: String) async throws -> Consent {
        try await Self.made(for: asker) { [consent] in try consent.without(id: id) }
    }

    /// The same without a claim of a credential, or what it stands in, by its JSON pointer. If the verifier insists on it,
    /// nothing at all is shown.
    ///
    /// - Throws: ``AttestaError`` when it would not be shown, or cannot be hidden by itself; `CancellationError` when the
    ///   task was cancelled.
    public func without(_ id: String, claim pointer: String) async throws -> Consent {
        try await Self.made(for: asker) { [consent] in try consent.withoutClaim(id: id, pointer: pointer) }
    }

    /// The same with something that is only welcome, by its position in ``optional``.
    ///
    /// - Throws: ``AttestaError`` when there is no such position; `CancellationError` when the task was cancelled.
    public func withOptional(_ position: UInt32) async throws -> Consent {
        try await Self.made(for: asker) { [consent] in try consent.withOptional(position: position) }
    }

    /// Signs what the holder agreed to, for whoever asks and this one request. Nothing is sent anywhere.
    ///
    /// - Parameters:
    ///   - signers: The holder's keys: each credential is signed with the one to which it was issued.
    ///   - at: The present moment.
    /// - Throws: ``AttestaError`` when nothing would be shown, the request has ended, no signer has the key, or a signer
    ///   does not sign; `CancellationError` when the task was cancelled.
    public func answer(signers: [any Signer], at: At = .now) async throws -> Answer {
        try await inBackground(signers.place) { [consent] in
            try calling {
                let signers = signers.map(\.forLibrary)
                return Answer(try AttestaFFI.answer(consent: consent, signers: signers, at: at))
            }
        }
    }

    /// As the other `answer`, by a holder with one key.
    public func answer(signer: any Signer, at: At = .now) async throws -> Answer {
        try await answer(signers: [signer], at: at)
    }
}

extension Consent: CustomStringConvertible, CustomReflectable {
    /// Who asks, and how many credentials would be shown.
    public var description: String { "Consent(\(asker.id), \(shown.count) shown, \(unanswered.count) unanswered)" }

    /// As the description says: debuggers and `dump` show no claims.
    public var customMirror: Mirror {
        Mirror(self, children: ["asker": asker.id, "shown": shown.count, "unanswered": unanswered.count])
    }
}

/// A credential that would be shown, and exactly what of it. Printed or dumped, it tells the name under which it was asked
/// for, and no claims.
public struct ShownCredential: Hashable, Sendable {
    /// The name under which it was asked for.
    public let id: String
    /// Its position among the credentials that were given.
    public let position: Int
    /// Its kind, if it is one of the three.
    public let kind: Kind?
    /// Its types, which are always shown.
    public let types: [String]
    /// Its issuer, who is always shown.
    public let issuer: String
    /// The first moment at which it is valid, which is always shown.
    public let validFrom: Date?
    /// The moment from which it is no longer valid, which is always shown.
    public let validUntil: Date?
    /// Every claim that whoever asks would come to know.
    public let claims: [ShownClaim]
    /// Whether more is shown than was asked for.
    public let showsMore: Bool
    /// Whether it is bound to its holder's key.
    public let isBound: Bool
    /// The keys with one of which it is presented, as public JWKs: for these the answer needs a signer.
    public let holderJWKs: [String]

    init(_ shown: AttestaFFI.ShownCredential) {
        id = shown.id
        position = Int(shown.position)
        kind = shown.kind
        types = shown.types
        issuer = shown.issuer
        validFrom = shown.validFrom.map(Date.init(wholeSeconds:))
        validUntil = shown.validUntil.map(Date.init(wholeSeconds:))
        claims = shown.claims.map(ShownClaim.init)
        showsMore = shown.showsMore
        isBound = shown.isBound
        holderJWKs = shown.holderKeys
    }
}

extension ShownCredential: CustomStringConvertible, CustomReflectable {
    /// The name under which it was asked for.
    public var description: String { "ShownCredential(\(id))" }

    /// As the description says: debuggers and `dump` show no claims.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// A claim that would be shown. Printed or dumped, it tells its place, and not what it says.
public struct ShownClaim: Hashable, Sendable {
    /// Its JSON pointer into the credential with all that it hides.
    public let pointer: String
    private let value: String

    init(_ claim: AttestaFFI.ShownClaim) {
        pointer = claim.pointer
        value = claim.valueJson
    }

    /// What it says, as JSON: for the holder's screen, and for no log.
    public func valueJSON() -> String { value }
}

extension ShownClaim: CustomStringConvertible, CustomReflectable {
    /// Its place.
    public var description: String { "ShownClaim(\(pointer))" }

    /// As the description says: debuggers and `dump` do not show what it says.
    public var customMirror: Mirror { Mirror(self, children: ["pointer": pointer]) }
}

/// An answer, ready to be sent. It holds personal data; printed or dumped, it tells where it goes alone.
public struct Answer: Hashable, Sendable {
    /// `vp_token` and `state` as one JSON object, to be handed over by hand.
    public let json: String
    /// The same as the body of a POST, `application/x-www-form-urlencoded`.
    public let form: String
    /// Where it goes by POST, or nothing if it is handed over by hand.
    public let responseURI: String?
    /// `state`, as the request had it.
    public let state: String?

    init(_ answer: AttestaFFI.Answer) {
        json = answer.json
        form = answer.form
        responseURI = answer.responseUri
        state = answer.state
    }
}

extension Answer: CustomStringConvertible, CustomReflectable {
    /// Where it goes.
    public var description: String { "Answer(\(responseURI ?? "by hand"))" }

    /// As the description says: debuggers and `dump` show no credential.
    public var customMirror: Mirror { Mirror(self, children: ["responseURI": responseURI as Any]) }
}
