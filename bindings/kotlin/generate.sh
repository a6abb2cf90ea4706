#!/usr/bin/env bash
# Builds the library for this machine and generates the Kotlin that calls it, into ffi/generated; with --issuer the
# library of issuers' apps, into issuer-ffi/generated. ATTESTA_PROFILE says which of cargo's profiles: dev (the default),
# release or mobile.
#
# usage: generate.sh [--issuer]
set -euo pipefail
cd "$(dirname "$0")/../.."

out=bindings/kotlin/ffi/generated
issuer=() features=()
if [ "${1:-}" = --issuer ]; then
    out=bindings/kotlin/issuer-ffi/generated
    issuer=(--issuer) features=(--features issuer)
fi
profile=${ATTESTA_PROFILE:-dev}
case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x86-64 file=libattesta_ffi.so ;;
    Linux-aarch64) platform=linux-aarch64 file=libattesta_ffi.so ;;
    Darwin-x86_64) platform=darwin-x86-64 file=libattesta_ffi.dylib ;;
    Darwin-arm64) platform=darwin-aarch64 file=libattesta_ffi.dylib ;;
    *) echo "JNA's name for this platform is not known here: add it to $0." >&2; exit 1 ;;
esac

target=${CARGO_TARGET_DIR:-target}
rm -rf "$out"
mkdir -p "$out/native/$platform"
# The generator reads the symbol table, which an optimised library no longer has: it reads the development build.
cargo build --locked -p attesta-ffi ${features[@]+"${features[@]}"}
cargo run --quiet --locked -p attesta-bindgen -- generate --language kotlin --no-format --out-dir "$out/kotlin" \
    "$target/debug/$file"
case $profile in
    dev) built=$target/debug/$file ;;
    mobile) built=$(scripts/phone-library.sh ${issuer[@]+"${issuer[@]}"})/$file ;;
    *)
        cargo build --locked -p attesta-ffi ${features[@]+"${features[@]}"} --profile "$profile"
        built=$target/$profile/$file
        ;;
esac
case $platform in
    linux-*) strip --strip-unneeded -o "$out/native/$platform/$file" "$built" ;;
    *) strip -x -o "$out/native/$platform/$file" "$built" ;;
esac
