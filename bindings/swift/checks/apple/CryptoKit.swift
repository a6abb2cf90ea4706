// What SecureEnclaveSigner uses of Apple's CryptoKit, as Apple's documentation declares it. Its work is done by a
// stand-in, which main.swift plays: so the signer compiles and runs where CryptoKit is not.

import Foundation
import LocalAuthentication
import Security

/// What main.swift plays. Not Apple's.
public struct StandIn {
    /// Makes a key: its representation.
    public var make: (SecAccessControl) throws -> Data
    /// The public key of a representation, uncompressed.
    public var publicKey: (Data) throws -> Data
    /// Signs with the key of that representation, r and s one after the other.
    public var sign: (Data, Data, LAContext?) throws -> Data

    public init(
        make: @escaping (SecAccessControl) throws -> Data,
        publicKey: @escaping (Data) throws -> Data,
        sign: @escaping (Data, Data, LAContext?) throws -> Data
    ) {
        self.make = make
        self.publicKey = publicKey
        self.sign = sign
    }

    /// Nothing where there is no Secure Enclave.
    nonisolated(unsafe) public static var played: StandIn?
}

public enum P256 {
    public enum Signing {
        public struct PublicKey {
            public let x963Representation: Data
        }
        public struct ECDSASignature {
            public let rawRepresentation: Data
        }
    }
}

public enum SecureEnclave {
    public static var isAvailable: Bool { StandIn.played != nil }

    public enum P256 {
        public enum Signing {
            public struct PrivateKey {
                public let dataRepresentation: Data
                public let publicKey: CryptoKit.P256.Signing.PublicKey
                private let context: LAContext?

                public init(
                    compactRepresentable: Bool = true,
                    accessControl: SecAccessControl,
                    authenticationContext: LAContext? = nil
                ) throws {
                    try self.init(
                        dataRepresentation: StandIn.played!.make(accessControl),
                        authenticationContext: authenticationContext
                    )
                }

                public init(dataRepresentation: Data, authenticationContext: LAContext? = nil) throws {
                    self.dataRepresentation = dataRepresentation
                    publicKey = .init(x963Representation: try StandIn.played!.publicKey(dataRepresentation))
                    context = authenticationContext
                }

                public func signature<D: DataProtocol>(for data: D) throws -> CryptoKit.P256.Signing.ECDSASignature {
                    .init(rawRepresentation: try StandIn.played!.sign(dataRepresentation, Data(data), context))
                }
            }
        }
    }
}
