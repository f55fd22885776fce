#!/usr/bin/env bash
# Writes each package's public members that are not in PublicAPI.Shipped.txt into PublicAPI.Unshipped.txt.
# Read the difference before you commit it: it is the list of what the package promises.
set -euo pipefail
cd "$(dirname "$0")/.."

export EnablePublicApi=true
for list in src/*/PublicAPI.Unshipped.txt; do
    folder=$(dirname "$list")
    echo '#nullable enable' >"$folder/PublicAPI.Unshipped.txt"
    # A project before the one that uses it, which 'src/*' happens to be.
    dotnet format analyzers "$folder" --diagnostics RS0016 --severity warn
done
git --no-pager diff --stat -- 'src/*/PublicAPI.Unshipped.txt'
