#!/bin/sh
# How fast hosts and addresses are asked, when they are left alone, and how a
# run ends.   test_politeness.sh ADWATCH DIR
set -u
slot=15
. "$(dirname "$0")/sites.sh"

# Of what was asked at hosts or addresses that fit JQ: the gaps between the end
# of an answer and the next request, in order.
gaps() { # JQ: of one answer; JQ: of the list of gaps
    log_holds "map(select($1)) | sort_by(.begin) |
        [.[1:], .[:-1]] | transpose | map(.[0].begin - .[1].end) | debug | $2"
}

start_node 127.0.6.21 127.0.6.22 127.0.6.23

# ---- hosts that share an address ---------------------------------------------

for host in one two far; do
    pages $host.example 5
    for n in index p1 p2 p3 p4 p5; do how $host.example $n.html 'wait 30'; done
done
resolve='one.example 127.0.6.21
two.example 127.0.6.21
far.example 127.0.6.22'
fresh shared
configure 'pause_ms: 20, pause_factor: 0, address_pause_ms: 60' \
    "$(start one.example; start two.example; start far.example)"
crawl
check "two hosts of one address are never asked at once, nor sooner than its pause" \
    gaps '.address == "127.0.6.21"' 'length == 13 and all(.[]; . >= 60)'
check "they take turns" log_holds 'map(select(.address == "127.0.6.21") | .host) |
    .[0:6] | unique | length == 2'
check "a host of another address goes on meanwhile" log_holds '
    (map(select(.host == "far.example").end) | max) <
    (map(select(.host != "far.example").end) | max) - 200'

names=$(seq -f 'n%g.example' 1 30)
resolve=$(for name in $names; do echo "$name 127.0.6.23"; done)
for name in $names; do page "$name" index.html; done
how n1.example robots.txt 'wait 100'
how n2.example robots.txt 'wait 100'
fresh many
configure 'pause_ms: 1000, address_pause_ms: 5, concurrency: 64' \
    "$(for name in $names; do start "$name"; done)"
crawl
check "30 new names on one address: never two requests at once, from the first on" \
    gaps '.address == "127.0.6.23"' 'length == 59 and all(.[]; . >= 5)'

# ---- pauses by the answers ---------------------------------------------------

pages slow.example 3
for n in robots.txt index.html p1.html p2.html p3.html; do
    how slow.example $n 'wait 150'
done
resolve='slow.example 127.0.6.21'
fresh slow
configure 'pause_ms: 10, pause_factor: 2' "$(start slow.example)"
crawl
check "slow answers stretch the pause" gaps true 'length == 4 and all(.[]; . >= 300)'
fresh capped
configure 'pause_ms: 10, pause_factor: 2, pause_most_ms: 50' "$(start slow.example)"
crawl
check "but not beyond pause_most_ms" gaps true \
    'length == 4 and all(.[]; . >= 50) and (min < 250)'

# ---- back-off ------------------------------------------------------------------

pages limit.example 0
how limit.example index.html 'status 429' 'Retry-After: 2' 'times 1'
pages busy.example 4
for n in 1 2 3; do how busy.example p$n.html 'status 503'; done
pages goes.example 9
resolve='limit.example 127.0.6.21
busy.example 127.0.6.22
goes.example 127.0.6.23'
fresh backoff
configure 'pause_ms: 10, backoff_first_ms: 300, tries_max: 1' \
    "$(start busy.example; start goes.example)"
crawl
check "503 backs off, doubling" gaps '.host == "busy.example" and .url != "/robots.txt"' \
    'length == 4 and .[1] >= 240 and .[2] >= 480 and .[3] >= 960'
check "other hosts go on" log_holds '
    (map(select(.host == "goes.example")) | length == 11) and
    (map(select(.host == "goes.example").end) | max) <
    (map(select(.host == "busy.example").end) | max) - 1000'
check "and the pages are failed" why busy.example/p1.html \
    '.state == "failed" and .reason == "http 503"'
fresh retry
configure 'pause_ms: 10, backoff_first_ms: 100' "$(start limit.example)"
crawl
check "Retry-After is kept to the second" gaps '.url == "/"' \
    'length == 1 and .[0] >= 2000 and .[0] < 3500'
check "and the page is had" why limit.example/ '.state == "done" and .status == 200'

# ---- a back-off that outlasts the run ------------------------------------------

pages away.example 3
resolve='away.example 127.0.6.21'
fresh away
configure 'pause_ms: 10, patience_ms: 1000' "$(start away.example)"
crawl
check "a first run" told '.coverage.read == 4'
# As an earlier night left it, that ended before a good answer.
sql "UPDATE host SET backoff_level = 1, backoff_until_ms = 1000"
how away.example index.html 'status 503' 'Retry-After: 6' 'times 2'
crawl
check "what has to wait longer than patience_ms is left" told '.state == "done" and
    .coverage.left == 4 and .coverage.failed == 0'
check "with the reason" why away.example/ '.state == "queued" and .reason == "http 503"'
told_at=$(jq -s '.[-1].end' "$log")
crawl
check "a run before the time does not ask" log_holds 'length == 0'
check "and ends at once" told '.coverage.left == 4'
while [ "$(now_ms)" -lt $((told_at + 6100)) ]; do sleep 0.2; done
crawl
check "a run after it does" asked away.example/ away.example/p1.html away.example/p2.html
check "and nothing is left" told '.coverage.left == 0 and .coverage.failed == 0'

# The same with a good answer: Retry-After holds with any status.
pages rests.example 1
how rests.example index.html 'Retry-After: 172800' 'times 1'
resolve='rests.example 127.0.6.22'
fresh rests
configure 'pause_ms: 10, patience_ms: 1000' "$(start rests.example)"
crawl
check "Retry-After of days with 200 leaves the rest" told '.coverage.left == 1'
crawl
check "and holds over the end of the run" log_holds 'length == 0'
kept_until() {
    sql "SELECT backoff_until_ms FROM host WHERE name = 'rests.example'"
}
check "whole" test "$(kept_until)" -gt $(($(now_ms) + 170000000))

# ---- ends ----------------------------------------------------------------------

pages long.example 12
resolve='long.example 127.0.6.21'
fresh time
configure 'pause_ms: 200, run_max_s: 1' "$(start long.example)"
crawl
check "run_max_s ends a run" ran 0
check "with pages left" told '.state == "done" and .coverage.left >= 5 and .coverage.failed == 0'
cp "$log" "$work/first.log"
configure 'pause_ms: 10' "$(start long.example)"
crawl
all_had() {
    jq -s 'map(.url) | unique | length' "$work/first.log" "$log" | grep -qx 14
}
check "and the next one takes them" all_had
check "to the end" told '.coverage.left == 0'
finish
