// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "PhoneAndDesk",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Attesta", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "PhoneAndDesk", dependencies: [.product(name: "AttestaIssuer", package: "Attesta")])
    ],
    swiftLanguageModes: [.v6]
)
