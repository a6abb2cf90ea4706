package org.attesta

/** Public keys and identifiers, written in another form. */
public object Keys {
    /**
     * The `did:key` of a public JWK.
     *
     * @throws AttestaException when the text is no public JWK of a supported key type
     */
    public fun didKeyOf(jwk: String): String = native { org.attesta.ffi.didKeyOf(jwk) }

    /**
     * The `did:jwk` of a public JWK.
     *
     * @throws AttestaException when the text is no public JWK of a supported key type
     */
    public fun didJwkOf(jwk: String): String = native { org.attesta.ffi.didJwkOf(jwk) }

    /**
     * A public JWK as Multikey text, such as `z6Mk...`.
     *
     * @throws AttestaException when the text is no public JWK of a supported key type
     */
    public fun jwkToMultikey(jwk: String): String = native { org.attesta.ffi.jwkToMultikey(jwk) }

    /**
     * Multikey text as a public JWK.
     *
     * @throws AttestaException when the text is no public Multikey of a supported key type
     */
    public fun multikeyToJwk(multikey: String): String = native { org.attesta.ffi.multikeyToJwk(multikey) }

    /**
     * The result of DID Resolution 1.0 as JSON: `didDocument`, `didResolutionMetadata`, `didDocumentMetadata`. What
     * went wrong stands in it. Only DIDs that carry their own key are resolved (did:key, did:jwk, did:peer); nothing is fetched.
     */
    public fun resolve(did: String): String = native { org.attesta.ffi.resolveDid(did) }
}
