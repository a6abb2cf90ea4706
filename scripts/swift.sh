#!/usr/bin/env bash
# Runs a command where Swift is: here, when `swift` is found, else in the Debian that scripts/swift-root.sh keeps. There
# the checkout, the current folder, ATTESTA_CACHE, CARGO_TARGET_DIR and CONFORMANCE_VECTORS have the paths they have
# here, and of the environment only CI, CONFORMANCE_VECTORS and what begins with ATTESTA_ is seen.
#
# usage: scripts/swift.sh COMMAND [ARGUMENT]...        as in: scripts/swift.sh swift build
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if command -v swift >/dev/null 2>&1; then
    exec "$@"
fi

root=$("$here/swift-root.sh")
cache=${ATTESTA_CACHE:-$HOME/.cache/attesta}
checkout=$(dirname "$here")
export PATH="$PATH:/usr/sbin:/sbin"

binds=()
for folder in "$checkout" "$PWD" "$cache/swift" "${CARGO_TARGET_DIR:-}" "${CONFORMANCE_VECTORS:-}"; do
    [ "$folder" = "$cache/swift" ] && mkdir -p "$folder"
    if [ -n "$folder" ] && [ -d "$folder" ]; then binds+=("$folder"); fi
done

variables=(PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME=/tmp LANG=C.UTF-8)
while IFS= read -r name; do
    case "$name" in
        CI | ATTESTA_* | CONFORMANCE_VECTORS) variables+=("$name=${!name}") ;;
    esac
done < <(compgen -e)

# The mounts live in a namespace of their own and end with the command.
exec unshare --mount --pid --fork --kill-child --propagation private bash -c '
    set -euo pipefail
    root=$1 here=$2 binds=$3; shift 3
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    for folder in "${@:1:binds}"; do mkdir -p "$root$folder"; mount --bind "$folder" "$root$folder"; done
    shift "$binds"
    exec chroot "$root" env -i -C "$here" "$@"
' swift "$root" "$PWD" "${#binds[@]}" "${binds[@]}" "${variables[@]}" "$@"
