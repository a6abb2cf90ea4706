#!/usr/bin/env bash
# Builds the native library for this machine and generates the Swift that calls it, into bindings/swift. It is the library
# with what issuers use, for both products of the package: linked as it is, an app carries what it calls.
#
# usage: scripts/swift-bindings.sh [CARGO-PROFILE]        (dev unless it is given)
set -euo pipefail
cd "$(dirname "$0")/.."

profile=${1:-dev}
cargo=${CARGO:-cargo}
package=bindings/swift
target=${CARGO_TARGET_DIR:-target}
case "$(uname -s)" in Darwin) shared=libattesta_ffi.dylib ;; *) shared=libattesta_ffi.so ;; esac

case "$profile" in
    dev) built=$target/debug ;;
    mobile) built=$(scripts/phone-library.sh --issuer) ;;
    *) "$cargo" build --locked -p attesta-ffi --features issuer --profile "$profile"; built=$target/$profile ;;
esac
mkdir -p "$target"
out=$(mktemp -d "$target/swift-bindings.XXXXXX")
trap 'rm -rf "$out"' EXIT
# The generator reads the library's symbols, which `strip` takes out: it reads the development build.
source=$target/debug/$shared
"$cargo" build --locked -p attesta-ffi --features issuer
"$cargo" run --quiet --locked -p attesta-bindgen -- generate --language swift --no-format --out-dir "$out" "$source"

# The generated code stops the app when the library is another than it was generated from. The hand-written layer asks
# first and throws an error instead; for that it must see the answer.
generated=$out/AttestaFFI.swift
for declaration in 'enum InitializationResult' 'let initializationResult'; do
    [ "$(grep -c "^private $declaration" "$generated")" = 1 ] || {
        echo "UniFFI writes its check of the versions otherwise now: see scripts/swift-bindings.sh." >&2
        exit 1
    }
    sed "s/^private $declaration/package $declaration/" "$generated" >"$generated.new"
    mv "$generated.new" "$generated"
done
version=$("$cargo" pkgid --locked -p attesta-ffi | sed 's/.*[#@]//')
printf '// The version of the library that these bindings were generated from.\npackage let bindingsVersion = "%s"\n' \
    "$version" >"$out/Version.swift"

mkdir -p "$package/Native"
# What did not change keeps its date, so that nothing is built again.
place() { cmp -s "$1" "$2" || cp "$1" "$2"; }
place "$generated" "$package/Sources/AttestaFFI/AttestaFFI.swift"
place "$out/Version.swift" "$package/Sources/AttestaFFI/Version.swift"
place "$out/CAttestaFFI.h" "$package/Native/CAttestaFFI.h"
printf 'module CAttestaFFI {\n    header "CAttestaFFI.h"\n    link "attesta_ffi"\n    export *\n}\n' >"$out/module.modulemap"
place "$out/module.modulemap" "$package/Native/module.modulemap"
if ! cmp -s "$built/libattesta_ffi.a" "$package/Native/libattesta_ffi.a"; then
    cp "$built/libattesta_ffi.a" "$package/Native/libattesta_ffi.a"
    # SwiftPM does not look at the library's date: what was linked with the old one goes.
    rm -rf "$target"/swift/*
fi
