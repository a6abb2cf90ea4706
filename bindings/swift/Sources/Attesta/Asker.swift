import AttestaFFI
import Foundation

/// Whoever made a request, and what they ask for, as the holder's phone sees it.
public struct Asker: Sendable {
    let asker: AttestaFFI.Asker

    /// Whether who asks was authenticated, stands in the holder's trust list, and may ask for this.
    public let isKnown: Bool
    /// The name in the holder's own trust list, never what a request or a certificate says. Of whoever is known by a
    /// certificate, that of the authority that answers for them.
    public let name: String?
    /// The subject of the certificate by which whoever asks is known, as RFC 4514 writes it: `CN=bank.example,O=Harbour
    /// Bank`. `nil` for all others.
    public let subject: String?
    /// The client identifier: the audience of the answer. Of somebody who is not known, their own word.
    public let id: String
    /// Who asks, in a sentence for a screen.
    public let inWords: String
    /// Where the answer goes by POST, or nothing if it is handed over by hand.
    public let responseURI: String?
    /// The moment from which the request may no longer be answered.
    public let expires: Date?

    private init(_ asker: AttestaFFI.Asker) {
        let description = asker.describe()
        self.asker = asker
        isKnown = description.isKnown
        name = description.name
        subject = description.subject
        id = description.id
        inWords = description.inWords
        responseURI = description.responseUri
        expires = description.expires.map(Date.init(wholeSeconds:))
    }

    /// Reads a request that must come from somebody in the holder's trust lists: it is signed by whom it names, in time, and
    /// asks for no more than the list lets that party ask for.
    ///
    /// - Parameters:
    ///   - request: The request as it came.
    ///   - trustLists: Who may ask for what, each list as JSON. The first that knows the party decides.
    ///   - materials: What comes from outside, as ``missing(for:trusting:materials:at:)`` names it, and contexts that the
    ///     credentials name: each counts if one of the lists pins its hash.
    ///   - at: The present moment.
    /// - Throws: ``AttestaError`` when any of this does not hold, or a trust list or material cannot be read. Show nothing
    ///   then. `CancellationError` when the task was cancelled.
    public static func known(
        _ request: String,
        trusting trustLists: [String],
        materials: [VerificationMaterial] = [],
        at: At = .now
    ) async throws -> Asker {
        try await inBackground(.pool) {
            try calling {
                let request = Data(request.utf8)
                return Asker(try .known(request: request, trustLists: trustLists, materials: materials, at: at))
            }
        }
    }

    /// Reads a request without asking who made it. Such a request gets at most what is public. Only where a person decided
    /// so.
    ///
    /// - Throws: ``AttestaError`` when it cannot be read, or is not in time; `CancellationError` when the task was cancelled.
    public static func unauthenticated(_ request: String, at: At = .now) async throws -> Asker {
        try await inBackground(.pool) {
            try calling { Asker(try .unauthenticated(request: Data(request.utf8), at: at)) }
        }
    }

    /// What must be fetched before ``known(_:trusting:materials:at:)`` can say who made this request; empty where nothing
    /// would help. Only what belongs to parties in the trust lists.
    ///
    /// - Throws: ``AttestaError`` when a trust list or material cannot be read; `CancellationError` when the task was
    ///   cancelled.
    public static func missing(
        for request: String,
        trusting trustLists: [String],
        materials: [VerificationMaterial] = [],
        at: At = .now
    ) async throws -> [MissingResource] {
        try await inBackground(.pool) {
            try calling {
                let request = Data(request.utf8)
                return try missingForRequest(request: request, trustLists: trustLists, materials: materials, at: at)
            }
        }
    }
}

extension Asker: CustomStringConvertible {
    /// Who asks, in a sentence.
    public var description: String { inWords }
}
