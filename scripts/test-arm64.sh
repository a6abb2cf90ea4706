#!/usr/bin/env bash
# Runs the core's tests as arm64 code, under emulation: the processor of phones. The standard library is built from its
# source; what is built is kept in ATTESTA_CACHE.
#
# usage: scripts/test-arm64.sh [ARGUMENT OF cargo test]...        (the library's own tests and the vectors otherwise)
set -euo pipefail
cd "$(dirname "$0")/.."

target=aarch64-unknown-linux-gnu
cargo=${CARGO:-cargo}
cache=${ATTESTA_CACHE:-$HOME/.cache/attesta}
[ $# -gt 0 ] || set -- --lib --test vectors --test wycheproof --test conformance_jcs

if [ "$(uname -m)" = aarch64 ] || [ "$(uname -m)" = arm64 ]; then
    exec "$cargo" test --locked -p attesta "$@"
fi

scripts/need.sh aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu qemu-aarch64-static=qemu-user-static \
    /usr/aarch64-linux-gnu/lib/crti.o=libc6-dev-arm64-cross
source=$(scripts/rust-src.sh)
export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$source
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
"$cargo" test --locked -p attesta -Z build-std=std --target-dir "$cache/targets" --target "$target" "$@"
