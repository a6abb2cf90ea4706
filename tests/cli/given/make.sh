#!/usr/bin/env bash
# Makes the signed files of this folder anew, with the keys that lie here. The snapshots do not depend on their random
# parts. Needs the command line: cargo build --features cli
set -euo pipefail
cd "$(dirname "$0")"
attesta=${ATTESTA:-../../../target/debug/attesta}

holder=$("$attesta" key show holder.jwk | head -1)
audience=https://bank.example
nonce=n-0S6_WzA2Mj

# So short that none of them needs a status.
issue() {
    local kind=$1 key=$2 out=$3
    shift 3
    "$attesta" issue "$kind" --claims "$kind.json" --key "$key" --valid-from 2026-11-09 --out "$out" "$@"
}

present() {
    "$attesta" present --key holder.jwk --audience "$audience" --nonce "$nonce" --credential "$@"
}

"$attesta" key show holder.jwk --jwk > holder-public.jwk
for kind in proof-of-address licence skill; do
    "$attesta" issue "$kind" --example > "$kind.json"
done

issue proof-of-address issuer.jwk guarantee.jwt --valid-for 7d --holder "$holder"
issue proof-of-address issuer.jwk guarantee.json --valid-for 7d --holder "$holder" --format eddsa-jcs-2022
issue proof-of-address stranger.jwk stranger.jwt --valid-for 7d --holder "$holder"
issue licence issuer.jwk licence.jwt --valid-for 7d
issue licence issuer-p256.jwk licence-ecdsa.json --valid-for 7d --holder "$holder" --format ecdsa-jcs-2019
issue licence issuer-p256.jwk licence.cose --valid-for 7d --holder "$holder" --format vc+cose
issue skill issuer.jwk skill.jwt --valid-for 7d --holder "$holder"
issue credential issuer.jwk hostile.jwt --valid-for 90d
issue credential issuer.jwk did-web.jwt --issuer did:web:ngo.example#key-1 --valid-for 90d

present guarantee.jwt --out answer.jwt
present guarantee.json --out answer.json
present guarantee.jwt --credential skill.jwt --out two.jwt

# Another flat is written into the guarantee, and its signature left as it was.
sed 's/"flat":"B"/"flat":"A"/' guarantee.json > changed.json
cmp --silent guarantee.json changed.json && { echo "the changed copy is not changed" >&2; exit 1; }
head -c 500 licence.cose > cut-off.cose
# The examples read some of them.
cp guarantee.jwt answer.jwt trust-list.json holder.jwk ../../../examples/files/
