import AttestaFFI
import Foundation

extension PresentationRequest {
    /// A request by this verifier, with a fresh nonce of 128 random bits.
    ///
    /// - Parameter audience: Who the verifier is, as it names itself: a DID, a URL, a client id.
    /// - Throws: ``AttestaError`` when the system has no randomness to give.
    public static func fresh(audience: String) throws -> PresentationRequest {
        try calling { try newRequest(audience: audience) }
    }

    /// Presents credentials as they were issued, signed with the holder's key for this request. Nothing is sent anywhere.
    ///
    /// - Returns: A token for token credentials, a JSON document with a proof for the others.
    /// - Throws: ``AttestaError`` when something else than credentials is given, they belong to another key, or the signer
    ///   does not sign; `CancellationError` when the task was cancelled.
    public func answer(with credentials: [String], signer: any Signer) async throws -> String {
        try await inBackground(signer.place) {
            try calling {
                try present(credentials: credentials.map { Data($0.utf8) }, request: self, signer: signer.forLibrary)
            }
        }
    }
}
