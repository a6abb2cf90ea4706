import AttestaFFI
import Foundation

/// The forms of credentials and presentations whose own form is bytes.
public enum Envelope {
    /// What was issued or presented as the bytes that a file of its format holds: of ``CredentialFormat/cose`` the message in
    /// the envelope, of every other format the text itself.
    ///
    /// - Throws: ``AttestaError`` when it is an envelope whose data is no base64.
    public static func bytes(of secured: String) throws -> Data {
        try calling { try bytesOf(secured: secured) }
    }
}
