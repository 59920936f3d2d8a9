#!/usr/bin/env bash
# Runs a group of the tests that are built: Tests/run.sh [WORDS OF swift test…]
# When it fails, what failed is told once more at the end, so that the last lines of a long record name it: every issue
# with its place, or, after a crash, the tests that were at work.
set -uo pipefail
words=(test --skip-build --parallel "$@")
record=$(mktemp)
trap 'rm -f "$record"' EXIT
"${SWIFT:-swift}" "${words[@]}" 2>&1 | tee "$record"
code=${PIPESTATUS[0]}
[ "$code" -eq 0 ] && exit 0

echo "--- swift ${words[*]} ended with $code:"
# ◇ Test name(_:) started.
# ✘ Test name(_:) recorded an issue with 1 argument c → 1 at File.swift:7:9: Expectation failed: …
# ✘ Test name(_:) with 3 test cases failed after 0.002 seconds with 1 issue.
awk -v most=15 '
    / recorded an issue / && ++count <= most { print substr($0, 1, 300) }
    $2 != "Test" || $3 == "run" { next }
    / started\.$/ { atWork[$3] = 1 }
    / (passed|failed) after | skipped/ { delete atWork[$3] }
    END {
        if (count > most) print "and " count - most " more"
        if (count) exit
        for (test in atWork) if (++shown <= most) print "at work: " test
    }' "$record"
exit "$code"
