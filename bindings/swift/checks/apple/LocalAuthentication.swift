// What SecureEnclaveSigner uses of Apple's LocalAuthentication, as Apple's documentation declares it.

import Foundation

open class LAContext {
    public init() {}
    open var localizedReason: String = ""
    /// Ends the question that is on the screen: the call that asked fails with `appCancel`.
    open func invalidate() { invalidated.signal() }

    /// The stand-in's own.
    public let invalidated = DispatchSemaphore(value: 0)
}

@available(*, unavailable)
extension LAContext: Sendable {}

public struct LAError: Error {
    public static let errorDomain = "com.apple.LocalAuthentication"

    public enum Code: Int, Sendable {
        case authenticationFailed = -1
        case userCancel = -2
        case userFallback = -3
        case systemCancel = -4
        case passcodeNotSet = -5
        case biometryNotAvailable = -6
        case biometryNotEnrolled = -7
        case biometryLockout = -8
        case appCancel = -9
        case invalidContext = -10
        case notInteractive = -1004
    }
    public let code: Code
}
