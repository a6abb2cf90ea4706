#!/usr/bin/env bash
# Runs the published vectors of the standards, prints how many agree, and writes the counts of docs/conformance.md anew,
# between its two markers. A set that is not there fails.
#
# usage: scripts/conformance.sh
set -euo pipefail
cd "$(dirname "$0")/.."

BEGIN='<!-- counts: written by make conformance -->'
END='<!-- end of the counts -->'
export CI=true
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"${CARGO:-cargo}" test --locked --all-features --test 'conformance_*' --test wycheproof -- --nocapture 2>/dev/null >"$log" ||
    { cat "$log"; exit 1; }
# A test's own lines: what cargo and its harness print begins otherwise.
counts=$(sed 's/^test .* \.\.\. //' "$log" |
    grep -E '^(citizenship|json-ld|jcs|did-key|did-webvh|rdf-canon|token-status-list|vc-di-|vc-jose-cose|vcdm2|sd-jwt|openid4vp|wycheproof)[^ ]*( [A-Za-z0-9]+)*: ' | sort)
[ -n "$counts" ] || { echo "No conformance set has spoken." >&2; exit 1; }
echo "$counts"
awk -v begin="$BEGIN" -v end="$END" -v counts="$counts" '
    $0 == begin { print; print "```text"; print counts; print "```"; inside = 1 }
    $0 == end { inside = 0 }
    !inside && $0 != begin { print }
' docs/conformance.md >"$log"
cat "$log" >docs/conformance.md
