#!/usr/bin/env bash
# Measures, and writes the figures of README.md anew, between its two markers: the table, with other implementations over
# the same bytes, the sizes of the phones' libraries, and how many packages the core stands on. It takes some minutes; run
# it on a machine that does nothing else.
#
# usage: scripts/figures.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# The lines that are shown of all that is measured, in this order. One that nobody measures fails.
SHOWN='raw Ed25519
verify vc+jwt Ed25519
verify vc+jwt Ed25519 proof-of-address
verify vc+cose Ed25519
verify eddsa-jcs-2022
verify eddsa-jcs-2022 proof-of-address
verify eddsa-rdfc-2022
verify eddsa-rdfc-2022 proof-of-address
verify eddsa-rdfc-2022 64 KiB
raw ES256
verify vc+jwt ES256
verify vc+jwt ES256 proof-of-address
verify vc+cose ES256
verify ecdsa-jcs-2019 P-256
verify ecdsa-rdfc-2019 P-256
verify ecdsa-sd-2023 derived
raw ES384
verify vc+jwt ES384
verify ecdsa-jcs-2019 P-384
verify ecdsa-rdfc-2019 P-384
verify dc+sd-jwt Ed25519 4 disclosures
verify dc+sd-jwt Ed25519 4 disclosures proof-of-address
verify dc+sd-jwt ES256 4 disclosures
issue vc+jwt Ed25519
issue eddsa-jcs-2022
issue eddsa-rdfc-2022
issue vc+jwt ES256
issue dc+sd-jwt Ed25519
present vp+jwt ES256
present dc+sd-jwt ES256 4 disclosures
verify vp+jwt Ed25519
verify vp+jwt ES256
verify dc+sd-jwt+kb ES256 4 disclosures
refuse RDFC K8
refuse RDFC K10, predicates of 20 kB
refuse RDFC K40
match dcql 1000 credentials, 5 queries
resolve did:key Ed25519
resolve did:jwk Ed25519
resolve did:webvh 120 entries
decode Bitstring Status List 1000000 x 1 bits
check Bitstring Status List 1000000 x 1 bits
decode Token Status List 1000000 x 2 bits
check Token Status List 1000000 x 2 bits
ssi verify vc+jwt Ed25519
ssi verify eddsa-rdfc-2022
ssi verify dc+sd-jwt Ed25519 4 disclosures
ssi verify vc+jwt ES256
ssi verify ecdsa-rdfc-2019 P-256
ssi verify dc+sd-jwt ES256 4 disclosures
node raw eddsa-rdfc-2022
digitalbazaar verify eddsa-jcs-2022
digitalbazaar verify eddsa-rdfc-2022
digitalbazaar verify eddsa-rdfc-2022 proof-of-address
digitalbazaar verify eddsa-rdfc-2022 64 KiB
jose verify vc+jwt Ed25519
sd-jwt-js verify dc+sd-jwt Ed25519 4 disclosures
node raw ecdsa-rdfc-2019 P-256
digitalbazaar verify ecdsa-jcs-2019 P-256
digitalbazaar verify ecdsa-rdfc-2019 P-256
digitalbazaar verify ecdsa-sd-2023 derived
jose verify vc+jwt ES256
sd-jwt-js verify dc+sd-jwt ES256 4 disclosures
kotlin load
kotlin first verify vc+jwt Ed25519
kotlin call
kotlin verify vc+jwt Ed25519 proof-of-address
kotlin verify vc+jwt ES256 proof-of-address
swift load
swift first verify vc+jwt Ed25519
swift call
swift verify vc+jwt Ed25519 proof-of-address
swift verify vc+jwt ES256 proof-of-address'
BEGIN='<!-- figures: written by make figures -->'
END='<!-- end of the figures -->'

for marker in "$BEGIN" "$END"; do
    [ "$(grep -cxF -- "$marker" README.md)" = 1 ] || { echo "README.md must hold this line once: $marker" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A library that has outgrown its ceiling is shown as it is; `make size` says so, here too.
echo "make size" >&2
make --no-print-directory size >"$work/size" || true
for target in bench peers-bench kotlin-bench swift-bench; do
    echo "make $target" >&2
    make --no-print-directory "$target" >"$work/$target" || { cat "$work/$target" >&2; exit 1; }
done

# NAME TIME ns ALLOCATIONS allocs RATIO: a name holds single spaces, and at least two follow it. Maven sets its colours
# back before the first line.
awk -v shown="$SHOWN" '
    { gsub(/\033\[[0-9;]*m/, "") }
    match($0, /  +[0-9]+ ns  +[0-9-]+ allocs  +[0-9.x-]+$/) { measured[substr($0, 1, RSTART - 1)] = $0 }
    END {
        count = split(shown, names, "\n")
        for (i = 1; i <= count; i++) {
            if (!(names[i] in measured)) { print "Nothing measures: " names[i] >"/dev/stderr"; exit 1 }
            print measured[names[i]]
        }
    }' "$work"/{bench,peers-bench,kotlin-bench,swift-bench} >"$work/table"

megabytes() { awk -v whose="$1/" '/ bytes, where at most / && index($0, whose) { printf "%.2f", $2 / 1000000 }' "$work/size"; }
host=$(rustc -vV | sed -n 's/^host: //p')
arm64=$(megabytes aarch64-unknown-linux-gnu/mobile/phone) phone=$(megabytes "$host/mobile/phone")
issuer=$(megabytes "$host/mobile/issuer")
[ -n "$arm64" ] && [ -n "$phone" ] && [ -n "$issuer" ] || { echo "make size names no size." >&2; exit 1; }
count='cargo tree -p attesta -e normal,no-proc-macro --no-default-features --prefix none'
packages=$(($(${CARGO:-cargo} ${count#cargo } --locked | awk '{print $1}' | sort -u | wc -l) - 1))

# The last number is the average of a quarter of an hour, as long as the measuring takes.
load=$(LC_ALL=C uptime | awk '{ print $NF }')
# Whatever verifies checks the signature too: it cannot take less time than that alone.
disturbed=$(awk '$NF ~ /x$/ && $NF + 0 < 0.95 { count++ } END { print count + 0 }' "$work/table")

{
    echo "Measured on $(date -u +%F) on $(getconf _NPROCESSORS_ONLN) $(uname -m) cores, with a load average of $load:"
    printf '\n```text\n%s\n```\n\n' "$(cat "$work/table")"
    if [ "$disturbed" -gt 0 ]; then
        echo "Lines with a ratio below 1: $disturbed. That cannot be: other work disturbed this run, and none of its times or ratios is to be relied on."
        echo
    fi
    echo "The library for phones, with all that wallets and desks use, is $arm64 MB stripped for arm64 and $phone MB for $(uname -m), that of issuers' apps $issuer MB ($(uname -m), \`make size\`)."
    echo "The core has $packages normal dependencies, proc macros not counted, none in C:"
    printf '\n```sh\n%s\n```\n' "$count | awk '{print \$1}' | sort -u | wc -l   # one more: attesta itself"
} >"$work/block"

awk -v begin="$BEGIN" -v end="$END" -v block="$work/block" '
    $0 == end { inside = 0 }
    !inside { print }
    $0 == begin { inside = 1; while ((getline line <block) > 0) print line }' README.md >"$work/README.md"
cp "$work/README.md" README.md
cat "$work/block"
