#!/usr/bin/env bash
# Builds the library as it ships to phones: the profile `mobile`, and the standard library built with it from its source,
# without what prints backtraces. docs/adr/0009-the-phones-library.md says what each flag saves and costs. Prints the
# folder where libattesta_ffi.so (on a Mac .dylib) and libattesta_ffi.a then are. ATTESTA_LINKER names the linker, where
# it is not cc: for Android a compiler of the NDK.
#
# usage: scripts/phone-library.sh [--issuer] [TARGET]     (this machine's unless it is given)
#
#   --issuer    the library of issuers' apps, with the feature `issuer`
set -euo pipefail
cd "$(dirname "$0")/.."

cargo=${CARGO:-cargo}
whose=phone features=()
if [ "${1:-}" = --issuer ]; then
    whose=issuer features=(--features issuer)
    shift
fi
host=$(rustc -vV | sed -n 's/^host: //p')
target=${1:-$host}
source=$(scripts/rust-src.sh)
flags=(-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options -Cforce-frame-pointers=non-leaf -Zuse-sync-unwind=yes)
# These have instructions for SHA-2, but for very old ones: for those its rounds are a loop.
case "$target" in x86_64-*) flags+=(--cfg 'sha2_backend_soft="compact"') ;; esac
case "$target" in
    # Phones with memory pages of 16 KB load nothing that is aligned to less. Packed relocations they read since Android 6.
    *-android*) flags+=(-Clink-arg=-Wl,-z,max-page-size=16384 -Clink-arg=-Wl,--pack-dyn-relocs=android) ;;
    # glibc reads them since 2.36, in another form; what is built where it is older does without.
    *-linux-gnu*)
        glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | awk '{ print $2 }' || true)
        if [ "$(printf '%s\n' 2.36 "${glibc:-0}" | sort -V | head -n 1)" = 2.36 ]; then
            flags+=(-Clink-arg=-Wl,-z,pack-relative-relocs)
        fi
        ;;
esac
if [ "$target" = aarch64-unknown-linux-gnu ] && [ "$target" != "$host" ]; then
    # What links is the compiler's own linker, as where it builds for this machine.
    flags+=(-Clink-arg=-fuse-ld=lld "-Clink-arg=-B$(rustc --print sysroot)/lib/rustlib/$host/bin/gcc-ld")
    export ATTESTA_LINKER=${ATTESTA_LINKER:-aarch64-linux-gnu-gcc}
fi
linker=CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$target")_LINKER
export "$linker=$PWD/scripts/phone-linker.sh" RUSTFLAGS="${flags[*]}"
# Building the standard library, and most of the flags, are features of nightly releases, which the first of these opens
# in the stable one; the other says where the source is, which cargo otherwise looks for in its own folder.
export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$source

small=()
for package in core alloc std; do small+=(--config "profile.mobile.package.$package.opt-level=\"z\""); done
"$cargo" build --locked -p attesta-ffi ${features[@]+"${features[@]}"} --lib --profile mobile --target "$target" \
    "${small[@]}" -Z build-std=std,panic_unwind \
    -Z build-std-features=panic-unwind,optimize_for_size,backtrace-trace-only >&2
cd "${CARGO_TARGET_DIR:-target}/$target/mobile"
# Both are built under one name: each is kept in a folder of its own.
mkdir -p "$whose"
for file in libattesta_ffi.{so,dylib,a}; do
    if [ -e "$file" ]; then cp -p "$file" "$whose/"; fi
done
cd "$whose"
pwd
