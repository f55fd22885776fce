#!/usr/bin/env bash
# Ten thousand random generator programs beside CPython: the unit suite runs the first of them. The last line is the total.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

code=0
HEDDLE_RANDOM_PROGRAMS=10000 dotnet test --project tests/Heddle.Tests --filter-class '*.RandomTwinTests' 2>&1 | tee "$log" || code=$?
eng/test-total.sh "$log" $code
