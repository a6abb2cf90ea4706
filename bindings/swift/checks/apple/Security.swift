// What SecureEnclaveSigner uses of Apple's Security and Core Foundation, as Apple's documentation declares it.

import Foundation

public final class SecAccessControl {}
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
    nil
}

public let errSecUserCanceled: Int32 = -128
public let errSecItemNotFound: Int32 = -25300
public let errSecInteractionNotAllowed: Int32 = -25308
