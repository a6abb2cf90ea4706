#!/usr/bin/env bash
# Makes sure that commands are there. Each argument is COMMAND=DEBIAN-PACKAGE. On Debian as root the missing packages
# are installed; elsewhere the missing commands are named, with how to install them, and this fails.
set -euo pipefail

packages=()
for need in "$@"; do
    command -v "${need%%=*}" >/dev/null 2>&1 || packages+=("${need#*=}")
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
