#!/usr/bin/env bash
# Simulated runs a second beside the schedules a second of Microsoft Coyote 1.7.11, on the same program, in one run.
# Usage: bench/coyote.sh [SCHEDULES]
set -euo pipefail
cd "$(dirname "$0")/.."

schedules=${1:-300}
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
dotnet tool install Microsoft.Coyote.CLI --version 1.7.11 --tool-path "$tool" > /dev/null
dotnet build -c Release bench/Coyote -v q --nologo
export DOTNET_ROLL_FORWARD=Major
"$tool/coyote" rewrite bench/Coyote/bin/Release/net8.0/Coyote.dll > /dev/null
dotnet run -c Release --project bench/Heddle.Benchmarks -- simulation --rounds 3
echo "Coyote, schedules a second: $(dotnet bench/Coyote/bin/Release/net8.0/Coyote.dll 21 "$schedules" | tail -1)"
