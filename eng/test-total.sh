#!/usr/bin/env bash
# The total of one run of 'dotnet test', 'N passed, N failed, N skipped', and whether it is a good one.
#
#   eng/test-total.sh LOG CODE      what the run has written, in English, and its exit code
#
# The runner's own summary is read, and not a report file, so that the command can be the README's to the letter. Its
# numbers are the sum over all suites. One that crashed, or ran nothing, is in the exit code and in no number, so a bad
# exit code without a failed test counts as one.
set -euo pipefail

log=$1
code=$2
number() { sed -n "s/^  $1: \([0-9][0-9]*\)\$/\1/p" "$log" | tail -n 1 | grep . || echo 0; }

passed=$(number succeeded)
failed=$(number failed)
if { [ "$code" -ne 0 ] || [ "$passed" -eq 0 ]; } && [ "$failed" -eq 0 ]; then
    failed=1
fi
echo "$passed passed, $failed failed, $(number skipped) skipped"
[ "$failed" -eq 0 ]
