import AttestaFFI
import Foundation

/// Why a call could not do what it was asked.
///
/// A document that does not hold is no error: the answer to it is a ``Report``. No part of an error holds personal data,
/// so all three may go into logs.
public struct AttestaError: LocalizedError, Hashable, Sendable {
    /// A stable name for programs, such as `signer.cancelled`.
    public let code: String
    /// What happened, in a sentence without capital letter and full stop, so that it fits into one of yours.
    public let message: String
    /// What to do about it, in a sentence.
    public let hint: String

    /// The ``message``.
    public var errorDescription: String? { message }
    /// The ``hint``.
    public var recoverySuggestion: String? { hint }
}

extension AttestaError: CustomStringConvertible {
    /// Message, code and hint in one line.
    public var description: String { "\(message) (\(code)). \(hint)" }
}

/// Calls the library, once it is known to be the one that these bindings were made for.
package func calling<T>(_ library: () throws -> T) throws -> T {
    try LibraryVersion.check.get()
    do {
        return try library()
    } catch let AttestaFFI.AttestaError.Failed(code, message, hint) {
        throw AttestaError(code: code, message: message, hint: hint)
    }
}
