#!/bin/sh
# Pages that take their reader over, beside good ones: none gets out of the
# reader's cell, each is told with its cause, and the crawl goes on.
#   test_cell.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

plain=$(test_port 1)
site="http://127.0.7.11:$plain"
root=$(cd "$here/../.." && pwd)
parts=$(dirname "$adwatch")/tests/e2e
hooked=$parts/hooked
www=$work/www
mkdir -p "$www/hook"

# What each is told as; under sanitizers, crashes and memory are theirs.
causes="socket=forbidden call: socket
open=forbidden call: openat
create=forbidden call: openat
exec=forbidden call: execve
fork=forbidden call: clone
kill=forbidden call: kill
code=forbidden call: mmap
rubbish=false answer: this is no frame
lie=false answer: to no question"
case $adwatch in
*asan*) ;;
*)
    causes="$causes
crash=crashed (signal 11)
abort=crashed (signal 6)
overflow=crashed (signal 11)
memory=memory limit
memory-null=memory limit"
    ;;
esac
hooks=$(echo "$causes" | sed 's/=.*//')
bad=$(echo "$hooks" | grep -c .)

# Good pages among the bad ones, with a claim each.
{
    echo '<title>start</title>'
    good=0
    for hook in $hooks; do
        good=$((good + 1))
        echo "<a href='/good$good.html'>$good</a>"
        echo "<a href='/hook/$hook.html'>$hook</a>"
        echo "<title>$good</title><p>本公司理财产品保本保息，年化收益12%，一万元起投，咨询电话0537-5550123" \
            >"$www/good$good.html"
        echo "<p>the page of $hook" >"$www/hook/$hook.html"
    done
    echo "<a href='/last.html'>last</a>"
} >"$www/index.html"
{
    echo '<p>the last page is slow, so that readers can be counted.'
    yes '<p>今天食堂吃红烧肉，下午开会。' | head -n 400
} >"$www/last.html"
start_nginx "server { listen 127.0.7.11:$plain; root $www;
    access_log $work/access.log times;
    location = /last.html { limit_rate 3000; } }"

workspace() { # NAME CRAWL FOLDER
    mkdir "$work/$1"
    cat >"$work/$1/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network: {allow: ['127.0.7.0/24']}
crawl: {pause_ms: 0, address_pause_ms: 0, $2, $quick}
lexicon: $root/lexicons
model: $(dirname "$adwatch")/model.awm
sources:
  - {name: site, start: ['$site/$3'], scope: prefix}
YAML
}

# ---- the crawl ------------------------------------------------------------------

readers_of() { # PID: how many processes it has started
    ps -o pid= --ppid "$1" | grep -c .
}
all_asked() {
    tries=0
    until [ "$(grep -c ' /hook/' "$work/access.log")" -ge "$bad" ]; do
        tries=$((tries + 1))
        [ $tries -le 1200 ] || return 1
        sleep 0.1
    done
}
all_readers() { # PID: two of them, before it ends
    while kill -0 "$1" 2>/dev/null; do
        [ "$(readers_of "$1")" -ne 2 ] || return 0
        sleep 0.1
    done
    echo 'there were never two readers again'
    return 1
}

workspace ws 'readers: 2, reader_ms: 60000, reader_cpu_ms: 60000, reader_bytes: 268435456' ''
ws=$work/ws
hooked_crawl() {
    plain_adwatch=$adwatch adwatch=$hooked
    crawl_begin "$ws"
    adwatch=$plain_adwatch
}
hooked_crawl
check "all bad pages are fetched" all_asked
check "readers that died are replaced" all_readers "$crawler"
check "the crawl goes on to its end" crawl_end

why() { # PATH FILTER
    "$adwatch" -C "$ws" why --json "$site/$1" >"$work/why.json" &&
        jq -e "$2" "$work/why.json"
}
echo "$causes" >"$work/causes"
while IFS='=' read -r hook cause; do
    check "$hook is told: $cause" why "hook/$hook.html" \
        ".state == \"failed\" and .reason == \"$cause\""
    "$adwatch" -C "$ws" archive get "$site/hook/$hook.html" >"$work/got" 2>&1
    check "and the page of $hook is archived" grep -q "the page of $hook\$" "$work/got"
    check "status shows its cause" says "$cause" "$adwatch" -C "$ws" status
done <"$work/causes"
all_good() {
    "$adwatch" -C "$ws" why --json >"$work/all.jsonl" &&
        jq -e -s --argjson good "$bad" '[.[] | select(.url | test("/good"))] |
            length == $good and all(.[]; .state == "done" and
                .verdict == "suspected" and .finding > 0)' "$work/all.jsonl"
}
check "all good pages are read" all_good
check "none of the bad ones made a file" exits 1 test -e /tmp/adwatch-hook
check "the archive is whole" exits 0 "$adwatch" archive check "$ws/archive"
check "the log says what the cell is made of" grep -q 'readers cell="\?seccomp' "$ws/err"

# ---- time -------------------------------------------------------------------------

# A folder with one page that takes its time, between two good ones.
slow_folder() { # HOOK
    mkdir -p "$www/$1/hook"
    printf '<a href=a.html>a</a><a href=hook/%s.html>x</a><a href=b.html>b</a>' \
        "$1" >"$www/$1/index.html"
    for page in a.html b.html "hook/$1.html"; do
        echo "<p>$page" >"$www/$1/$page"
    done
}
slow_is() { # HOOK CRAWL CAUSE
    slow_folder "$1"
    workspace "$1" "readers: 1, $2" "$1/"
    "$hooked" -C "$work/$1" crawl || return 1
    "$adwatch" -C "$work/$1" why --json | jq -e -s \
        'map(select(.state == "done")) | length == 3' &&
        "$adwatch" -C "$work/$1" why "$site/$1/hook/$1.html" | grep -q "200, $3;"
}
check "a page that computes for ever is over its processor time" \
    slow_is spin 'reader_ms: 600000, reader_cpu_ms: 300' 'processor time limit'
check "a page that waits for ever is over its time" \
    slow_is hang 'reader_ms: 5000, reader_cpu_ms: 600000' timeout

# ---- handed in --------------------------------------------------------------------

printf '/hook/socket.' >"$work/poster.txt"
check "a file that takes its reader over is told" \
    says 'poster.txt: not read: forbidden call: socket' \
    "$hooked" -C "$ws" ingest "$work/poster.txt"

# ---- a kernel without seccomp --------------------------------------------------------

rm -r "$www/hook"
without() { "$parts/no_seccomp" "$adwatch" "$@"; }
workspace none 'readers: 1' spin/
check "without seccomp there is no run" exits 5 without -C "$work/none" crawl
check "what to do is told" says "set 'reader_cell: best-effort' in adwatch.yaml" \
    without -C "$work/none" crawl
check "doctor tells it" says 'cell        no seccomp, no landlock' without doctor
workspace effort 'readers: 1, reader_cell: best-effort' spin/
check "with best effort there is one" exits 0 without -C "$work/effort" crawl
check "and it warns" says 'warn  readers cell="no seccomp, no landlock"' \
    without -C "$work/effort" crawl
finish
