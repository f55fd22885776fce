#!/usr/bin/env bash
# How long the ways through the library are: the methods that run, the lines they have and the files they stand in, while
# a delay is awaited, a task is cancelled and a group's child fails.
#     eng/path-length.sh [COMMIT]
# of this tree, and of another commit beside it. Each way is walked once before it is counted, so pools are filled and
# nothing is counted that happens only the first time. It is a Debug build: no method is inlined. -v lists the methods.
set -euo pipefail
cd "$(dirname "$0")/.."
list=
if [ "${1:-}" = -v ]; then list=-v; shift; fi
work=$(mktemp -d)
trap 'git worktree remove --force "$work/before" 2>/dev/null || true; rm -rf "$work"' EXIT

walk() {  # TREE NAME
    dotnet build -c Debug -p:Optimize=false --no-incremental --nologo -v quiet "$1/src/Heddle" -o "$work/$2" >"$work/log" || { cat "$work/log"; exit 1; }
    dotnet run -c Debug --project eng/path-length/Count -- instrument "$work/$2/Heddle.dll"
    dotnet build -c Debug -p:HeddleDll="$work/$2/Heddle.dll" --nologo -v quiet eng/path-length/Walk -o "$work/$2-walk" >"$work/log" \
        || { cat "$work/log"; exit 1; }
    dotnet "$work/$2-walk/Walk.dll" >"$work/$2.hits"
    dotnet run --no-build -c Debug --project eng/path-length/Count -- report "$2" "$work/$2/Heddle.dll" "$work/$2.hits" $list
}

if [ $# -gt 0 ]; then
    git worktree add --quiet --detach "$work/before" "$1"
    walk "$work/before" "$1"
fi
walk . "this"
