import AttestaFFI

/// A public key, written in the forms that DIDs and credentials use.
public struct PublicKey: Hashable, Sendable {
    /// As a JWK (RFC 7517), in JSON.
    public let jwk: String
    /// As Multikey text, such as `z6Mk...`.
    public let multikey: String
    /// Its `did:key`.
    public let didKey: String
    /// Its `did:jwk`.
    public let didJWK: String

    /// - Throws: ``AttestaError`` when the text is no public JWK of a supported key type. A private one is refused.
    public init(jwk: String) throws {
        self.jwk = jwk
        multikey = try calling { try jwkToMultikey(jwk: jwk) }
        didKey = try calling { try didKeyOf(jwk: jwk) }
        didJWK = try calling { try didJwkOf(jwk: jwk) }
    }

    /// - Throws: ``AttestaError`` when the text is no public Multikey of a supported key type.
    public init(multikey: String) throws {
        try self.init(jwk: calling { try multikeyToJwk(multikey: multikey) })
    }
}

/// DID Resolution.
public enum DIDResolution {
    /// The result of DID Resolution 1.0 as JSON: `didDocument`, `didResolutionMetadata`, `didDocumentMetadata`. What went
    /// wrong stands in it. Only DIDs that carry their own key are resolved (`did:key`, `did:jwk`); nothing is fetched.
    ///
    /// - Throws: ``AttestaError`` when the app was built with a library and bindings that do not belong together.
    public static func resolve(_ did: String) throws -> String {
        try calling { resolveDid(did: did) }
    }
}
