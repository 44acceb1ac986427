#!/bin/sh
# kill -9 of the whole process group at 100 moments of runs over a site, and
# what stands at the end: nothing lost, nothing twice, no host asked too soon.
#   test_kill.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

port=$(test_port 10)
kills=${KILLS:-100}
seed=${SEED:-$(date +%s)}
pause=60 # ms
echo "  seed $seed (SEED=$seed KILLS=$kills repeats it)"

make_site "$work/www"
start_nginx "
    server {
        listen 127.0.5.1:$port;
        root $work/www;
        access_log $work/site.log times;
        location = /robots.txt { return 404; access_log $work/site.log times; }
    }"

ws=$work/killed
mkdir "$ws"
config() { # PAUSE_MS
    cat >"$ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network: {allow: ['127.0.5.0/24']}
crawl: {pause_ms: $1, $quick}
sources:
  - {name: site, start: ['http://127.0.5.1:$port/p0.html'], depth: 50}
YAML
}
config $pause
: >"$ws/err"

# ---- the kills -------------------------------------------------------------

tear() { # half a record behind the last one, as a torn write leaves it
    for open in "$ws"/archive/*.warc.gz.open; do
        [ ! -s "$open" ] || head -c 200 "$open" >>"$open"
    done
}
done_now() { # how many pages are committed
    "$adwatch" -C "$ws" why --json 2>/dev/null |
        jq -s 'map(select(.state == "done")) | length'
}
requests_more() { # THAN: within 20 s, or until the run is over
    tries=0
    until [ "$(wc -l <"$work/site.log")" -gt "$1" ]; do
        tries=$((tries + 1))
        [ $tries -le 400 ] && kill -0 "$crawler" 2>/dev/null || return 1
        sleep 0.05
    done
}
# Killed so long after its start, or after its first request, however fast the
# machine is just then; unless it has ended before.
crawl_once() { # start|request SECONDS
    before=$(wc -l <"$work/site.log")
    crawl_begin "$ws"
    [ "$1" = start ] || requests_more "$before"
    sleep "$2"
    kill -9 "-$crawler" 2>/dev/null
    crawl_end
    [ $status -ne 137 ] || killed=$((killed + 1))
}

: >"$work/site.log"
began=$(now_ms)
crawl_begin "$ws"
requests_more 0
start_ms=$(($(now_ms) - began))
kill -9 "-$crawler"
crawl_end
[ $start_ms -lt 1500 ] || kills=$((kills / 4)) # sanitizers

# Four in ten before the first request, the others soon after it.
LC_ALL=C awk -v seed="$seed" -v count="$kills" -v start=$start_ms 'BEGIN {
    srand(seed)
    for (i = 0; i < count; i++)
        if (rand() < 0.4)
            printf "start %.3f\n", rand() * start / 1000
        else
            printf "request %.3f\n", rand() * 0.2
}' >"$work/moments"
killed=0 round=0
while read -r from seconds; do
    round=$((round + 1))
    crawl_once "$from" "$seconds" </dev/null
    [ $status -eq 137 ] || break
    [ $((round % 3)) -ne 0 ] || tear
done <"$work/moments"
done=$(done_now)
echo "  first request after $start_ms ms; $killed of $kills runs were killed," \
    "$done of 300 pages done by then"

# ---- what stands at the end ------------------------------------------------

check "all runs were killed" [ "$killed" -eq "$kills" ]
check "progress is made though each run is killed" [ "$done" -gt 10 ]
check "the last run takes it up" says "resumed run" \
    "$adwatch" -C "$ws" crawl
check "no page and no finding is lost, none is there twice" complete "$ws"
check "torn records were cut off" grep -q "cut a torn record" "$ws/err"
check "the archive is whole, and its index points right" says "all whole" \
    "$adwatch" -C "$ws" archive check
check "the store is whole" exits 0 "$adwatch" -C "$ws" status
captures_are_there() { # one in ten, and those of the findings
    seen=0
    for id in $(jq -r 'select(.finding > 0).capture,
        (.capture | select(. % 10 == 0))' "$work/all.jsonl" | sort -u); do
        "$adwatch" -C "$ws" archive get "$id" | grep -q '<h1>' ||
            { echo "capture $id is not in the archive"; return 1; }
        seen=$((seen + 1))
    done
    [ $seen -ge 30 ] || { echo "only $seen captures were looked at"; return 1; }
}
check "each capture is in the archive" captures_are_there

# ---- the pause -------------------------------------------------------------

# From the end of a request to the beginning of the next one; ms are rounded.
polite() { # LOG PAUSE_MS
    awk '{ printf "%.3f %.3f\n", $1 - $2, $1 }' "$1" | sort -n | awk -v pause="$2" '
        NR > 1 && ($1 - end) * 1000 < pause - 3 {
            printf "%d ms after the one before at %.3f\n", ($1 - end) * 1000, $1
            bad = 1
        }
        $2 > end { end = $2 }
        END { print NR " requests"; exit bad }'
}
check "no request came sooner than the pause" polite "$work/site.log" $pause

# A pause that is longer than it takes to start again.
rm -rf "$ws"
mkdir "$ws"
long=$((start_ms + 500))
config $long
: >"$ws/err"
: >"$work/site.log"
for extra in 200 400 100 300; do
    crawl_once request 0.$extra
done
check "nor after a kill, where the pause is longer than a run" \
    polite "$work/site.log" $long
check "of which there were some" [ "$(wc -l <"$work/site.log")" -ge 2 ]

finish
