#!/usr/bin/env bash
# Packs every package, then does with them what a user would, from an empty package cache and outside of the repository:
# runs the README's first program, breaks a rule and has it mended, runs the guide's test, installs wikipath and asks it,
# installs the prompt and tells it something, installs heddle-silo.
# Needs python3, which reads the documents and the packages. Prints 'N passed, N failed' last.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}"   # the installed tool looks there
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
unset DOTNET_CLI_UI_LANGUAGE            # without cultures the compiler warns of any language
version=0.0.1-check
packages=$work/packages
passed=0
failed=0

check() { # what, command…
    local what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        echo "package check: $what: passed"
        passed=$((passed + 1))
    else
        cat "$work/log"
        echo "package check: $what: FAILED"
        failed=$((failed + 1))
    fi
}

pack() {
    local project
    for project in src/*/*.csproj apps/*/*.csproj; do
        dotnet pack "$project" -c Release -p:Version="$version" -o "$packages" --artifacts-path "$work/artifacts" -v quiet \
            </dev/null || return 1
    done
}

# block DOCUMENT LANGUAGE: the first fenced block of that language.
block() {
    awk -v fence="\`\`\`$2" '$0 == "```" && inside { exit } inside { print } $0 == fence { inside = 1 }' "$root/$1"
}

# project NAME PACKAGE…: a console project that has the packages.
project() {
    local name=$1 package
    shift
    cd "$work" && dotnet new console --output "$name" >"$work/new.log" || return 1
    for package in "$@"; do
        dotnet add "$name" package "$package" ${package_version:+--version "$package_version"} || return 1
    done
}

hello() {
    package_version=$version project hello Heddle || return 1
    block README.md csharp >hello/Program.cs
    dotnet run --project hello >hello.txt && diff -u <(block README.md text) hello.txt
}

one_file() {
    cd "$work" || return 1
    { echo "#:package Heddle@$version" && block README.md csharp; } >one-file.cs
    dotnet run one-file.cs >one-file.txt && diff -u <(block README.md text) one-file.txt
}

broken() { # it is an error, in the compiler's words
    cp -r "$work/hello" "$work/broken" && cd "$work/broken" || return 1
    cat >Program.cs <<'CS'
using Heddle;

EventLoop.Run(async () =>
{
    Coroutine.Delay(TimeSpan.FromMilliseconds(1));
    await Coroutine.Yield();
    Console.WriteLine("done");
});
CS
    if dotnet build >build.txt; then
        return 1
    fi
    grep 'error HED001' build.txt || return 1
    # Its page is in the package, and the report says where.
    local page
    page=$(grep -o 'file://[^)]*HED001.md' build.txt | head -1)
    grep '^# HED001' "${page#file://}"
}

mended() { # by the fix that travels beside the analyzers
    cd "$work/broken" || return 1
    dotnet format analyzers --diagnostics HED001 --severity error --verbosity normal &&
        grep 'await Coroutine.Delay' Program.cs && dotnet run
}

tested() {
    package_version=$version project tests Heddle.Testing && dotnet add tests package xunit.v3 || return 1
    rm tests/Program.cs
    block docs/guide/testing.md csharp >tests/RetryTests.cs
    dotnet run --project tests | tee tests.txt && grep -i 'failed: 0' tests.txt
}

simulated() { # passes as the guide has it, and fails without the lock, with the order of steps
    cp -r "$work/tests" "$work/simulated" && cd "$work/simulated" || return 1
    rm RetryTests.cs
    block docs/guide/simulation.md csharp >AccountTests.cs
    dotnet run | tee passes.txt && grep -i 'failed: 0' passes.txt || return 1
    sed -i 's/using (await _gate.LockAsync())//' AccountTests.cs
    if dotnet run >fails.txt; then
        return 1
    fi
    grep 'Always "no deposit is lost": is false.' fails.txt && grep 'step │ main' fails.txt && grep -E ':[0-9]+ → ends' fails.txt
}

wikipath() {
    cd "$work" || return 1
    dotnet tool install WikiPath --version "$version" --tool-path tools || return 1
    tools/wikipath Python 'Карл Маркс' --wiki sample >wikipath.txt || return 1
    grep -Fx 'Python -> Apple -> Антиутопия -> Карл Маркс' wikipath.txt
}

silo() {
    cd "$work" || return 1
    dotnet tool install Heddle.Silo --version "$version" --tool-path tools || return 1
    tools/heddle-silo --help | grep 'Exit codes'
}

prompt() {
    cd "$work" || return 1
    dotnet tool install Heddle.Tool --version "$version" --tool-path tools || return 1
    echo 'await Coroutine.Yield(); Console.WriteLine(6 * 7);' | tools/heddle repl | grep -Fx 42
}

pack_is_complete() { python3 "$root/eng/package-contents.py" "$packages"; }

check 'packing' pack
check 'what is in the packages' pack_is_complete

# A local folder beside whatever registry is configured. What is restored goes into a cache of its own.
export NUGET_PACKAGES=$work/cache
cat >"$work/nuget.config" <<XML
<configuration><packageSources><add key="packed" value="$packages" /></packageSources></configuration>
XML

check "the README's first program" hello
check 'the same as a file without a project' one_file
check 'a forgotten await is an error' broken
check 'the fix for it' mended
check "the guide's test in virtual time" tested
check "the guide's simulation" simulated
check 'wikipath as a tool' wikipath
check 'heddle-silo as a tool' silo
check 'heddle repl as a tool' prompt

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
