#!/usr/bin/env bash
# A real MediaWiki for tests: Debian's package, SQLite, PHP's own server, 127.0.0.1 only.
#
#   wiki.sh start DIR [PORT]      installs what is missing, starts the wiki, prints its API address last
#   wiki.sh load  DIR FILE.xml    imports pages and fills the link tables
#   wiki.sh add   DIR FILE.xml    imports a few pages with their links
#   wiki.sh fetch DIR PACKAGE     unpacks one of Debian's packages into DIR/PACKAGE
#   wiki.sh stop  DIR
#
# Everything lives in DIR; delete it and the wiki is gone. Root is needed only to install PHP.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
die() { echo "wiki.sh: $*" >&2; exit 1; }
[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
mw=$dir/mw
pidfile=$dir/server.pid

# The pid is ours only while its command line names this wiki: the system uses pids again.
running() { [ -s "$pidfile" ] && grep -qszF -- "$mw" "/proc/$(cat "$pidfile")/cmdline"; }

# The second try is for a machine whose package lists are old or empty.
twice() { "$@" || { apt-get update && "$@"; } }

# Unpacked, not installed: MediaWiki's own package depends on a web server.
fetch() {
  local name=$1 folder=$dir/fetch.$1
  rm -rf "$folder" "${dir:?}/$name"
  mkdir -p "$folder"
  cd "$folder"
  twice apt-get download "$@" >"$dir/fetch.log" 2>&1 || die "no download of $*, see $dir/fetch.log"
  for package in ./*.deb; do dpkg-deb -x "$package" "$dir/$name"; done
  cd "$dir"
  rm -rf "$folder"
}

install_php() {
  local have
  have=$(php -m 2>/dev/null || true)
  for module in apcu intl mbstring pdo_sqlite xml; do grep -qix "$module" <<<"$have" || have=; done
  { [ -z "$have" ] || ! command -v curl >/dev/null; } || return 0
  # Debian's metapackages that need no web server; `php` itself would bring one.
  export DEBIAN_FRONTEND=noninteractive
  twice apt-get install -y --no-install-recommends \
    php-cli php-sqlite3 php-mbstring php-xml php-intl php-apcu curl >"$dir/apt.log" 2>&1 ||
    die "PHP was not installed, see $dir/apt.log"
}

unpack_mediawiki() {
  [ ! -f "$mw/api.php" ] || return 0
  fetch mediawiki mediawiki-classes
  rm -rf "$mw"
  mv "$dir/mediawiki/usr/share/mediawiki" "$mw"
  rm -rf "$dir/mediawiki"
  cd "$mw"
  rm -rf LocalSettings.php config extensions images    # links to where Debian would install them
  mkdir config images
  ln -s extensions-core extensions
}

create_database() {
  [ ! -f "$mw/LocalSettings.php" ] || return 0
  rm -rf "$dir/db"
  mkdir "$dir/db"
  php "$mw/maintenance/install.php" --dbtype sqlite --dbname wiki --dbpath "$dir/db" --confpath "$mw" \
    --server http://127.0.0.1 --scriptpath "" --lang en --pass "not-a-secret-1" "Test wiki" Admin \
    >"$dir/install.log" 2>&1 || die "MediaWiki's installer failed, see $dir/install.log"
  tail -n +2 "$here/settings.php" >>"$mw/LocalSettings.php"
}

free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  die "found no free port"
}

start() {
  install_php
  unpack_mediawiki
  create_database
  if ! running; then
    local port=${1:-$(free_port)}
    echo "http://127.0.0.1:$port/api.php" >"$dir/api"
    cd "$mw"
    # MediaWiki compresses its answers only where PHP does not buffer them already.
    # setsid: the workers are in the server's process group, and end with it
    WIKI_SERVER=http://127.0.0.1:$port PHP_CLI_SERVER_WORKERS=$((2 * $(nproc))) setsid php -q \
      -d opcache.enable=1 -d opcache.memory_consumption=192 -d opcache.max_accelerated_files=20000 \
      -d apc.shm_size=256M -d memory_limit=512M -d display_errors=0 -d output_buffering=0 \
      -S "127.0.0.1:$port" -t "$mw" >"$dir/server.log" 2>&1 </dev/null &
    echo $! >"$pidfile"
    disown
  fi
  local api
  api=$(cat "$dir/api")
  for _ in {1..150}; do
    if curl -m 5 -fs -o /dev/null "$api?action=query&meta=siteinfo&format=json"; then echo "$api"; return; fi
    sleep 0.2
    running || { tail -n 5 "$dir/server.log" >&2; die "the server ended"; }
  done
  die "no answer from $api within 30 s (is $dir/fault.json on?)"
}

load() {
  php "$mw/maintenance/importDump.php" --username-prefix=imported --no-updates --report 5000 <"$1"
  php "$mw/maintenance/refreshLinks.php" >"$dir/links.log" 2>&1 || die "the link tables are not filled, see $dir/links.log"
  php "$mw/maintenance/initSiteStats.php" --update >/dev/null
}

add() { php "$mw/maintenance/importDump.php" --username-prefix=imported <"$1"; }

case $verb in
  start) start "${3:-}" ;;
  load) load "${3:?wiki.sh load DIR FILE.xml}" ;;
  add) add "${3:?wiki.sh add DIR FILE.xml}" ;;
  fetch) fetch "${3:?wiki.sh fetch DIR PACKAGE}" ;;
  stop) if running; then kill -- "-$(cat "$pidfile")"; fi; rm -f "$pidfile" ;;
  *) die "no such command: $verb" ;;
esac
