#!/usr/bin/env bash
# Builds the library as it ships to phones, and fails if it is larger than it may be, or if a panic in it is anything
# but an error of the call.
#
# usage: scripts/size.sh BYTES
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(scripts/phone-library.sh)
case "$(uname -s)" in Darwin) library=$folder/libattesta_ffi.dylib ;; *) library=$folder/libattesta_ffi.so ;; esac

rustc --edition 2024 scripts/phone-fault.rs -o "$folder/phone-fault" \
    -L "$folder" -l dylib=attesta_ffi -C link-arg=-Wl,-rpath,"$folder"
said=$("$folder/phone-fault" 2>&1) || { echo "$said"; echo "A panic in $library does not become an error." >&2; exit 1; }

bytes=$(wc -c <"$library")
echo "${library#"$PWD/"}: $bytes bytes, where at most $1 are allowed"
if [ "$bytes" -gt "$1" ]; then
    echo "The library has outgrown its ceiling: docs/adr/0009-the-phones-library.md says what keeps it small." >&2
    exit 1
fi
