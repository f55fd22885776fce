#!/usr/bin/env bash
# Ten thousand random generator programs beside CPython: the unit suite runs the first of them. The last line is the total.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

code=0
HEDDLE_RANDOM_PROGRAMS=10000 dotnet test --project tests/Heddle.Tests --filter-class '*.RandomTwinTests' 2>&1 | tee "$log" || code=$?
number() { sed -n "s/^  $1: \([0-9][0-9]*\)\$/\1/p" "$log" | tail -n 1; }
passed=$(number succeeded)
echo "${passed:-0} passed, $(number failed | grep . || echo 1) failed, $(number skipped | grep . || echo 0) skipped"
[ $code -eq 0 ] && [ "${passed:-0}" -gt 0 ]
