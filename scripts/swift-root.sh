#!/usr/bin/env bash
# Prints the folder of a Debian that holds the Swift tool chain, and builds it there when it is not: Swift is packaged
# from Debian 13 on, and the machine may be older. It takes 2.6 GB, and 70 to 105 seconds once. It is kept outside the
# checkout, in ATTESTA_CACHE, and may be removed at any time.
#
# usage: scripts/swift-root.sh
# needs: Debian or a relative of it, root, and debootstrap (installed when missing)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

SUITE=trixie
PACKAGES=swiftlang,libc6-dev,libstdc++-14-dev
# Another list of packages is another folder.
root=${ATTESTA_CACHE:-$HOME/.cache/attesta}/swift-root-$SUITE-$(printf %s "$PACKAGES" | sha256sum | cut -c 1-8)

[ -d "$root" ] && { echo "$root"; exit 0; }

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    {
        echo "Swift is missing. Install Swift 6.0 or newer from swift.org, or Xcode 16 or newer, so that 'swift' is found."
        echo "On Debian, run this as root: then Swift is installed into a folder of its own."
    } >&2
    exit 1
fi

"$here/need.sh" debootstrap=debootstrap unshare=util-linux flock=util-linux
mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
[ -d "$root" ] && { echo "$root"; exit 0; }

mirror=$("$here/debian-mirror.sh")
keys=/usr/share/keyrings
key=$keys/debian-archive-$SUITE-stable.gpg
[ -f "$key" ] || key=$keys/debian-archive-keyring.gpg
[ -f "$key" ] || { echo "The keys of Debian's archive are missing: apt-get install debian-archive-keyring" >&2; exit 1; }

echo "Installing Swift into $root; this takes a minute or two." >&2
rm -rf "$root".new
# In a mount namespace of its own, so that nothing stays mounted whatever happens.
if ! unshare --mount --propagation private \
    debootstrap --variant=minbase --keyring="$key" --include="$PACKAGES" "$SUITE" "$root.new" "$mirror" >"$root.log" 2>&1; then
    tail -n 20 "$root.log" >&2
    echo "Swift could not be installed; the whole of what debootstrap said is in $root.log." >&2
    exit 1
fi
rm -rf "$root".new/var/cache/apt/archives/*.deb "$root".new/var/lib/apt/lists/*
mv "$root.new" "$root"
echo "$root"
