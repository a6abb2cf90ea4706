#!/usr/bin/env bash
# Prints what calls from Swift cost. The library must be optimised: scripts/swift-bindings.sh mobile comes first.
#
# usage: scripts/swift.sh scripts/swift-bench.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=${CARGO_TARGET_DIR:-$PWD/target}/swift
swift run -q -c release --package-path bindings/swift/checks --scratch-path "$scratch/checks" Overhead
