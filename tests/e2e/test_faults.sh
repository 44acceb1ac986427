#!/bin/sh
# What goes wrong outside: bad servers, bad files, full disks, kill -9. Each is
# told with what and where, and nothing that was committed is lost.
#   test_faults.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
hostile=$(dirname "$adwatch")/tests/e2e/hostile
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
skipped=0

bad=18590   # hostile, 127.0.4.10 to .45
plain=18591 # nginx
tls=18592   # nginx
closed=18599

# ---- what was started is ended, by pid -------------------------------------

servers='' crawler='' full=''
end_all() {
    for pid in $servers; do kill "$pid" 2>/dev/null; done
    [ -z "$crawler" ] || kill -9 "-$crawler" 2>/dev/null
    [ -z "$full" ] || umount "$full"
}
trap end_all EXIT
trap 'exit 130' INT TERM

await() { # FILE: until it has text, 5 s at most; FILE may be a pattern
    tries=0
    # shellcheck disable=SC2086
    until [ -s "$(ls $1 2>/dev/null | tail -n 1)" ]; do
        tries=$((tries + 1))
        [ $tries -le 50 ] || { echo "nothing in $1"; return 1; }
        sleep 0.1
    done
}

# A crawl in a process group of its own; its pid is in $crawler.
crawl_begin() { # WORKSPACE
    setsid "$adwatch" -C "$1" crawl >>"$1/out" 2>>"$1/err" &
    crawler=$!
}
crawl_end() { # its exit status
    wait "$crawler" 2>/dev/null
    status=$?
    crawler=''
    return $status
}

new_workspace() { # NAME PAUSE_MS: of the site of 300 pages
    mkdir "$work/$1"
    cat >"$work/$1/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
network: {allow: ['127.0.4.0/24']}
crawl: {pause_ms: $2}
sources:
  - {name: site, start: ['http://127.0.4.5:$plain/p0.html'], depth: 50}
YAML
}

# ---- servers ---------------------------------------------------------------

certificate() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days 2 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>"$work/openssl.err"
}
certificate good.example
certificate bad.example
mkdir -p "$work/www/small" "$work/www/site" "$work/www/tls"
LC_ALL=C awk -v dir="$work/www/small" -v pages=40 -f "$here/../bench/site.awk"
LC_ALL=C awk -v dir="$work/www/site" -v pages=300 -f "$here/../bench/site.awk"
for page in 50 150 250; do # advertisements that no tuning can overlook
    sed -i 's|<p class="text">.*|<p>本公司理财保本保息，年化收益18%，到期保证兑付。|' \
        "$work/www/site/p$page.html"
done
echo '<a href=/two.html>two</a>' >"$work/www/tls/index.html"
echo '<p>two</p>' >"$work/www/tls/two.html"

trap=
for n in 0 1 2 3 4 5 6 7 8 9; do
    trap="$trap<a href=/\$request_id/$n>$n</a>"
done
cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.err;
events { worker_connections 512; }
http {
    access_log off;
    types { text/html html; }
    client_body_temp_path $work/t1; proxy_temp_path $work/t2;
    fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4;
    scgi_temp_path $work/t5;
    server { listen 127.0.4.1:$plain; root $work/www/small; }
    server {
        listen 127.0.4.2:$plain;
        root $work/www/small;
        location = /robots.txt { return 503; }
    }
    server { listen 127.0.4.5:$plain; root $work/www/site; }
    server { # endless: each page has ten links that were never there before
        listen 127.0.4.6:$plain;
        default_type text/html;
        location = /robots.txt { return 404; }
        location / { return 200 "<p>a page$trap"; }
    }
    server {
        listen 127.0.4.3:$tls ssl http2;
        root $work/www/tls;
        ssl_certificate $work/good.example.pem;
        ssl_certificate_key $work/good.example.key;
    }
    server {
        listen 127.0.4.4:$tls ssl http2;
        root $work/www/tls;
        ssl_certificate $work/bad.example.pem;
        ssl_certificate_key $work/bad.example.key;
    }
}
CONF
nginx -e "$work/nginx.err" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
servers="$servers $!"
"$hostile" serve $bad 10 45 >"$work/hostile.out" 2>&1 &
servers="$servers $!"
await "$work/nginx.pid" || { cat "$work/nginx.out" "$work/nginx.err"; exit 1; }
await "$work/hostile.out" || exit 1

# ---- a store that cannot be used -------------------------------------------

new_workspace garbage 0
echo 'this is no store, and never was one' >"$work/garbage/adwatch.db"
check "a store that is garbage is a store error" \
    exits 6 "$adwatch" -C "$work/garbage" crawl
check "and is named" says "garbage/adwatch.db': file is not a database" \
    "$adwatch" -C "$work/garbage" status

# Waits ten seconds for the lock: looked at further below.
new_workspace locked 0
"$adwatch" -C "$work/locked" status >/dev/null 2>&1
"$hostile" lock "$work/locked/adwatch.db" >"$work/lock.out" 2>&1 &
lock=$!
servers="$servers $lock"
await "$work/lock.out"
"$adwatch" -C "$work/locked" crawl >"$work/locked.out" 2>&1 &
locked=$!
servers="$servers $locked"

# ---- a bad config ----------------------------------------------------------

mkdir "$work/config"
config_error() { # TEXT: status 5, and a line that names the file
    printf '%s\n' "$1" >"$work/config/adwatch.yaml"
    exits 5 "$adwatch" -C "$work/config" crawl 2>"$work/config.err" &&
        grep -q "$2" "$work/config.err" || { cat "$work/config.err"; return 1; }
}
agent="agent: {name: a, purpose: b, contact: c}"
source="sources: [{name: a, start: ['http://127.0.4.1:$plain/']}]"
allow="allow: ['127.0.4.0/24']"
check "a missing config is told" exits 5 "$adwatch" -C "$work/config" crawl
check "an empty config is told" config_error '' adwatch.yaml
check "a config that is no YAML is told" config_error '{]' 'adwatch.yaml:1'
check "a config without sources is told" config_error "$agent" sources
check "a text in a number's place is told" \
    config_error "$agent
crawl: {timeout_ms: soon}
$source" 'adwatch.yaml:2: crawl.timeout_ms'
check "a false address range is told" \
    config_error "$agent
network: {allow: [everything]}
$source" 'adwatch.yaml:2: .*everything'
check "a false name server entry is told" \
    config_error "$agent
network: {$allow, resolve: ['a.example=127.0.4.1']}
$source" 'adwatch.yaml:2: .*a.example=127.0.4.1'
check "a missing CA file is told, as counted from the workspace" \
    config_error "$agent
network: {$allow, ca_file: none.pem}
$source" 'adwatch.yaml:2: .*config/none.pem'
check "a start page that is none is told with its source" \
    config_error "$agent
sources: [{name: bank, start: ['ftp://127.0.4.1/']}]" "adwatch.yaml:2: source 'bank'"

# ---- bad servers, and a good site beside them ------------------------------

paths="endless huge headers cookies short long reset slow silent continue old
 bare chunks false-chunks false-heads torn-head type brotli bomb nested claims
 links to-file to-private to-v6 loop far closed"
ws=$work/servers
mkdir "$ws"
cp "$work/good.example.pem" "$ws/ca.pem"
{
    cat <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
network:
  allow: ['127.0.4.0/24']
  ca_file: ca.pem
  resolve: ['good.example:$tls:127.0.4.3', 'bad.example:$tls:127.0.4.4']
crawl: {pause_ms: 0, timeout_ms: 3000, tries_max: 2, body_max: 4194304}
sources:
  - {name: small, start: ['http://127.0.4.1:$plain/p0.html'], depth: 50}
  - {name: robots-503, start: ['http://127.0.4.2:$plain/p0.html']}
  - {name: robots-endless, start: ['http://127.0.4.45:$bad/chunks']}
  - {name: good-tls, start: ['https://good.example:$tls/']}
  - {name: bad-tls, start: ['https://bad.example:$tls/']}
  - {name: no-port, start: ['http://127.0.4.1:$closed/']}
  - {name: no-name, start: ['http://no-such-name.invalid/']}
YAML
    address=10
    for path in $paths; do
        echo "  - {name: $path, depth: 0," \
            "start: ['http://127.0.4.$address:$bad/$path']}"
        address=$((address + 1))
    done
} >"$ws/adwatch.yaml"

crawl_begin "$ws"
pid=$crawler
peak() { # of the crawler's memory, in kB, as long as it runs
    while grep VmHWM "/proc/$pid/status" 2>/dev/null; do sleep 0.1; done |
        tail -n 1 | tr -dc 0-9 >"$work/peak"
}
peak &
watcher=$!
sleep 1
check "a second crawl is refused" exits 1 "$adwatch" -C "$ws" crawl
check "with the pid of the first" says "held by process $pid" \
    "$adwatch" -C "$ws" crawl
check "a run with pages that cannot be had is partly done" exits 3 crawl_end
wait $watcher
echo "  the crawler's memory: $(($(cat "$work/peak") / 1024)) MB at most"
check "the crawler's memory is bounded" [ "$(cat "$work/peak")" -lt 600000 ]

"$adwatch" -C "$ws" why --json >"$work/why.jsonl"
became() { # URL STATE TEXT: of one URL
    jq -e -s --arg url "$1" --arg state "$2" --arg text "$3" 'any(.[];
        .url == $url and .state == $state and (.reason | contains($text)))
        ' "$work/why.jsonl" || { grep -F "\"$1\"" "$work/why.jsonl"; return 1; }
}
address=10
for path in $paths; do
    while read -r name state text; do
        [ "$name" != "$path" ] || check "$path: $state ($text)" became \
            "http://127.0.4.$address:$bad/$path" "$state" "$text"
    done <<'TABLE'
endless done body_max
huge done body_max
headers failed head_max
cookies done
short failed ended before the body
long done
reset failed reset by peer
slow failed timeout_ms
silent failed timeout_ms
continue failed timeout_ms
old failed HTTP/0.9
bare done
chunks done
false-chunks failed chunked
false-heads done
torn-head failed HTTP head
type done
brotli failed content-encoding "br"
bomb done
nested done
claims done
links done
to-file failed redirect to no http address
to-private done redirect
to-v6 done redirect
loop done redirect
far failed redirect
closed failed http 503
TABLE
    address=$((address + 1))
done
check "a redirect to a private address is not followed" \
    became http://10.0.0.1/ failed "address not allowed"
check "nor one to this machine" \
    became 'http://[::1]:22/' failed "address not allowed"
loop=$(jq -r 'select(.url | endswith("/loop")).url' "$work/why.jsonl")
check "a redirect loop is told" became "$loop-b" failed "redirect loop"
check "a robots.txt with 5xx closes its site for now" \
    became "http://127.0.4.2:$plain/p0.html" failed \
    "robots.txt: http 503: not allowed for now"
check "an endless robots.txt is read up to its limit" \
    became "http://127.0.4.45:$bad/chunks" "done" ""
check "an unreachable host is told" \
    became "http://127.0.4.1:$closed/" failed "connect"
check "a name that is none is told" \
    became http://no-such-name.invalid/ failed "resolve"
check "a false certificate is told" \
    became "https://bad.example:$tls/" failed "certificate"
check "a cut page is told in the log" grep -q "body_max and was cut.*huge" "$ws/err"
check "the good site beside them is complete" \
    jq -e -s 'map(select(.source == "small" and .state == "done" and
        .capture > 0)) | length == 40' "$work/why.jsonl"
check "status gives the reasons" says "address not allowed" \
    "$adwatch" -C "$ws" status
check "the archive is whole" says "all whole" "$adwatch" -C "$ws" archive check

capture_of() { # URL
    jq -r --arg url "$1" 'select(.url == $url).capture' "$work/why.jsonl"
}
check "a certificate of network.ca_file is trusted" \
    became "https://good.example:$tls/two.html" "done" ""
check "an HTTP/2 answer is archived as HTTP/1.1" says "HTTP/1.1 200" \
    "$adwatch" -C "$ws" archive get "$(capture_of "https://good.example:$tls/")"
h2() {
    zcat "$ws"/archive/*.warc.gz | grep -a -A 12 '^WARC-Type: response' |
        grep -a -A 8 "URI: https://good.example:$tls/" |
        grep -aq 'WARC-Protocol: h2'
}
check "with its protocol beside it" h2
heads() { # neither a header nor a trailer passes for another head
    "$adwatch" -C "$ws" archive get "$(jq -r 'select(.url |
        endswith("/false-heads")).capture' "$work/why.jsonl")" >"$work/heads"
    head -n 1 "$work/heads" | grep -q '^HTTP/1.1 200' &&
        grep -q 'false head' "$work/heads"
}
check "trailers do not replace a page" heads

# ---- a trap, with links without an end --------------------------------------

ws=$work/trap
new_workspace trap 100
sed -i 's|name: site, .*depth: 50}|name: trap, pages_max: 15, depth: 100,|' \
    "$ws/adwatch.yaml"
echo "     start: ['http://127.0.4.6:$plain/']}" >>"$ws/adwatch.yaml"
crawl_begin "$ws"
sleep 1
kill -TERM "-$crawler"
check "a run in a trap can be stopped" exits 3 crawl_end
check "and taken up again" says "resumed run" "$adwatch" -C "$ws" crawl
cp "$work/says.out" "$work/trap.err"
trapped() { # 15 pages and, with the start page, 61 URLs; and one told of
    "$adwatch" -C "$ws" why --json >"$work/trap.jsonl" &&
        jq -e -s '{urls: length,
            done: map(select(.state == "done")) | length,
            told: map(select(.reason | contains("urls_max"))) | length} |
            debug | . == {urls: 62, done: 15, told: 1}' "$work/trap.jsonl"
}
check "pages_max holds over both runs, and the frontier has its limit" trapped
told_once() {
    [ "$(cat "$ws/err" "$work/trap.err" | grep -c 'urls of a source')" -eq 1 ]
}
check "which is told once in the log" told_once
check "and by status" says "urls_max of its source" "$adwatch" -C "$ws" status

# ---- kill -9 at twelve moments ---------------------------------------------

ws=$work/killed
new_workspace killed 10
: >"$ws/err"
tear() { # half a record behind the last one, as a torn write leaves it
    for open in "$ws"/archive/*.warc.gz.open; do
        [ ! -s "$open" ] || head -c 200 "$open" >>"$open"
    done
}
moment() { # SECONDS; of the first round: once records were committed
    [ $round -gt 1 ] || await "$ws/archive/*.warc.gz.open"
    [ $round -eq 1 ] || sleep "$1"
}
await_readers() {
    tries=0
    until pgrep -P "$crawler" || [ $tries -gt 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
}
readers_end() { # within two seconds, though nobody told them
    tries=0
    for reader in $readers; do
        while kill -0 "$reader" 2>/dev/null; do
            tries=$((tries + 1))
            [ $tries -le 20 ] || { echo "reader $reader lives on"; return 1; }
            sleep 0.1
        done
    done
    [ -n "$readers" ] || { echo "there was no reader"; return 1; }
}
round=0
for seconds in $(LC_ALL=C awk 'BEGIN { srand(20261123)
    for (i = 0; i < 12; i++) printf "%.2f\n", 0.3 + rand() * 1.5 }'); do
    round=$((round + 1))
    crawl_begin "$ws"
    if [ $((round % 4)) -eq 0 ]; then # the parent alone
        readers=$(await_readers)
        kill -9 "$crawler"
        check "readers end with their crawler" readers_end
    else
        moment "$seconds"
        kill -9 "-$crawler" 2>/dev/null # it may have ended before
    fi
    crawl_end
    [ $((round % 3)) -eq 0 ] || tear
done
check "what was killed is taken up, to the end" \
    exits 0 "$adwatch" -C "$ws" crawl 2>>"$ws/err"
check "torn records were cut off" grep -q "cut a torn record" "$ws/err"
complete() { # every page has a capture, every claim a finding
    "$adwatch" -C "$1" why --json >"$work/all.jsonl" &&
        jq -e -s '{pages: length,
            done: map(select(.state == "done")) | length,
            captured: map(select(.capture > 0)) | length,
            found: map(select(.finding > 0)) | length} | debug |
            . == {pages: 300, done: 300, captured: 300, found: 3}' \
            "$work/all.jsonl"
}
check "no page and no finding is lost" complete "$ws"
check "the archive is whole" says "all whole" "$adwatch" -C "$ws" archive check
check "the store is whole" exits 0 "$adwatch" -C "$ws" status
captures_are_there() { # one in twenty, and those of the findings
    for id in $(jq -r 'select(.finding > 0).capture,
        (.capture | select(. % 20 == 0))' "$work/all.jsonl" | sort -u); do
        "$adwatch" -C "$1" archive get "$id" | grep -q '<h1>' ||
            { echo "capture $id is not in the archive"; return 1; }
    done
}
check "each capture is in the archive" captures_are_there "$ws"

# ---- a run that is told to stop, and a reviewer at work --------------------

sed -i 's/pause_ms: 10/pause_ms: 30/' "$ws/adwatch.yaml" # some 9 seconds
crawl_begin "$ws"
sleep 1
check "a decision is taken while a crawl runs, and soon" \
    exits 0 timeout 4 "$adwatch" -C "$ws" decide 1 confirm --as tester
began=$(date +%s)
kill -TERM "-$crawler" # to the whole group, as a service is stopped
check "SIGTERM ends a run as partly done" exits 3 crawl_end
check "within five seconds" [ $(($(date +%s) - began)) -le 5 ]
no_crash() {
    "$adwatch" -C "$ws" status >"$work/status.out" &&
        ! grep -E 'crashed|ended' "$work/status.out"
}
check "no page is told as crashed" no_crash
sed -i 's/pause_ms: 30/pause_ms: 0/' "$ws/adwatch.yaml"
check "the next run goes on from there" says "resumed run" \
    "$adwatch" -C "$ws" crawl
check "and completes" complete "$ws"

# ---- a full disk -----------------------------------------------------------

full_disk() {
    ws=$full/ws
    crawl_begin "$ws"
    crawl_end
    case $status in
    1 | 6) ;;
    *) echo "exit status $status"; return 1 ;;
    esac
    grep "$full/.*No space left on device" "$work/full.err"
}
mkdir "$work/full"
if [ "$(id -u)" -eq 0 ] &&
    mount -t tmpfs -o size=1500k none "$work/full" 2>/dev/null; then
    full=$work/full
    new_workspace full/ws 8
    ln -s "$work/full.err" "$full/ws/err" # it must not need the disk
    ln -s "$work/full.out" "$full/ws/out"
    check "a full disk is told with the file" full_disk
    "$adwatch" -C "$full/ws" why --json >"$work/before.jsonl"
    before=$(jq -s 'map(select(.state == "done")) | length' "$work/before.jsonl")
    echo "  full after $before of 300 pages"
    check "what was committed before is there" [ "$before" -gt 0 ]
    mount -o remount,size=64m "$full"
    check "with room again the run goes on" says "resumed run" \
        "$adwatch" -C "$full/ws" crawl
    check "and completes" complete "$full/ws"
    kept() {
        jq -e -s --slurpfile all "$work/all.jsonl" '
            ($all | map({key: .url, value: .capture}) | from_entries) as $now |
            map(select(.state == "done")) | all(.capture == $now[.url])' \
            "$work/before.jsonl"
    }
    check "with all that was there before" kept
    check "and a whole archive" says "all whole" \
        "$adwatch" -C "$full/ws" archive check
    umount "$full" && full=''
else
    echo "skip: no tmpfs can be mounted: a full disk was not tested"
    skipped=$((skipped + 1))
fi

# ---- the locked store, which has waited by now -----------------------------

locked_end() {
    wait "$locked"
}
check "a store that stays locked is a store error" exits 6 locked_end
check "and is told" grep -q "locked/adwatch.db': database is locked" \
    "$work/locked.out"
kill "$lock"
wait "$lock" 2>/dev/null
check "it is used again once it is free" \
    sh -c "'$adwatch' -C '$work/locked' status 2>&1 | grep 'no run yet'"
[ $skipped -eq 0 ] || echo "$skipped skipped"
finish
