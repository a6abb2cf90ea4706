#!/usr/bin/env bash
# Feeds the parts that read strangers' bytes with bytes that nobody thought of, each for some seconds, as many at once
# as there are processors. Needs a C++ compiler, for libFuzzer. What it finds lies in fuzz/artifacts/, and what it learns
# in fuzz/corpus/.
#
# usage: [FUZZ_SEED=NUMBER] scripts/fuzz.sh SECONDS [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: scripts/fuzz.sh SECONDS [TARGET...]}
shift
scripts/need.sh c++=g++
cargo=${CARGO:-cargo}
host=$(rustc -vV | sed -n 's/^host: //p')

# With --target, build scripts and macros are told from what runs here: fuzz/rustc.sh leaves them alone.
built=${CARGO_TARGET_DIR:-fuzz/target}/$host/release
RUSTC_WRAPPER=$PWD/fuzz/rustc.sh "$cargo" build -q --locked --release --manifest-path fuzz/Cargo.toml --target "$host"

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for source in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$source" .rs)"); done
fi

"$built/seeds" fuzz/corpus

run() {
    local target=$1 corpus=fuzz/corpus/$1 log=fuzz/artifacts/$1.log options=() failed=0
    mkdir -p "$corpus" "fuzz/artifacts/$target" "fuzz/seeds/$target"
    [ ! -f "fuzz/dictionaries/$target.dict" ] || options+=("-dict=fuzz/dictionaries/$target.dict")
    [ -z "${FUZZ_SEED:-}" ] || options+=("-seed=$FUZZ_SEED")
    # An answer takes milliseconds; 20 seconds on a busy machine is a fault.
    "$built/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=16384 \
        -artifact_prefix="fuzz/artifacts/$target/" -print_final_stats=1 "${options[@]}" \
        "$corpus" "fuzz/seeds/$target" >"$log" 2>&1 || failed=1
    if [ "$failed" = 1 ]; then
        echo "$target: FAILED; all of it is in $log"
        grep -A 3 'panicked at\|^==.*ERROR\|^ALARM' "$log" | grep -v '^note\|^stack' | cut -c 1-2000 || tail -n 30 "$log"
        grep '^artifact_prefix\|^Base64' "$log" || true
        return 1
    fi
    awk -v target="$target" '
        /^stat::number_of_executed_units/ { inputs = $2 }
        $2 == "DONE" { covered = $4; kept = $8 }
        END { printf "%-15s %9d inputs, %6d places reached, %s kept, no fault\n", target, inputs, covered, kept }' "$log"
}
export -f run
export built seconds

mkdir -p fuzz/artifacts
jobs=$(getconf _NPROCESSORS_ONLN)
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -c 'run {}'
