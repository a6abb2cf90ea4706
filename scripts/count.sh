#!/usr/bin/env bash
# Passes on what a test run prints, counts the tests in it as cargo, Surefire and Swift Testing tell them, and keeps the
# sum as target/counts/SUITE for the end of `make test`. A run without a single test fails.
#
# usage: COMMAND | scripts/count.sh SUITE
set -euo pipefail

suite=${1:?usage: COMMAND | scripts/count.sh SUITE}
counts=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/counts
mkdir -p "$counts"
rm -f "$counts/$suite"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
tee "$log"

awk -v suite="$suite" '
    # test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; ...
    /^test result: / { passed += $4; failed += $6; skipped += $8 }
    # [INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0      (with a time: one class, which the sum has again)
    /Tests run: [0-9]+, / && !/Time elapsed/ {
        sub(/.*Tests run: /, ""); gsub(/,/, "")
        failed += $3 + $5; skipped += $7; passed += $1 - $3 - $5 - $7
    }
    # Test "It holds" failed after 0.1 seconds with 2 issues.
    /Test .* failed after / && !/Test run with / { unsound++ }
    # Test run with 12 tests in 3 suites passed after 0.1 seconds.
    /Test run with [0-9]+ tests? / {
        sub(/.*Test run with /, "")
        passed += $1 - unsound; failed += unsound; unsound = 0
    }
    END {
        printf "%s: %d passed, %d failed, %d skipped\n", suite, passed, failed, skipped
        exit !(passed + failed)
    }' "$log" >"$counts/$suite" || { echo "No test of '$suite' has run." >&2; exit 1; }
cat "$counts/$suite"
