#!/usr/bin/env bash
# Makes the runs of 10,000 seeds in a process with one processor and in one with two, and compares what was decided in each: of a program of the loop's own, and
# of two that speak HTTP while faults strike, of which one is WikiPath's search.
# Usage: eng/same-runs.sh [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=${1:-10000}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
dotnet build tests/Heddle.TestPrograms -v q --nologo
program=tests/Heddle.TestPrograms/bin/Debug/net10.0/Heddle.TestPrograms.dll
for runs in "simulation-hashes" "simulation-http web" "simulation-http wiki"; do
    DOTNET_PROCESSOR_COUNT=1 dotnet "$program" $runs 1 "$seeds" > "$out/one"
    DOTNET_PROCESSOR_COUNT=2 dotnet "$program" $runs 1 "$seeds" > "$out/two"
    diff "$out/one" "$out/two" | head -20
    echo "$runs: $(wc -l < "$out/one") lines, $(cut -d ' ' -f 2 "$out/one" | sort -u | wc -l) different ones, the same in both processes"
done
