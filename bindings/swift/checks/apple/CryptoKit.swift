// What SecureEnclaveSigner uses of Apple's CryptoKit, as Apple's documentation declares it, without its work: to compile
// the signer where CryptoKit is not.

import Foundation
import LocalAuthentication
import Security

public enum P256 {
    public enum Signing {
        public struct PublicKey {
            public var x963Representation: Data { fatalError() }
        }
        public struct ECDSASignature {
            public var rawRepresentation: Data { fatalError() }
        }
    }
}

public enum SecureEnclave {
    public static var isAvailable: Bool { false }

    public enum P256 {
        public enum Signing {
            public struct PrivateKey {
                public init(
                    compactRepresentable: Bool = true,
                    accessControl: SecAccessControl,
                    authenticationContext: LAContext? = nil
                ) throws { fatalError() }
                public init(dataRepresentation: Data, authenticationContext: LAContext? = nil) throws { fatalError() }
                public var publicKey: CryptoKit.P256.Signing.PublicKey { fatalError() }
                public var dataRepresentation: Data { fatalError() }
                public func signature<D: DataProtocol>(for data: D) throws -> CryptoKit.P256.Signing.ECDSASignature {
                    fatalError()
                }
            }
        }
    }
}
