#!/usr/bin/env bash
# The core table, the generators' and the failures' of this tree beside those of another commit, both in one process:
#     bench/compare.sh COMMIT [ROW ...]
# A row is slower when it lies 5 % outside of what the other commit shows beside itself. Exit code 1 if one is. Two to three minutes on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
commit=${1:?a commit to compare with}
shift
work=$(mktemp -d)
trap 'git worktree remove --force "$work/before" 2>/dev/null || true; rm -rf "$work"' EXIT
git worktree add --quiet --detach "$work/before" "$commit"
(cd "$work/before" && dotnet build -c Release --nologo -v quiet bench/Heddle.Benchmarks -o "$work/old" >"$work/log") || { cat "$work/log"; exit 1; }
dotnet build -c Release --nologo -v quiet bench/Heddle.Benchmarks -o "$work/new" >"$work/log" || { cat "$work/log"; exit 1; }
dotnet run -c Release --project bench/Compare -- "$work/old" "$work/new" "$@"
