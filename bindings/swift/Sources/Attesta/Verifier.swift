import AttestaFFI
import Foundation

/// Decides about credentials and presentations: a policy, the issuers that it trusts, and materials, read once.
///
/// It never changes and may be used from many tasks at once. Nothing is fetched but over an ``OnlineNetwork``.
public struct Verifier: Sendable {
    let verifier: AttestaFFI.Verifier

    /// - Parameters:
    ///   - policy: What is demanded.
    ///   - trustLists: The issuers that are trusted, each list as JSON. Where two name one issuer, the first decides.
    ///   - materials: What comes from outside: the key documents of issuers whose DIDs do not carry their own key,
    ///     issuers' metadata and key sets, descriptions of types.
    /// - Throws: ``AttestaError`` when the policy, a trust list or a piece of material cannot be read.
    public init(
        policy: Policy = .preset(.default),
        trusting trustLists: [String],
        materials: [VerificationMaterial] = []
    ) throws {
        verifier = try calling {
            try AttestaFFI.Verifier(policy: policy, trustLists: trustLists, materials: materials)
        }
    }

    private init(_ verifier: AttestaFFI.Verifier) {
        self.verifier = verifier
    }

    /// The same verifier with more materials: what ``Report/missing`` named and the app has fetched.
    ///
    /// - Throws: ``AttestaError`` when a piece of material cannot be read.
    public func adding(_ materials: [VerificationMaterial]) throws -> Verifier {
        Verifier(try calling { try verifier.withMaterials(materials: materials) })
    }

    /// The same verifier, knowing what was seen before: what is older fails `material.rollback`.
    ///
    /// - Parameter seen: What ``Report/remembering(_:)`` gave.
    /// - Throws: ``AttestaError`` when it cannot be read.
    public func remembering(_ seen: String) throws -> Verifier {
        Verifier(try calling { try verifier.remembering(seenJson: seen) })
    }

    /// Decides about a credential or a presentation.
    ///
    /// - Parameters:
    ///   - presented: The document's bytes, whatever they are.
    ///   - expected: What was asked.
    ///   - at: The moment that is judged.
    /// - Returns: The report. A document that does not hold is no error.
    /// - Throws: ``AttestaError`` when `at` is no moment of the calendar or what is expected cannot be read;
    ///   `CancellationError` when the task was cancelled.
    public func verify(_ presented: Data, expecting expected: Expected = .nothing, at: At = .now) async throws -> Report
    {
        try await inBackground(.pool) { try verifyHere(presented, expecting: expected, at: at) }
    }

    /// As the other `verify`, of a document that is text.
    public func verify(_ presented: String, expecting expected: Expected = .nothing, at: At = .now) async throws
        -> Report
    {
        try await verify(Data(presented.utf8), expecting: expected, at: at)
    }

    /// As `verify`, on the caller's own thread: for command lines and for servers with threads of their own. It takes well
    /// under a millisecond for a token.
    public func verifyHere(_ presented: Data, expecting expected: Expected = .nothing, at: At = .now) throws -> Report {
        Report(try calling { try verifier.verify(presented: presented, expected: expected, at: at) })
    }
}

extension Policy {
    /// A policy that comes with the library.
    public static func preset(_ preset: Preset) -> Policy { .preset(preset: preset) }
    /// A policy as JSON: `{"type":"Policy","version":1,...}`.
    public static func json(_ text: String) -> Policy { .json(json: text) }
}

extension Expected {
    /// An answer to this request.
    public static func answer(to request: PresentationRequest) -> Expected { .answer(request: request) }
    /// An answer to this request, with the credentials and claims of a DCQL query (OpenID4VP 1.0, section 6), as JSON.
    public static func answer(to request: PresentationRequest, query: String) -> Expected {
        .answerToQuery(request: request, queryJson: query)
    }
    /// An answer to a request of this verifier's own, with all that it asked for.
    public static func answer(to request: SignedRequest) -> Expected { .answerToRequest(text: request.text) }
}

extension At {
    /// Today, by a clock that the app trusts more than the system's.
    public static func now(is date: Date) -> At { .nowIs(unixSeconds: date.wholeSeconds) }
    /// A moment in the past, as if it were then: what was signed later is left aside.
    public static func asOf(_ date: Date) -> At { .asOf(unixSeconds: date.wholeSeconds) }
}

extension VerificationMaterial {
    /// - Parameters:
    ///   - type: What it is.
    ///   - url: The DID or URL that it belongs to, as ``Report/missing`` names it; for type metadata, the `vct`.
    ///   - bytes: Its bytes, unchanged.
    ///   - date: When it was obtained.
    ///   - source: From whom.
    public init(_ type: ResourceType, url: String, bytes: Data, obtained date: Date, source: MaterialSource = .fetched)
    {
        self.init(type: type, url: url, bytes: bytes, obtained: date.wholeSeconds, source: source)
    }

    /// What was missing, once it was fetched.
    public init(_ missing: MissingResource, bytes: Data, obtained date: Date, source: MaterialSource = .fetched) {
        self.init(missing.type, url: missing.url, bytes: bytes, obtained: date, source: source)
    }
}

extension Date {
    /// Whole seconds since 1970, rounded down. A date that no 64-bit number holds becomes the nearest that one does,
    /// which the library then refuses.
    var wholeSeconds: Int64 {
        let seconds = timeIntervalSince1970.rounded(.down)
        return Int64(exactly: seconds) ?? (seconds < 0 ? .min : .max)
    }

    init(wholeSeconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(wholeSeconds))
    }
}
