#!/usr/bin/env bash
# Makes sure that tools are there. Each argument is COMMAND=DEBIAN-PACKAGE, LIBRARY.pc=DEBIAN-PACKAGE for a library that
# pkg-config knows, or /FILE=DEBIAN-PACKAGE. On Debian as root what is missing is installed; elsewhere it is named, with
# how to install it, and this fails.
set -euo pipefail

there() {
    case "$1" in
        *.pc) pkg-config --exists "${1%.pc}" ;;
        /*) [ -e "$1" ] ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

packages=()
for need in "$@"; do
    there "${need%%=*}" || packages+=("${need#*=}")
done
[ ${#packages[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    exit 0
fi

echo "These are missing: ${packages[*]}" >&2
echo "On Debian or Ubuntu: sudo apt-get install ${packages[*]}. Elsewhere install the same with your package manager." >&2
exit 1
