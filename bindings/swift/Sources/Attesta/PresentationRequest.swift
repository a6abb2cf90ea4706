import AttestaFFI
import Foundation

extension PresentationRequest {
    /// A request by this verifier, with a fresh nonce of 128 random bits. It asks for nothing by name, and is not signed:
    /// who answers must know otherwise who asks, and for what. ``Requester`` says both.
    ///
    /// - Parameter audience: Who the verifier is, as it names itself: a DID, a URL, a client id.
    /// - Throws: ``AttestaError`` when the system has no randomness to give.
    public static func fresh(audience: String) throws -> PresentationRequest {
        try calling { try newRequest(audience: audience) }
    }

    /// Presents credentials as they were issued, signed with the holder's key for this request. Nothing is sent anywhere.
    ///
    /// - Parameters:
    ///   - credentials: The credentials as their issuers gave them.
    ///   - disclose: How much of them is shown. It has no default: whoever shows all of an SD-JWT says so.
    ///   - signer: The holder's key.
    ///   - at: The moment of the answer, which only an SD-JWT says.
    ///   - contexts: Those that credentials name and the library does not have, where their proofs sign RDF.
    /// - Returns: A token for token credentials, a JSON document with a proof for Data Integrity credentials, one that holds
    ///   a message for ``CredentialFormat/cose``, and for an SD-JWT the credential itself with what is disclosed.
    /// - Throws: ``AttestaError`` when something else than credentials is given, one cannot hide what it should, they belong
    ///   to another key, or the signer does not sign; `CancellationError` when the task was cancelled.
    public func answer(
        with credentials: [String],
        showing disclose: Disclose,
        signer: any Signer,
        at: At = .now,
        contexts: [GivenContext] = []
    ) async throws -> String {
        try await answer(
            withBytes: credentials.map { Data($0.utf8) },
            showing: disclose,
            signer: signer,
            at: at,
            contexts: contexts
        )
    }

    /// As the other `answer`, with credentials that may be bytes, as those of ``CredentialFormat/cose`` in their own form;
    /// ``Envelope`` gives the answer in that form.
    public func answer(
        withBytes credentials: [Data],
        showing disclose: Disclose,
        signer: any Signer,
        at: At = .now,
        contexts: [GivenContext] = []
    ) async throws -> String {
        try await inBackground(signer.place) {
            try calling {
                try present(
                    credentials: credentials,
                    disclose: disclose,
                    request: self,
                    at: at,
                    signer: signer.forLibrary,
                    contexts: contexts
                )
            }
        }
    }
}

extension Disclose {
    /// Of a `dc+sd-jwt`, `vc+sd-jwt` or `ecdsa-sd-2023`, what stands at these places and below them, and what cannot be
    /// hidden. Every other format can only be shown whole.
    ///
    /// - Parameter pointers: JSON pointers: into the claims file of a `dc+sd-jwt`, into the whole document of the other two.
    public static func only(_ pointers: [String]) -> Disclose { .only(pointers: pointers) }
}

/// Copies of an SD-JWT or of an `ecdsa-sd-2023` document that show a part and are bound to nobody.
public enum Derivation {
    /// A copy that shows just this and is bound to nobody: whoever gets it can show it on.
    ///
    /// - Parameters:
    ///   - credential: As its issuer gave it.
    ///   - disclose: How much of it is shown.
    ///   - contexts: Those that the document names and the library does not have.
    /// - Throws: ``AttestaError`` when it is none of these as its issuer gave it, or has nothing at one of the places;
    ///   `CancellationError` when the task was cancelled.
    public static func derive(
        from credential: String,
        showing disclose: Disclose,
        contexts: [GivenContext] = []
    ) async throws -> String {
        try await inBackground(.pool) {
            try calling {
                try AttestaFFI.derive(credential: Data(credential.utf8), disclose: disclose, contexts: contexts)
            }
        }
    }
}
