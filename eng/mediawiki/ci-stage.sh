#!/usr/bin/env bash
# The tests that need a real MediaWiki: installs and starts one, loads FOLDOC, tests, and always stops it.
#
#   eng/mediawiki/ci-stage.sh [arguments for dotnet test]
#
# WIKIPATH_WIKI_DIR names a folder that is kept, so that a second run finds the wiki loaded; else it is temporary.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ -n "${WIKIPATH_WIKI_DIR:-}" ]; then
  dir=$WIKIPATH_WIKI_DIR
  keep=1
  mkdir -p "$dir"
else
  dir=$(mktemp -d)
  keep=
fi

finish() {
  status=$?
  "$here/wiki.sh" stop "$dir" || true
  if [ $status -ne 0 ]; then
    for log in "$dir"/*.log; do [ ! -s "$log" ] || { echo "--- ${log##*/}"; tail -n 5 "$log"; } >&2; done
  fi
  [ -n "$keep" ] || rm -rf "$dir"
  exit $status
}
trap finish EXIT

WIKIPATH_MEDIAWIKI=$("$here/foldoc.sh" "$dir")
export WIKIPATH_MEDIAWIKI
if [ ! -f "$dir/odd-titles" ]; then
  "$here/wiki.sh" add "$dir" "$root/tests/WikiPath.MediaWiki.Tests/odd-titles.xml" >"$dir/add.log" 2>&1
  touch "$dir/odd-titles"
fi
export WIKIPATH_GRAPH=$dir/foldoc.json
export WIKIPATH_FAULTS=$dir/fault.json      # where the tests make the wiki misbehave
rm -f "$WIKIPATH_FAULTS"

code=0
dotnet test --project "$root/tests/WikiPath.MediaWiki.Tests" "$@" 2>&1 | tee "$dir/test.txt" || code=$?
"$root/eng/test-total.sh" "$dir/test.txt" $code
