#!/usr/bin/env bash
# Builds the library as it ships to phones, and that of issuers' apps, and fails if one is larger than it may be, or if a
# panic in it is anything but an error of the call.
#
# usage: scripts/size.sh PHONE-BYTES ISSUER-BYTES
set -euo pipefail
cd "$(dirname "$0")/.."

case "$(uname -s)" in Darwin) file=libattesta_ffi.dylib ;; *) file=libattesta_ffi.so ;; esac

# check MOST-BYTES FOR-ISSUERS [ARGUMENT]...        the library that scripts/phone-library.sh builds with these arguments
check() {
    local most=$1 for_issuers=$2 folder library said kept bytes
    shift 2
    folder=$(scripts/phone-library.sh "$@")
    library=$folder/$file

    rustc --edition 2024 scripts/phone-fault.rs -o "$folder/phone-fault" \
        -L "$folder" -l dylib=attesta_ffi -C link-arg=-Wl,-rpath,"$folder"
    said=$("$folder/phone-fault" 2>&1) ||
        { echo "$said"; echo "A panic in $library does not become an error." >&2; exit 1; }

    kept=$(grep -c -e uniffi_attesta_ffi_fn_func_create_did_webvh -e uniffi_attesta_ffi_fn_func_issue "$library" || true)
    [ "$((kept > 0))" = "$for_issuers" ] ||
        { echo "What issuers alone use is in $library, or is missing there." >&2; exit 1; }

    bytes=$(wc -c <"$library")
    echo "${library#"$PWD/"}: $bytes bytes, where at most $most are allowed"
    [ "$bytes" -le "$most" ] || outgrown=1
}

outgrown=0
check "$1" 0
check "$2" 1 --issuer
if [ "$outgrown" = 1 ]; then
    echo "A library has outgrown its ceiling: docs/adr/0009-the-phones-library.md says what keeps it small." >&2
    exit 1
fi
