#!/usr/bin/env bash
# Type-checks what ships to phones for each kind of phone, and builds the static library for iOS. No SDK is needed:
# the standard library is built from its source, and nothing is linked. What is built is kept in ATTESTA_CACHE.
#
# usage: scripts/targets.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need.sh ar=binutils
cargo=${CARGO:-cargo}
cache=${ATTESTA_CACHE:-$HOME/.cache/attesta}
source=$(scripts/rust-src.sh)
# Building the standard library is a feature of nightly releases, which this variable opens in the stable one; the other
# says where the source is, which cargo otherwise looks for in its own folder.
export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$source
build=(--locked -p attesta-ffi --lib -Z build-std=std --target-dir "$cache/targets")

# All at once, so that no processor waits; then what issuers' apps have beside it.
checked=(aarch64-linux-android armv7-linux-androideabi aarch64-apple-ios-sim)
"$cargo" check -q "${build[@]}" "${checked[@]/#/--target=}"
"$cargo" check -q "${build[@]}" --features issuer "${checked[@]/#/--target=}"
for target in "${checked[@]}"; do echo "$target: type-checked"; done

ios=aarch64-apple-ios
"$cargo" rustc -q "${build[@]}" --features issuer --target "$ios" --crate-type staticlib
library=$cache/targets/$ios/debug/libattesta_ffi.a
names=$(ar t "$library")
object=$(mktemp)
trap 'rm -f "$object"' EXIT
ar p "$library" "$(grep -m 1 '^attesta_ffi' <<<"$names")" >"$object"
# The magic number of Mach-O and the number of arm64 (mach-o/loader.h), then a function that the bindings call.
magic=$(od -An -tx1 -N8 "$object" | tr -d ' \n')
[ "$magic" = cffaedfe0c000001 ] || { echo "The library for iOS begins with $magic: this is no Mach-O for arm64." >&2; exit 1; }
ar p "$library" | grep -ca _uniffi_attesta_ffi_fn_constructor_verifier_new >/dev/null ||
    { echo "The library for iOS has not the functions that the bindings call." >&2; exit 1; }
echo "$ios: type-checked, and a static library built"

echo "$((${#checked[@]} + 1)) passed, 0 failed"
echo "None of them was run: that needs a device, or a Mac."
