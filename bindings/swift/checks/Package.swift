// swift-tools-version: 6.0

import PackageDescription

// What the tests of Attesta need beside its test target: programs of their own.
let wrapped = [
    "ffi_attesta_ffi_uniffi_contract_version",
    "uniffi_attesta_ffi_checksum_func_issue",
    "uniffi_attesta_ffi_fn_func_library_version",
]

let package = Package(
    name: "AttestaChecks",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Attesta", path: "..")],
    targets: [
        .executableTarget(name: "Overhead", dependencies: [.product(name: "AttestaIssuer", package: "Attesta")]),
        .target(name: "OtherVersions"),
        .executableTarget(
            name: "OtherLibrary",
            dependencies: ["OtherVersions", .product(name: "AttestaIssuer", package: "Attesta")],
            // The linker puts OtherVersions between the bindings and the library. Apple's linker cannot.
            linkerSettings: [
                .unsafeFlags(wrapped.flatMap { ["-Xlinker", "--wrap=\($0)"] }, .when(platforms: [.linux]))
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
