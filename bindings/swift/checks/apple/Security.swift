// What SecureEnclaveSigner uses of Apple's Security and Core Foundation, as Apple's documentation declares it.

import Foundation

public typealias OSStatus = Int32

public final class SecAccessControl {
    /// What it was made with: the stand-in's own.
    public let protection: AnyObject
    public let flags: SecAccessControlCreateFlags

    init(protection: AnyObject, flags: SecAccessControlCreateFlags) {
        self.protection = protection
        self.flags = flags
    }

    /// As on a device without a code. The stand-in's own.
    nonisolated(unsafe) public static var isRefused = false
}

public final class CFAllocator {}
public final class CFError {}
public final class CFString {}

nonisolated(unsafe) public let kCFAllocatorDefault: CFAllocator! = CFAllocator()
nonisolated(unsafe) public let kSecAttrAccessibleWhenUnlockedThisDeviceOnly = CFString()

public struct SecAccessControlCreateFlags: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let userPresence = SecAccessControlCreateFlags(rawValue: 1 << 0)
    public static let biometryCurrentSet = SecAccessControlCreateFlags(rawValue: 1 << 3)
    public static let privateKeyUsage = SecAccessControlCreateFlags(rawValue: 1 << 30)
}

public func SecAccessControlCreateWithFlags(
    _ allocator: CFAllocator?,
    _ protection: AnyObject,
    _ flags: SecAccessControlCreateFlags,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> SecAccessControl? {
    SecAccessControl.isRefused ? nil : SecAccessControl(protection: protection, flags: flags)
}

public let errSecUserCanceled: Int32 = -128
public let errSecAuthFailed: Int32 = -25293
public let errSecItemNotFound: Int32 = -25300
public let errSecNotAvailable: Int32 = -25291
public let errSecInteractionNotAllowed: Int32 = -25308
