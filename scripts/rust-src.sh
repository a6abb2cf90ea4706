#!/usr/bin/env bash
# Prints the folder of the standard library's source for the installed rustc, to build it for targets whose ready-made
# standard library is not installed. It comes from rustup's component when that is there, and else from Debian's
# backports, into ATTESTA_CACHE, where it may be removed at any time. The system's list of packages stays as it is.
#
# usage: scripts/rust-src.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

SUITE=trixie-backports
version=$(rustc --version | awk '{ print $2 }')

own=$(rustc --print sysroot)/lib/rustlib/src/rust/library
[ -d "$own" ] && { echo "$own"; exit 0; }

root=${ATTESTA_CACHE:-$HOME/.cache/attesta}/rust-src-$version
[ -d "$root/library" ] && { echo "$root/library"; exit 0; }

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The source of Rust's standard library is missing: rustup component add rust-src" >&2
    exit 1
fi

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
[ -d "$root/library" ] && { echo "$root/library"; exit 0; }

key=/usr/share/keyrings/debian-archive-trixie-automatic.gpg
[ -f "$key" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
work=$(mktemp -d "$root.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work/out"
echo "deb [signed-by=$key] $("$here/debian-mirror.sh") $SUITE main" >"$work/sources.list"
apt=(-qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists"
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User=)

echo "Fetching the source of Rust's standard library, version $version." >&2
apt-get "${apt[@]}" update >&2
package=$(apt-cache "${apt[@]}" madison rust-src |
    awk -F'|' -v version="$version" '{ gsub(/ /, "", $2) } index($2, version "+") == 1 && !found { found = $2 } END { print found }')
if [ -z "$package" ]; then
    echo "Debian's $SUITE has no rust-src $version: rustup component add rust-src" >&2
    exit 1
fi
(cd "$work" && apt-get "${apt[@]}" download "rust-src=$package" >&2)
dpkg-deb --fsys-tarfile "$work"/rust-src_*.deb |
    tar -x -C "$work/out" --strip-components=4 "./usr/src/rustc-$version/library"
mkdir -p "$root"
mv "$work/out/library" "$root/library"
echo "$root/library"
