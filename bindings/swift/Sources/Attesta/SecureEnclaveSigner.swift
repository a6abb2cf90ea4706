#if canImport(CryptoKit) && canImport(LocalAuthentication)
    import CryptoKit
    import Foundation
    import LocalAuthentication
    import Security

    /// A P-256 key in the Secure Enclave: no app and no backup can read it, and it signs on this device alone.
    ///
    /// Keep ``dataRepresentation`` in the Keychain to use the key again; it is encrypted by the Secure Enclave and of no
    /// use anywhere else.
    public final class SecureEnclaveSigner: Signer, @unchecked Sendable {
        // Neither changes after `init`. CryptoKit's keys and LocalAuthentication's contexts may be used from any thread;
        // not every SDK says so to the compiler.
        private let key: SecureEnclave.P256.Signing.PrivateKey
        private let context: LAContext?

        /// When the key may sign.
        public enum Protection: Hashable, Sendable {
            /// Whenever the device is unlocked.
            case unlockedDevice
            /// Each time after Face ID, Touch ID or the device's code.
            case userPresence
            /// Each time after Face ID or Touch ID, as enrolled now: a change of fingers or faces ends the key's life.
            case currentBiometry
        }

        /// Whether this device has a Secure Enclave. The simulator on an Intel Mac has none.
        public static var isAvailable: Bool { SecureEnclave.isAvailable }

        /// A new key.
        ///
        /// - Parameters:
        ///   - protection: When it may sign.
        ///   - context: Carries the sentence that the person reads when asked, in `localizedReason`.
        /// - Throws: ``SignerError``.
        public init(protection: Protection = .userPresence, context: LAContext? = nil) throws {
            var flags: SecAccessControlCreateFlags = [.privateKeyUsage]
            switch protection {
            case .unlockedDevice: break
            case .userPresence: flags.insert(.userPresence)
            case .currentBiometry: flags.insert(.biometryCurrentSet)
            }
            let accessible = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
            guard SecureEnclave.isAvailable,
                let access = SecAccessControlCreateWithFlags(kCFAllocatorDefault, accessible, flags, nil)
            else { throw SignerError.unavailable }
            key = try Self.translated {
                try SecureEnclave.P256.Signing.PrivateKey(accessControl: access, authenticationContext: context)
            }
            self.context = context
        }

        /// A key that was made before on this device.
        ///
        /// - Throws: ``SignerError``; ``SignerError/unavailable`` when this device's Secure Enclave does not have it.
        public init(dataRepresentation: Data, context: LAContext? = nil) throws {
            guard SecureEnclave.isAvailable else { throw SignerError.unavailable }
            key = try Self.translated {
                try SecureEnclave.P256.Signing.PrivateKey(
                    dataRepresentation: dataRepresentation,
                    authenticationContext: context
                )
            }
            self.context = context
        }

        /// What the Secure Enclave needs to find the key again.
        public var dataRepresentation: Data { key.dataRepresentation }

        public func describe() throws -> SignerDescription {
            SignerDescription(algorithm: .es256, encoding: .raw, publicKey: key.publicKey.x963Representation)
        }

        public func sign(_ message: Data) throws -> Data {
            try Self.translated { try key.signature(for: message).rawRepresentation }
        }

        private static func translated<T>(_ call: () throws -> T) throws -> T {
            do {
                return try call()
            } catch let error as LAError {
                switch error.code {
                case .userCancel, .appCancel, .systemCancel, .userFallback: throw SignerError.cancelled
                case .notInteractive, .biometryLockout, .passcodeNotSet: throw SignerError.unavailable
                default: throw SignerError.failed(platformCode: Int64(error.code.rawValue))
                }
            } catch {
                let error = error as NSError
                switch Int32(truncatingIfNeeded: error.code) {
                case errSecUserCanceled: throw SignerError.cancelled
                case errSecInteractionNotAllowed, errSecItemNotFound: throw SignerError.unavailable
                default: throw SignerError.failed(platformCode: Int64(error.code))
                }
            }
        }
    }
#endif
