import Attesta
import Foundation

import struct AttestaFFI.CopiesOptions
import struct AttestaFFI.DocumentOptions
import struct AttestaFFI.IssueOptions
import struct AttestaFFI.ProofOptions
import func AttestaFFI.addProof
import func AttestaFFI.claimsFromJson
import func AttestaFFI.claimsToJson
import func AttestaFFI.exampleClaims
import func AttestaFFI.issue
import func AttestaFFI.issueCopies
import func AttestaFFI.issueDocument

/// Somebody who issues credentials.
public struct Issuer: Sendable {
    private let identity: Identity?
    private let signer: any Signer

    /// - Parameters:
    ///   - signer: The issuer's key.
    ///   - identity: In whose name it signs. Without one the issuer is the `did:key` of the signer.
    public init(signer: any Signer, as identity: Identity? = nil) {
        self.signer = signer
        self.identity = identity
    }

    /// Issues a credential of one of the three kinds: a token, or a JSON document. Of `CredentialFormat.sdJwt`,
    /// `CredentialFormat.sdJwtVc` and `CredentialFormat.ecdsaSd2023` the holder can show parts. Of
    /// `CredentialFormat.cose`, whose own form is bytes, `Envelope` gives these.
    ///
    /// - Parameters:
    ///   - claims: What the credential says.
    ///   - holder: Whom it is issued to. A proof of address must have a holder.
    ///   - format: How it is secured.
    ///   - validFrom: The first day on which it is valid, such as `2026-03-31`; today (UTC) otherwise.
    ///   - days: For how many days it is valid.
    ///   - status: The `credentialStatus` entry, as JSON; for `CredentialFormat.sdJwtVc` the object under `status`.
    ///   - terms: The scheme of others under which it is issued, only as `CredentialFormat.sdJwtVc`; the kind's own type
    ///     and words otherwise.
    ///   - mandatory: JSON pointers into the document to what is always shown, beside what every verifier needs; only as
    ///     `CredentialFormat.ecdsaSd2023`.
    /// - Throws: `AttestaError` when the claims are not of their kind, an argument has the wrong form, or the signer does
    ///   not sign; `CancellationError` when the task was cancelled.
    public func issue(
        _ claims: Claims,
        to holder: Holder? = nil,
        format: CredentialFormat = .jwt,
        validFrom: String? = nil,
        days: UInt32 = 7,
        status: String? = nil,
        under terms: SchemeTerms? = nil,
        mandatory: [String] = []
    ) async throws -> String {
        let options = IssueOptions(
            holder: holder,
            issuer: identity,
            format: format,
            validFrom: validFrom,
            validDays: days,
            statusJson: status,
            scheme: terms,
            mandatory: mandatory
        )
        return try await inBackground(signer.place) { [signer] in
            try calling { try AttestaFFI.issue(claims: claims, options: options, signer: signer.forLibrary) }
        }
    }

    /// Issues any credential of VC Data Model 2.0, given as JSON. Its own members stay; `id`, `issuer` and `validFrom`
    /// (today) are added where they are absent.
    ///
    /// - Parameters:
    ///   - document: The credential.
    ///   - holder: Whom it is issued to.
    ///   - format: How it is secured.
    ///   - mandatory: JSON pointers to what is always shown; only as `CredentialFormat.ecdsaSd2023`.
    ///   - contexts: Those that the document names and the library does not have, for formats that sign RDF. What no
    ///     context defines is not signed but refused.
    /// - Throws: `AttestaError` when the document breaks the data model, an argument has the wrong form, or the signer
    ///   does not sign; `CancellationError` when the task was cancelled.
    public func issue(
        document: String,
        to holder: Holder? = nil,
        format: CredentialFormat = .jwt,
        mandatory: [String] = [],
        contexts: [GivenContext] = []
    ) async throws -> String {
        let options = DocumentOptions(
            holder: holder,
            issuer: identity,
            format: format,
            mandatory: mandatory,
            contexts: contexts
        )
        return try await inBackground(signer.place) { [signer] in
            try calling {
                try AttestaFFI.issueDocument(documentJson: document, options: options, signer: signer.forLibrary)
            }
        }
    }
}

extension Issuer {
    /// Adds a proof to a document with a Data Integrity proof, or to one that has none yet: another party's, or the
    /// issuer's own that builds on others'. Whether those that are there hold is not asked. The issuer's proof decides, with
    /// those that it builds on; any other is reported (`OtherProof`) and changes nothing.
    ///
    /// - Parameters:
    ///   - document: The document, as JSON.
    ///   - format: The way of signing; the suite is then that of the signer's key.
    ///   - id: A URL by which later proofs can name this one, such as a fresh `urn:uuid`.
    ///   - previous: The ids of the proofs that this one builds on: it fails where one of them is taken away or does not
    ///     hold.
    ///   - contexts: Those that the document names and the library does not have.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when the format has no place for another proof, the text is no document, it has too many
    ///   proofs, `previous` names none of them, or the signer does not sign; `CancellationError` when the task was cancelled.
    public func addProof(
        to document: String,
        format: CredentialFormat,
        id: String? = nil,
        buildingOn previous: [String] = [],
        contexts: [GivenContext] = [],
        at: At = .now
    ) async throws -> String {
        let options = ProofOptions(
            format: format,
            signedBy: identity,
            id: id,
            previous: previous,
            contexts: contexts
        )
        return try await inBackground(signer.place) { [signer] in
            try calling {
                try AttestaFFI.addProof(documentJson: document, options: options, at: at, signer: signer.forLibrary)
            }
        }
    }
}

extension Issuer {
    /// Issues one credential many times over to one person, each copy to a key of its own, so that those who were shown
    /// different copies cannot tell that they are the same.
    ///
    /// - Parameters:
    ///   - claims: What each copy says.
    ///   - copies: Whom each copy is for: the same person, with another key and another slot in a status list each time.
    ///   - format: How they are secured.
    ///   - validFrom: The first day on which they are valid, such as `2026-03-31`; today (UTC) otherwise.
    ///   - days: For how many days they are valid.
    /// - Throws: `AttestaError` when two copies could be linked, as by a key or slot that stands twice, the claims are not
    ///   of their kind, an argument has the wrong form, or the signer does not sign; `CancellationError` when the task was
    ///   cancelled.
    public func issueCopies(
        _ claims: Claims,
        to copies: [CopyFor],
        format: CredentialFormat = .sdJwtVc,
        validFrom: String? = nil,
        days: UInt32 = 7
    ) async throws -> Copies {
        let options = CopiesOptions(issuer: identity, format: format, validFrom: validFrom, validDays: days)
        return try await inBackground(signer.place) { [signer] in
            try calling {
                let signer = signer.forLibrary
                let made = try AttestaFFI.issueCopies(claims: claims, copies: copies, options: options, signer: signer)
                return Copies(credentials: made.credentials, recordJSON: made.recordJson)
            }
        }
    }
}

/// Copies of one credential that nobody can link, and what the issuer remembers of them. Printed or dumped, they tell
/// their number alone.
public struct Copies: Hashable, Sendable {
    /// Each copy as it is handed over, in the order in which they were asked for.
    public let credentials: [String]
    /// One line of the issuer's register, as JSON: by it all copies are revoked together. It says nothing of the person.
    /// Keep it before a copy is handed over.
    public let recordJSON: String

    init(credentials: [String], recordJSON: String) {
        self.credentials = credentials
        self.recordJSON = recordJSON
    }
}

extension Copies: CustomStringConvertible, CustomReflectable {
    /// How many there are.
    public var description: String { "Copies(\(credentials.count))" }

    /// As the description says: debuggers and `dump` show no credential.
    public var customMirror: Mirror { Mirror(self, children: ["count": credentials.count]) }
}

extension CopyFor {
    /// - Parameters:
    ///   - holder: The key that this copy alone is bound to.
    ///   - status: Its own slot in a status list, as JSON.
    public init(_ holder: Holder, status: String? = nil) {
        self.init(holder: holder, statusJson: status)
    }
}

extension Holder {
    /// By a DID.
    public static func did(_ did: String) -> Holder { .did(did: did) }
    /// By a public key alone, as a JWK.
    public static func key(_ jwk: String) -> Holder { .key(jwk: jwk) }
}

extension Claims {
    /// Claims of a kind, read from JSON with the kind's members.
    ///
    /// - Throws: `AttestaError` when the text is no JSON object, or its members are not of their kind.
    public init(_ kind: Kind, json: String) throws {
        self = try calling { try AttestaFFI.claimsFromJson(kind: kind, json: json) }
    }

    /// A filled example of a kind.
    public static func example(of kind: Kind) throws -> Claims {
        try calling { try AttestaFFI.exampleClaims(kind: kind) }
    }

    /// These claims as JSON with the kind's members.
    ///
    /// - Throws: `AttestaError` when they are not of their kind: a member is missing, or has the wrong form.
    public func json() throws -> String {
        try calling { try AttestaFFI.claimsToJson(claims: self) }
    }
}
