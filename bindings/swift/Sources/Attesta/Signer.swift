import AttestaFFI
import Foundation

/// A private key, wherever it lives: in the Secure Enclave, on a card, on a server.
///
/// Both functions are called on a thread of their own and may wait for a person, for minutes if need be. Every signature
/// is checked against the described public key before it is used.
///
/// Throw ``SignerError`` to say why there is no signature; anything else counts as ``SignerError/unexpected``, and its
/// text is left out, because it may hold what should not be in a log.
public protocol Signer: Sendable {
    /// The algorithm, how signatures are written, and the public key. Asked once for each credential or presentation.
    func describe() throws -> SignerDescription

    /// Signs these bytes. They are no digest: the signer hashes as its algorithm says.
    func sign(_ message: Data) throws -> Data
}

/// Why there is no signature.
public enum SignerError: Error, Hashable, Sendable {
    /// The person said no, or did not unlock the key.
    case cancelled
    /// The key store cannot be reached now, or no longer has the key.
    case unavailable
    /// The key store refused, for a reason that it alone knows: the platform's own number for it, such as an `OSStatus`.
    case failed(platformCode: Int64)
    /// Something else.
    case unexpected
}

extension SignerError: LocalizedError {
    /// What happened, in the words of an ``AttestaError``.
    public var errorDescription: String? {
        switch self {
        case .cancelled: "signing was cancelled"
        case .unavailable: "the key cannot be used now"
        case .failed(let platformCode): "the key store failed with its code \(platformCode)"
        case .unexpected: "the signer broke off without saying why"
        }
    }

    /// What to do about it, in the words of an ``AttestaError``.
    public var recoverySuggestion: String? {
        switch self {
        case .cancelled: "Start again and confirm with the fingerprint, face or code that protects the key."
        case .unavailable: "Unlock the device and try again; if the key is gone, ask for a new credential."
        case .failed: "Look the code up in the platform's manual."
        case .unexpected: "Catch what the key store throws inside the signer, and say which of the errors it is."
        }
    }
}

extension Signer {
    /// The signer as the library calls it.
    package var forLibrary: any AttestaFFI.Signer {
        (self as? SoftwareSigner)?.key ?? HostSigner(signer: self)
    }

    /// Where it may be called: a key in memory waits for nobody.
    package var place: Place { self is SoftwareSigner ? .pool : .ownThread }
}

extension [any Signer] {
    /// Where they may be called.
    var place: Place { contains { $0.place == .ownThread } ? .ownThread : .pool }
}

/// What an app wrote, as the library knows signers.
private final class HostSigner: AttestaFFI.Signer {
    private let signer: any Signer

    init(signer: any Signer) {
        self.signer = signer
    }

    func describe() throws -> SignerDescription {
        try translated { try signer.describe() }
    }

    func sign(message: Data) throws -> Data {
        try translated { try signer.sign(message) }
    }

    private func translated<T>(_ call: () throws -> T) throws -> T {
        do {
            return try call()
        } catch SignerError.cancelled {
            throw AttestaFFI.SignerError.Cancelled
        } catch is CancellationError {
            throw AttestaFFI.SignerError.Cancelled
        } catch SignerError.unavailable {
            throw AttestaFFI.SignerError.Unavailable
        } catch SignerError.failed(let platformCode) {
            throw AttestaFFI.SignerError.Failed(platformCode: platformCode)
        } catch {
            throw AttestaFFI.SignerError.Unexpected
        }
    }
}

/// A private key in this process's memory: for tests, servers and issuers without hardware. Phones have
/// `SecureEnclaveSigner`.
public final class SoftwareSigner: Signer {
    let key: AttestaFFI.SoftwareSigner

    /// A new key from the operating system's random numbers.
    ///
    /// - Throws: ``AttestaError`` when the system has no randomness to give.
    public init(generating algorithm: Algorithm) throws {
        key = try calling { try AttestaFFI.SoftwareSigner.generate(algorithm: algorithm) }
    }

    /// Reads a private JWK (RFC 7517), as ``privateJWK`` writes it.
    ///
    /// - Throws: ``AttestaError`` when the text is no private JWK of a key that signs.
    public init(privateJWK: String) throws {
        key = try calling { try AttestaFFI.SoftwareSigner.fromPrivateJwk(jwk: privateJWK) }
    }

    /// The private JWK. Whoever reads it can sign: keep it where the platform keeps secrets.
    public var privateJWK: String { key.privateJwk() }

    /// The public JWK.
    public var publicJWK: String { key.publicJwk() }

    /// The key's `did:key`.
    public var didKey: String { key.didKey() }

    /// The key's `did:jwk`.
    public var didJWK: String { key.didJwk() }

    public func describe() throws -> SignerDescription {
        try Self.translated { try key.describe() }
    }

    public func sign(_ message: Data) throws -> Data {
        try Self.translated { try key.sign(message: message) }
    }

    /// The library has an error of its own for signers, which apps never see.
    private static func translated<T>(_ call: () throws -> T) throws -> T {
        do {
            return try call()
        } catch let error as AttestaFFI.SignerError {
            switch error {
            case .Cancelled: throw SignerError.cancelled
            case .Unavailable: throw SignerError.unavailable
            case .Failed(let platformCode): throw SignerError.failed(platformCode: platformCode)
            case .Unexpected: throw SignerError.unexpected
            }
        }
    }
}

extension SoftwareSigner: CustomStringConvertible {
    /// The public identifier, never the key.
    public var description: String { "SoftwareSigner(\(didKey))" }
}
