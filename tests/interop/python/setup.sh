#!/usr/bin/env bash
# Makes the virtual environment in which oracle.py runs, in ATTESTA_CACHE, where it may be removed at any time. What is
# there already is kept, until the requirements change.
set -euo pipefail
cd "$(dirname "$0")"

need=../../../scripts/need.sh
$need python3=python3
# Debian's python3 comes without what a virtual environment is made with.
$need "$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/ensurepip/__init__.py=python3-venv"

root=${ATTESTA_CACHE:-$HOME/.cache/attesta}/interop-python
if ! cmp -s requirements.txt "$root/requirements.txt" || ! "$root/bin/python3" -c 'import sd_jwt' 2>/dev/null; then
    rm -rf "$root"
    python3 -m venv "$root"
    "$root/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement requirements.txt
    cp requirements.txt "$root/requirements.txt"
fi
