import AttestaFFI

/// The native library behind this package.
public enum LibraryVersion {
    /// The library's version, such as 0.1.0.
    ///
    /// - Throws: ``AttestaError`` when the app was built with a library and bindings that do not belong together.
    public static var current: String {
        get throws { try calling(libraryVersion) }
    }

    /// Asked once. The generated code would stop the app instead, so every call comes by here first.
    static let check: Result<Void, AttestaError> = {
        switch AttestaFFI.initializationResult {
        case .ok:
            let loaded = libraryVersion()
            return loaded == bindingsVersion
                ? .success(())
                : mismatch("the library is version \(loaded), these bindings are for version \(bindingsVersion)")
        case .contractVersionMismatch, .apiChecksumMismatch:
            return mismatch(
                "the library has other functions than these bindings, which are for version \(bindingsVersion)"
            )
        }
    }()

    private static func mismatch(_ message: String) -> Result<Void, AttestaError> {
        .failure(
            AttestaError(
                code: "bindings.version",
                message: message,
                hint: "Build the app with bindings and library of the same version."
            )
        )
    }
}
