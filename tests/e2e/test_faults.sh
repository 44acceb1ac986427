#!/bin/sh
# What goes wrong around a run: a store that cannot be used, a bad config, a
# second run, a signal. Each is told, and nothing that was committed is lost.
#   test_faults.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

plain=$(test_port 6)
make_site "$work/www"
start_nginx "server { listen 127.0.5.11:$plain; root $work/www; }"

new_workspace() { # NAME PAUSE_MS
    mkdir "$work/$1"
    cat >"$work/$1/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network: {allow: ['127.0.5.0/24']}
crawl: {pause_ms: $2, $quick}
sources:
  - {name: site, start: ['http://127.0.5.11:$plain/p0.html'], depth: 50}
YAML
}

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
await_ready "$work/lock.out"
"$adwatch" -C "$work/locked" crawl >"$work/locked.out" 2>&1 &
locked=$!
servers="$servers $locked"

# Another process that writes, and does not end: taken in the midst of a run.
# The byte is SQLite's lock of the one writer of a WAL (WAL_WRITE_LOCK).
new_workspace busy 20
crawl_begin "$work/busy"
busy=$crawler crawler=''
servers="$servers $busy"
await "$work/busy/archive/*.warc.gz.open"
"$hostile" lock "$work/busy/adwatch.db-shm" 120 >"$work/busy.out" 2>&1 &
busy_lock=$!
servers="$servers $busy_lock"
await_ready "$work/busy.out"

# ---- a bad config ----------------------------------------------------------

mkdir "$work/config"
config_error() { # TEXT: status 5, and a line that names the file
    printf '%s\n' "$1" >"$work/config/adwatch.yaml"
    exits 5 "$adwatch" -C "$work/config" crawl 2>"$work/config.err" &&
        grep -q "$2" "$work/config.err" || { cat "$work/config.err"; return 1; }
}
agent="agent: {name: a, purpose: b, contact: c}"
source="sources: [{name: a, start: ['http://127.0.5.11:$plain/']}]"
allow="allow: ['127.0.5.0/24']"
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
network: {$allow, resolve: ['a.example=127.0.5.11']}
$source" 'adwatch.yaml:2: .*a.example=127.0.5.11'
check "a missing CA file is told, as counted from the workspace" \
    config_error "$agent
network: {$allow, ca_file: none.pem}
$source" 'adwatch.yaml:2: .*config/none.pem'
check "a start page that is none is told with its source" \
    config_error "$agent
sources: [{name: bank, start: ['ftp://127.0.5.11/']}]" "adwatch.yaml:2: source 'bank'"

# ---- a store that is written by another for a moment -----------------------

new_workspace moment 10
crawl_begin "$work/moment"
await "$work/moment/archive/*.warc.gz.open"
"$hostile" lock "$work/moment/adwatch.db-shm" 120 >"$work/moment.out" 2>&1 &
moment=$!
servers="$servers $moment"
await_ready "$work/moment.out"
sleep 2
kill "$moment"
wait "$moment" 2>/dev/null
check "a run waits while another process writes to the store" exits 0 crawl_end
check "and loses nothing" complete "$work/moment"

# ---- a second run, a reviewer, and a run that is told to stop --------------

ws=$work/stopped
new_workspace stopped 30 # some 9 seconds
crawl_begin "$ws"
await "$ws/archive/*.warc.gz.open"
check "a second crawl is refused" exits 1 "$adwatch" -C "$ws" crawl
check "with the pid of the first" says "held by process $crawler" \
    "$adwatch" -C "$ws" crawl
sleep 1
check "a decision is taken while a crawl runs, and soon" \
    exits 0 timeout 8 "$adwatch" -C "$ws" decide 1 confirm --as tester
began=$(now_ms)
kill -TERM "-$crawler" # to the whole group, as a service is stopped
check "SIGTERM ends a run as partly done" exits 3 crawl_end
took=$(($(now_ms) - began))
echo "  SIGTERM took $took ms"
check "within five seconds" [ $took -lt 5000 ]
no_crash() {
    "$adwatch" -C "$ws" status >"$work/status.out" &&
        ! grep -E 'crashed|ended' "$work/status.out"
}
check "no page is told as crashed" no_crash

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
crawl_begin "$ws"
readers=$(await_readers)
kill -9 "$crawler" # the parent alone
check "readers end with their crawler" readers_end
crawl_end
check "the next run goes on from there" says "resumed run" \
    "$adwatch" -C "$ws" crawl
check "and completes" complete "$ws"

# ---- the locked stores, which have waited by now ---------------------------

end_of() { # PID
    wait "$1"
}
check "a store that stays locked is a store error" exits 6 end_of "$locked"
check "and is told" grep -q "locked/adwatch.db': database is locked" \
    "$work/locked.out"
kill "$lock"
wait "$lock" 2>/dev/null
check "it is used again once it is free" \
    sh -c "'$adwatch' -C '$work/locked' status 2>&1 | grep 'no run yet'"
check "so is one that is locked in the midst of a run" exits 6 end_of "$busy"
check "and is told too" grep -q "busy/adwatch.db': database is locked" \
    "$work/busy/err"
kill "$busy_lock"
wait "$busy_lock" 2>/dev/null
check "the next run takes it up" says "resumed run" \
    "$adwatch" -C "$work/busy" crawl
check "to its end" complete "$work/busy"

# ---- a server that dies in the midst of a run -------------------------------

new_workspace dies 20
crawl_begin "$ws"
some_pages() {
    tries=0
    until [ "$("$adwatch" -C "$ws" why --json 2>/dev/null | grep -c '"state":"done"')" -gt 20 ]; do
        tries=$((tries + 1))
        [ $tries -le 100 ] || return 1
        sleep 0.1
    done
}
check "a site is under way" some_pages
kill "$nginx"
wait "$nginx" 2>/dev/null
began=$(now_ms)
check "its server dies and the run ends, partly done or not" crawl_end
took=$(($(now_ms) - began))
check "soon: not each page is asked for" [ $took -lt 30000 ]
check "what is left is for the next run" sh -c "'$adwatch' -C '$ws' status --json |
    jq -e '.sources | to_entries | all(.[]; .value.coverage.left > 100)'"
check "and people are told" says "no longer answers" "$adwatch" -C "$ws" status
finish
