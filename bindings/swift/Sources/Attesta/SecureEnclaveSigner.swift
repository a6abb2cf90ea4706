#if canImport(CryptoKit) && canImport(LocalAuthentication) && !os(tvOS) && !os(watchOS)
    import CryptoKit
    import Foundation
    import LocalAuthentication
    import Security

    /// A P-256 key in the Secure Enclave: no app and no backup can read it, and it signs on this device alone.
    ///
    /// Keep ``dataRepresentation`` in the Keychain to use the key again; it is encrypted by the Secure Enclave and of no
    /// use anywhere else.
    ///
    /// A person who says no to Face ID makes the call that wanted the signature end in an ``AttestaError`` with the code
    /// `signer.cancelled`. When the task of that call is cancelled, the question disappears from the screen.
    public struct SecureEnclaveSigner: Signer, Hashable {
        /// When the key may sign.
        public enum Protection: Hashable, Sendable, CaseIterable {
            /// Whenever the device is unlocked.
            case unlockedDevice
            /// Each time after Face ID, Touch ID or the device's code.
            case userPresence
            /// Each time after Face ID or Touch ID, as enrolled now: a change of fingers or faces ends the key's life.
            case currentBiometry
        }

        /// Whether this device has a Secure Enclave. The simulator on an Intel Mac has none.
        public static var isAvailable: Bool { SecureEnclave.isAvailable }

        /// What the Secure Enclave needs to find the key again.
        public let dataRepresentation: Data
        private let publicKey: Data
        private let reason: String?

        /// A new key.
        ///
        /// - Parameters:
        ///   - protection: When it may sign.
        ///   - reason: The sentence that the person reads when asked, such as "Show your letter to the bank".
        /// - Throws: ``SignerError``; ``SignerError/unavailable`` when there is no Secure Enclave, or nothing on this device
        ///   that the protection could ask for.
        public init(protection: Protection = .userPresence, reason: String? = nil) throws {
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
            let key = try Self.translated { try SecureEnclave.P256.Signing.PrivateKey(accessControl: access) }
            self.init(key, reason: reason)
        }

        /// A key that was made before on this device.
        ///
        /// - Parameters:
        ///   - dataRepresentation: What ``dataRepresentation`` was when the key was made.
        ///   - reason: The sentence that the person reads when asked.
        /// - Throws: ``SignerError``; ``SignerError/unavailable`` when this device's Secure Enclave does not have it.
        public init(dataRepresentation: Data, reason: String? = nil) throws {
            guard SecureEnclave.isAvailable else { throw SignerError.unavailable }
            let key = try Self.translated {
                try SecureEnclave.P256.Signing.PrivateKey(dataRepresentation: dataRepresentation)
            }
            self.init(key, reason: reason)
        }

        private init(_ key: SecureEnclave.P256.Signing.PrivateKey, reason: String?) {
            dataRepresentation = key.dataRepresentation
            publicKey = key.publicKey.x963Representation
            self.reason = reason
        }

        public func describe() throws -> SignerDescription {
            SignerDescription(algorithm: .es256, encoding: .raw, publicKey: publicKey)
        }

        public func sign(_ message: Data) throws -> Data {
            // A context that was answered once is not asked again: each signature has its own. It may be invalidated from
            // any thread, which not every SDK says to the compiler.
            nonisolated(unsafe) let context = LAContext()
            if let reason { context.localizedReason = reason }
            return try Cancellation.handled(by: { context.invalidate() }) {
                try Self.translated {
                    let key = try SecureEnclave.P256.Signing.PrivateKey(
                        dataRepresentation: dataRepresentation,
                        authenticationContext: context
                    )
                    return try key.signature(for: message).rawRepresentation
                }
            }
        }

        private static func translated<T>(_ call: () throws -> T) throws -> T {
            do {
                return try call()
            } catch {
                let error = error as NSError
                // The person's answer may be inside the error of the layer that asked.
                let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError
                throw known(error) ?? cause.flatMap(known) ?? SignerError.failed(platformCode: Int64(error.code))
            }
        }

        /// What an error of LocalAuthentication, CryptoTokenKit or Security says of the person and the key.
        private static func known(_ error: NSError) -> SignerError? {
            switch error.domain {
            case LAError.errorDomain:
                switch LAError.Code(rawValue: error.code) {
                case .userCancel, .appCancel, .systemCancel, .userFallback, .authenticationFailed: .cancelled
                case .notInteractive, .passcodeNotSet, .biometryLockout, .biometryNotAvailable, .biometryNotEnrolled:
                    .unavailable
                default: nil
                }
            case "CryptoTokenKit":
                switch error.code {
                // canceledByUser, authenticationFailed
                case -4, -5: .cancelled
                // objectNotFound, tokenNotFound, authenticationNeeded
                case -6, -7, -9: .unavailable
                default: nil
                }
            case NSOSStatusErrorDomain:
                switch OSStatus(truncatingIfNeeded: error.code) {
                case errSecUserCanceled, errSecAuthFailed: .cancelled
                case errSecInteractionNotAllowed, errSecItemNotFound, errSecNotAvailable: .unavailable
                default: nil
                }
            default: nil
            }
        }
    }
#endif
