#!/usr/bin/env bash
# Builds bindings/swift/CAttestaFFI.xcframework: the native library for iPhones, for the simulators of both kinds of Mac,
# and for both kinds of Mac. It holds what issuers use too, which the linker leaves out of apps that do not. Needs a Mac
# with Xcode 16 or newer and rustup. It was not run where this project's tests run, which is Linux: what can be checked
# there, `make targets` checks.
#
# usage: scripts/xcframework.sh
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -s)" != Darwin ] || ! command -v xcodebuild >/dev/null 2>&1; then
    echo "An XCFramework is made by xcodebuild: run this on a Mac with Xcode 16 or newer." >&2
    exit 1
fi

package=bindings/swift
rustup component add rust-src
export IPHONEOS_DEPLOYMENT_TARGET=15.0 MACOSX_DEPLOYMENT_TARGET=12.0

# The generated Swift, and the header beside it.
scripts/swift-bindings.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library() { echo "$(scripts/phone-library.sh --issuer "$1")/libattesta_ffi.a"; }
phone=$(library aarch64-apple-ios)
simulators=("$(library aarch64-apple-ios-sim)" "$(library x86_64-apple-ios)")
macs=("$(library aarch64-apple-darwin)" "$(library x86_64-apple-darwin)")

mkdir -p "$work"/{simulator,mac,headers/CAttestaFFI}
lipo -create "${simulators[@]}" -output "$work/simulator/libattesta_ffi.a"
lipo -create "${macs[@]}" -output "$work/mac/libattesta_ffi.a"
# In a folder of its own: Xcode copies all headers of all frameworks into one place.
cp "$package/Native/CAttestaFFI.h" "$work/headers/CAttestaFFI/"
printf 'module CAttestaFFI {\n    header "CAttestaFFI.h"\n    export *\n}\n' >"$work/headers/CAttestaFFI/module.modulemap"

rm -rf "$package/CAttestaFFI.xcframework"
xcodebuild -create-xcframework \
    -library "$phone" -headers "$work/headers" \
    -library "$work/simulator/libattesta_ffi.a" -headers "$work/headers" \
    -library "$work/mac/libattesta_ffi.a" -headers "$work/headers" \
    -output "$package/CAttestaFFI.xcframework"
(cd "$package" && zip -qr CAttestaFFI.xcframework.zip CAttestaFFI.xcframework)
echo "For a release, the checksum that Package.swift needs beside the archive's address:"
swift package --package-path "$package" compute-checksum "$package/CAttestaFFI.xcframework.zip"
