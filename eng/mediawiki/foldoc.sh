#!/usr/bin/env bash
# A MediaWiki that holds FOLDOC, the Free On-line Dictionary of Computing: starts it in DIR, loads it the first time,
# and prints its API address last. DIR/foldoc.json is its graph. `wiki.sh stop DIR` stops it.
#
#   foldoc.sh DIR
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)

api=$("$here/wiki.sh" start "$dir")
if [ ! -f "$dir/loaded" ]; then
  "$here/wiki.sh" fetch "$dir" dict-foldoc
  dotnet run "$here/foldoc.cs" "$dir/dict-foldoc/usr/share/dictd" "$dir/foldoc.xml" "$dir/foldoc.json" >&2
  "$here/wiki.sh" load "$dir" "$dir/foldoc.xml" >&2
  touch "$dir/loaded"
fi
echo "$api"
