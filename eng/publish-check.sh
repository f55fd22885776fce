#!/usr/bin/env bash
# Publishes tests/Heddle.AotCheck trimmed, with Native AOT and as a single file, runs each, and compares what they print with
# what the ordinary build prints. Each starts worker processes of itself. A trim or AOT warning is an error (TreatWarningsAsErrors reaches both tools).
# Native AOT needs clang and zlib1g-dev. Prints 'N passed, N failed' last.
set -uo pipefail
cd "$(dirname "$0")/.."

project=tests/Heddle.AotCheck
work=artifacts/publish-check
rid=$(dotnet --info | sed -n 's/^ *RID: *//p' | head -n 1)
passed=0
failed=0

rm -rf "$work/out"
mkdir -p "$work/out"

# An artifacts path of its own: a publish restores for one runtime, and that must not reach the
# obj/ directories of an ordinary build.
publish() { # name, properties…
    local name=$1
    shift
    dotnet publish "$project" -c Release -r "$rid" --artifacts-path "$work/$name" -o "$work/out/$name" \
        -v quiet "$@" </dev/null
}

check() { # name, properties…
    local name=$1
    if publish "$@" && "$work/out/$name/Heddle.AotCheck" >"$work/out/$name.txt" &&
        diff -u "$work/out/plain.txt" "$work/out/$name.txt"; then
        echo "publish check: $name passed ($(du -sh "$work/out/$name" | cut -f 1))"
        passed=$((passed + 1))
    else
        echo "publish check: $name FAILED"
        failed=$((failed + 1))
    fi
}

touch "$work/out/plain.txt"
if publish plain --no-self-contained && dotnet "$work/out/plain/Heddle.AotCheck.dll" >"$work/out/plain.txt"; then
    passed=$((passed + 1))
else
    echo "publish check: the ordinary build FAILED"
    failed=$((failed + 1))
fi
check trimmed --self-contained -p:PublishTrimmed=true
check aot -p:PublishAot=true
check single-file --no-self-contained -p:PublishSingleFile=true

# Without a line in Main, as most programs are. Nobody has told them of a context then, so what a context loses arrives.
hooked() { # name, command…
    local name=$1
    shift
    if "$@" hooked >"$work/out/$name-hooked.txt" && diff -u <(grep -v 'would not arrive' "$work/out/plain.txt") <(grep -v '^arrived: ' "$work/out/$name-hooked.txt"); then
        echo "publish check: $name, workers by startup hook, passed"
        passed=$((passed + 1))
    else
        echo "publish check: $name, workers by startup hook, FAILED"
        failed=$((failed + 1))
    fi
}
hooked plain dotnet "$work/out/plain/Heddle.AotCheck.dll"
hooked single-file "$work/out/single-file/Heddle.AotCheck"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
