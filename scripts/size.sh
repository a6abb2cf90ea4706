#!/usr/bin/env bash
# Builds the library as it ships to phones, and that of issuers' apps, and fails if one is larger than it may be, or if a
# panic in it is anything but an error of the call. On Linux the phones' library is built for arm64 too, which is what
# phones are.
#
# usage: scripts/size.sh ARM64-BYTES PHONE-BYTES ISSUER-BYTES
set -euo pipefail
cd "$(dirname "$0")/.."

case "$(uname -s)" in Darwin) file=libattesta_ffi.dylib ;; *) file=libattesta_ffi.so ;; esac
arm64=aarch64-unknown-linux-gnu

# check MOST-BYTES FOR-ISSUERS LIBRARY
check() {
    local most=$1 for_issuers=$2 library=$3 kept bytes
    kept=$(grep -c -e uniffi_attesta_ffi_fn_func_create_did_webvh -e uniffi_attesta_ffi_fn_func_issue "$library" || true)
    [ "$((kept > 0))" = "$for_issuers" ] ||
        { echo "What issuers alone use is in $library, or is missing there." >&2; exit 1; }

    bytes=$(wc -c <"$library")
    echo "${library#"$PWD/"}: $bytes bytes, where at most $most are allowed"
    [ "$bytes" -le "$most" ] || outgrown=1
}

# panics FOLDER        whether a panic in the library in this folder is an error of the call
panics() {
    local said
    rustc --edition 2024 scripts/phone-fault.rs -o "$1/phone-fault" \
        -L "$1" -l dylib=attesta_ffi -C link-arg=-Wl,-rpath,"$1"
    said=$("$1/phone-fault" 2>&1) ||
        { echo "$said"; echo "A panic in $1/$file does not become an error." >&2; exit 1; }
}

outgrown=0
if [ "$(uname -s)" = Linux ] && [ "$(uname -m)" != aarch64 ]; then
    scripts/need.sh aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu \
        /usr/aarch64-linux-gnu/lib/crti.o=libc6-dev-arm64-cross
    folder=$(scripts/phone-library.sh $arm64)
    check "$1" 0 "$folder/$file"
fi
folder=$(scripts/phone-library.sh)
panics "$folder"
check "$2" 0 "$folder/$file"
folder=$(scripts/phone-library.sh --issuer)
panics "$folder"
check "$3" 1 "$folder/$file"
if [ "$outgrown" = 1 ]; then
    echo "A library has outgrown its ceiling: docs/adr/0009-the-phones-library.md says what keeps it small." >&2
    exit 1
fi
