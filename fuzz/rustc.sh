#!/usr/bin/env bash
# Calls the compiler, as cargo's RUSTC_WRAPPER, with what libFuzzer needs to see which way an input goes: in the crates
# that read, not in those that calculate, where there is nothing to see and much to slow down. Build scripts and macros,
# which have no --target, run in the compiler and are left alone.
set -euo pipefail

name='' is_watched=''
previous=''
for argument in "$@"; do
    [ "$previous" != --crate-name ] || name=$argument
    [ "$previous" != --target ] || is_watched=yes
    previous=$argument
done
case "$name" in
    attesta | attesta_fuzz | serde_json | webpki) ;;
    *) is_watched='' ;;
esac
if [ -n "$is_watched" ]; then
    set -- "$@" -Cpasses=sancov-module
    for option in level=4 inline-8bit-counters pc-table trace-compares; do
        set -- "$@" "-Cllvm-args=-sanitizer-coverage-$option"
    done
fi
exec "$@"
