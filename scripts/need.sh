#!/usr/bin/env bash
# Makes sure that tools are there. Each argument is COMMAND=DEBIAN-PACKAGE, LIBRARY.pc=DEBIAN-PACKAGE for a library that
# pkg-config knows, or /FILE=DEBIAN-PACKAGE. On Debian as root what is missing is installed; elsewhere, and where that
# does not help, this fails and names the command that installs it.
set -euo pipefail

there() {
    case "$1" in
        *.pc) pkg-config --exists "${1%.pc}" ;;
        /*) [ -e "$1" ] ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# Sets `missing` and the packages that hold it.
look() {
    missing=() packages=()
    local need
    for need in "$@"; do
        there "${need%%=*}" || { missing+=("${need%%=*}"); packages+=("${need#*=}"); }
    done
}

fail() {
    echo "These are missing: ${missing[*]}" >&2
    echo "On Debian or Ubuntu: sudo apt-get install ${packages[*]}. Elsewhere install the same with your package manager." >&2
    [ -z "$1" ] || echo "$1" >&2
    exit 1
}

look "$@"
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || fail ""

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
    fail "This was tried, and did not succeed."
hash -r
look "$@"
[ ${#missing[@]} -eq 0 ] || fail "This was done, and they are still not found: is their folder in PATH?"
