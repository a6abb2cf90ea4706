// What SecureEnclaveSigner uses of Apple's LocalAuthentication, as Apple's documentation declares it.

open class LAContext {
    public init() {}
    open var localizedReason: String = ""
}

@available(*, unavailable)
extension LAContext: Sendable {}

public struct LAError: Error {
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
