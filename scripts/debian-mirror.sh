#!/usr/bin/env bash
# Prints the address of the Debian mirror that apt is set up with; DEBIAN_MIRROR overrides it.
set -euo pipefail

if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    exit 0
fi
mirrors() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian'; }
mirror=$(mirrors | sed -n 1p)
if [ -z "$mirror" ]; then
    apt-get update -qq >&2
    mirror=$(mirrors | sed -n 1p)
fi
if [ -z "$mirror" ]; then
    echo "apt knows no Debian mirror: set DEBIAN_MIRROR to the address of one." >&2
    exit 1
fi
echo "$mirror"
