#!/usr/bin/env bash
# The network checks that are too long, or need too many descriptors, for the unit suite. The last line is the total.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Ten thousand connections need as many descriptors in each of two processes.
ulimit -S -n "$(ulimit -H -n)" || true

dotnet build -c Release tests/Heddle.NetworkStage --nologo -v quiet
exec tests/Heddle.NetworkStage/bin/Release/net10.0/Heddle.NetworkStage
