#!/usr/bin/env bash
# The linker of scripts/phone-library.sh: runs ATTESTA_LINKER, or cc, and
# - keeps UniFFI's descriptions of the functions out of what a library exports, and the functions that say how a record is
#   printed. The generator of the bindings alone needs both, and it reads the development build; what is not exported the
#   linker leaves out;
# - keeps one of several functions that are the same, where the linker is LLVM's, as the NDK's is.
set -euo pipefail

folding=(${ATTESTA_LINKER:+-Wl,--icf=all})
for argument in "$@"; do
    case "$argument" in
        -Wl,--version-script=*) sed -i '/^ *UNIFFI_META_/d; /_uniffi_trait_display;$/d' "${argument#*=}" ;;
        -fuse-ld=lld) folding=(-Wl,--icf=all) ;;
    esac
done
exec "${ATTESTA_LINKER:-cc}" "$@" ${folding[@]+"${folding[@]}"}
