#!/usr/bin/env bash
# The checks of Heddle.Orleans that need a Redis server and silos in processes of their own. The last line is the total.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

stage=tests/Heddle.OrleansStage
dir=$(mktemp -d)
redis=

finish() {
    status=$?
    [ -z "$redis" ] || kill "$redis" 2>/dev/null || true
    wait || true
    rm -rf "$dir"
    exit $status
}
trap finish EXIT

dotnet build -c Release apps/Silo --nologo -v quiet
dotnet build -c Release "$stage" --nologo -v quiet

# Redis takes no port 0, so another program may be faster: then the next one is tried. It keeps nothing on disk.
for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$dir" >"$dir/redis.log" 2>&1 &
    redis=$!
    for _ in $(seq 50); do
        kill -0 "$redis" 2>/dev/null || break
        ! grep -q 'Ready to accept connections' "$dir/redis.log" || break 2
        sleep 0.1
    done
    kill "$redis" 2>/dev/null || true
    redis=
done
[ -n "$redis" ] || { cat "$dir/redis.log"; exit 1; }

"$stage/bin/Release/net10.0/Heddle.OrleansStage" "127.0.0.1:$port" "$PWD/apps/Silo/bin/Release/net10.0/heddle-silo.dll"
