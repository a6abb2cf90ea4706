#!/usr/bin/env bash
# Builds bindings/swift/CAttestaFFI.xcframework: the native library for iPhones, for the simulators of both kinds of Mac,
# and for both kinds of Mac. Needs a Mac with Xcode 16 or newer and rustup. It was not run where this project's tests
# run, which is Linux: what can be checked there, `make targets` checks.
#
# usage: scripts/xcframework.sh
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -s)" != Darwin ] || ! command -v xcodebuild >/dev/null 2>&1; then
    echo "An XCFramework is made by xcodebuild: run this on a Mac with Xcode 16 or newer." >&2
    exit 1
fi

package=bindings/swift
target=${CARGO_TARGET_DIR:-target}
rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0

# The generated Swift, and the header beside it.
scripts/swift-bindings.sh

library() { echo "$target/$1/mobile/libattesta_ffi.a"; }
for platform in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    cargo build --locked -p attesta-ffi --lib --profile mobile --target "$platform"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{simulator,mac,headers/CAttestaFFI}
lipo -create "$(library aarch64-apple-ios-sim)" "$(library x86_64-apple-ios)" -output "$work/simulator/libattesta_ffi.a"
lipo -create "$(library aarch64-apple-darwin)" "$(library x86_64-apple-darwin)" -output "$work/mac/libattesta_ffi.a"
# In a folder of its own: Xcode copies all headers of all frameworks into one place.
cp "$package/Native/CAttestaFFI.h" "$work/headers/CAttestaFFI/"
printf 'module CAttestaFFI {\n    header "CAttestaFFI.h"\n    export *\n}\n' >"$work/headers/CAttestaFFI/module.modulemap"

rm -rf "$package/CAttestaFFI.xcframework"
xcodebuild -create-xcframework \
    -library "$(library aarch64-apple-ios)" -headers "$work/headers" \
    -library "$work/simulator/libattesta_ffi.a" -headers "$work/headers" \
    -library "$work/mac/libattesta_ffi.a" -headers "$work/headers" \
    -output "$package/CAttestaFFI.xcframework"
(cd "$package" && zip -qr CAttestaFFI.xcframework.zip CAttestaFFI.xcframework)
echo "For a release, the checksum that Package.swift needs beside the archive's address:"
swift package --package-path "$package" compute-checksum "$package/CAttestaFFI.xcframework.zip"
