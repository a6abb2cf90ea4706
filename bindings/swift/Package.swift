// swift-tools-version: 6.0

import Foundation
import PackageDescription

// The native library and what is generated from it are built, never committed: scripts/swift-bindings.sh writes them
// for this machine, scripts/xcframework.sh for Apple's platforms.
let framework = "CAttestaFFI.xcframework"
let isBuilt = { FileManager.default.fileExists(atPath: Context.packageDirectory + "/" + $0) }
guard isBuilt("Sources/AttestaFFI/AttestaFFI.swift") else {
    // `fatalError` would hide the sentence among registers.
    print("The bindings are not built yet: run `make swift-bindings` in the root of the checkout, and try again.")
    exit(1)
}

let native: Target =
    isBuilt(framework)
    ? .binaryTarget(name: "CAttestaFFI", path: framework)
    : .systemLibrary(name: "CAttestaFFI", path: "Native")
// SwiftPM refuses unsafe flags in packages that come by version; those come with the framework, and need none.
let linking: [LinkerSetting] = isBuilt(framework) ? [] : [.unsafeFlags(["-L\(Context.packageDirectory)/Native"])]

let package = Package(
    name: "Attesta",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Attesta", targets: ["Attesta"]),
        // What issuers alone need, issuing first, and Attesta with it. An app that does not call it does not carry it: the
        // linker leaves it out of the native library.
        .library(name: "AttestaIssuer", targets: ["AttestaIssuer"]),
    ],
    targets: [
        native,
        .target(
            name: "AttestaFFI",
            dependencies: ["CAttestaFFI"],
            exclude: ["README.md"],
            // Generated code, which is not written for Swift 6's checks.
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: linking
        ),
        .target(name: "Attesta", dependencies: ["AttestaFFI"]),
        .target(name: "AttestaIssuer", dependencies: ["Attesta", "AttestaFFI"]),
        // Of both modules: they issue what they show and verify.
        .testTarget(name: "AttestaIssuerTests", dependencies: ["AttestaIssuer"]),
    ],
    swiftLanguageModes: [.v6]
)
