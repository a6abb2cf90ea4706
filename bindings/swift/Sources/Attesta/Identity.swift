import AttestaFFI

extension Identity {
    /// That of a DID, with the key's fragment unless it is a `did:key` or `did:jwk`.
    public static func did(_ did: String) -> Identity { .did(did: did) }
    /// That of a certificate in PEM, followed by those that lead from it to an anchor. Credentials can be issued by it as
    /// ``CredentialFormat/sdJwtVc`` alone.
    public static func certificate(_ pem: String) -> Identity { .certificate(pem: pem) }
}
