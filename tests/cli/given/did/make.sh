#!/usr/bin/env bash
# Makes the DIDs of this folder anew, with the keys that lie here, which are public. Their names hold hashes of the day,
# so the cases that name them must be written anew too. Needs the command line: cargo build --features cli
set -euo pipefail
cd "$(dirname "$0")"
attesta=${ATTESTA:-../../../../target/debug/attesta}

for key in update-1 update-2 update-3 issuing witness-1 witness-2 witness-3; do
    [ -e "$key.jwk" ] || "$attesta" key generate --out "$key.jwk"
done
did_of() { "$attesta" key show "$1" | head -1; }
did() {
    local command=$1
    shift
    "$attesta" did $command "$@" > made.txt
    head -1 made.txt
}

rm -rf steady careful witnessed waiting ended web
did "create webvh" --dir steady --domain ngo.example --key update-1.jwk --signing-key issuing.jwk
did update --dir steady --key update-1.jwk --add-service site=LinkedDomains=https://ngo.example

did "create webvh" --dir careful --domain ngo.example --key update-1.jwk --signing-key issuing.jwk --portable \
    --next-key update-2.jwk --next-key update-3.jwk
did rotate --dir careful --key update-2.jwk --next-key update-3.jwk

did "create webvh" --dir witnessed --domain ngo.example:8443/people --key update-1.jwk --signing-key issuing.jwk \
    --witness "$(did_of witness-1.jwk)" --witness "$(did_of witness-2.jwk)" --witness "$(did_of witness-3.jwk)"
did witness --dir witnessed --key witness-1.jwk
did witness --dir witnessed --key witness-2.jwk
cp -r witnessed waiting
did rotate --dir waiting --key update-1.jwk --update-key update-2.jwk

did "create webvh" --dir ended --domain ngo.example/old --key update-1.jwk --signing-key issuing.jwk
did deactivate --dir ended --key update-1.jwk

did "create web" --dir web --domain ngo.example --key issuing.jwk

# The second entry lacks its end.
head -c -80 careful/did.jsonl > cut-off.jsonl
rm made.txt
cat waiting/did.jsonl waiting/did-waiting.jsonl > waiting/both.jsonl
