#!/bin/sh
# robots.txt over several runs: rules, failures, redirects, Crawl-delay.
#   test_robots.sh ADWATCH DIR
set -u
slot=20
. "$(dirname "$0")/sites.sh"

robots() { # HOST LINE...
    robots_of=$1
    shift
    printf '%s\n' "$@" >"$www/$robots_of/robots.txt"
}
for host in rules none closed old ignored moved moves delay loops; do
    page $host.example index.html '<a href=/no/a.html>a</a><a href=/no/yes.html>b</a>'
    page $host.example no/a.html
    page $host.example no/yes.html
done
robots rules.example 'User-agent: other' 'Disallow: /' '' 'User-agent: Adwatch' \
    'Disallow: /no/' 'Allow: /no/yes'
robots closed.example 'User-agent: *' 'Disallow: /no/'
how closed.example robots.txt 'status 503' 'times 1'
how old.example robots.txt 'status 503'
robots ignored.example 'User-agent: *' 'Disallow: /'
how moved.example robots.txt 'status 301' 'Location: /r1.txt'
how moved.example r1.txt 'status 302' "Location: http://moves.example:$port/r2.txt"
printf 'User-agent: *\nDisallow: /no/a\n' >"$www/moves.example/r2.txt"
how loops.example robots.txt 'status 301' 'Location: /robots.txt'
robots delay.example 'User-agent: *' 'Crawl-delay: 0.7'

start_node 127.0.6.11 127.0.6.12
resolve=$(cd "$www" && for name in *; do echo "$name 127.0.6.11"; done)
configure 'pause_ms: 0, tries_max: 2' "$(for name in rules none closed old moved delay loops; do
    echo "  - {name: $name, start: ['http://$name.example:$port/']}"
done)
  - name: ignored
    start: ['http://ignored.example:$port/']
    robots: ignore
    robots_ground: 'order 7 of the sample office'"

# ---- the first run ---------------------------------------------------------

crawl
check "start pages that were not had are told by the exit status" ran 3
check "what robots.txt forbids is not asked for" not_asked rules.example/no/a.html
check "the longer rule allows" asked rules.example/no/yes.html
check "why names the line" why rules.example/no/a.html \
    '.state == "skipped" and .reason == "robots.txt: Disallow: /no/"'
skipped() { # HOST/PATH STATE REASON
    "$adwatch" -C "$ws" status --skipped |
        grep -qxF "$(printf '%s\t%s\t%s' "$(at "$1")" "$2" "$3")"
}
check "so does status --skipped" skipped rules.example/no/a.html skipped \
    'robots.txt: Disallow: /no/'
check "it counts as refused" told '.sources.rules.coverage.refused == 1'
check "without robots.txt all is allowed" asked none.example/ none.example/no/a.html
check "503 closes the site" not_asked closed.example/
check "which is told" why closed.example/ \
    '.state == "failed" and (.reason | startswith("robots.txt: http 503"))'
check "and is asked once a run" asked closed.example/robots.txt old.example/robots.txt
check "redirects of robots.txt are followed, to other hosts as well" asked moved.example/robots.txt \
    moved.example/r1.txt moves.example/r2.txt
check "each hop stands in the archive under its own URL" has_records moved.example/robots.txt response 1
check "with its own address" has_records moves.example/r2.txt response 1
check "its rules hold for the first host" not_asked moved.example/no/a.html
check "and allow the rest" asked moved.example/no/yes.html
check "a loop of them closes the site" not_asked loops.example/
check "after 5 hops" test "$(asked_count loops.example/robots.txt)" -eq 6
check "with the reason" why loops.example/ '.reason == "robots.txt: more than 5 redirects in a row: not allowed for now"'
check "robots: ignore asks for none" not_asked ignored.example/robots.txt
check "and for all pages" asked ignored.example/ ignored.example/no/a.html
ground() { zcat "$ws"/archive/*.warc.gz | grep -a 'robots: ignored .*order 7 of the sample office'; }
check "its ground stands in the archive" ground
check "Crawl-delay counts from robots.txt on" log_holds '
    map(select(.host == "delay.example")) | sort_by(.begin) | length == 4 and
    ([.[1:], .[:-1]] | transpose | all(.[]; .[0].begin - .[1].end >= 700))'

# ---- extract URL ------------------------------------------------------------

how moved.example there 'status 302' 'Location: /no/yes.html'
check "extract asks for a URL as the crawler would" says 'no/yes.html' \
    "$adwatch" -C "$ws" extract --json "$(at moved.example/there)"
check "and not where robots.txt forbids it" says 'robots.txt forbids it' \
    "$adwatch" -C "$ws" extract "$(at rules.example/no/a.html)"
check "nor where it cannot be had" says 'robots.txt: http 503' \
    "$adwatch" -C "$ws" extract "$(at old.example/)"
check "an error is no document" says 'http 404' \
    "$adwatch" -C "$ws" extract "$(at none.example/nothing.html)"
check "nor is what lies behind another address" says 'address' \
    "$adwatch" -C "$ws" extract http://10.255.255.1/
: >"$log"

# ---- the next run, on the same day -----------------------------------------

sql "UPDATE robots SET failing_ms = failing_ms - 31 * 86400000 WHERE origin LIKE '%old.example%'"
crawl
check "robots.txt is not asked for twice in 24 hours" not_asked rules.example/robots.txt \
    none.example/robots.txt moved.example/robots.txt
check "its rules hold still" not_asked rules.example/no/a.html moved.example/no/a.html
check "with Crawl-delay" log_holds '
    map(select(.host == "delay.example")) | sort_by(.begin) | length == 3 and
    ([.[1:], .[:-1]] | transpose | all(.[]; .[0].begin - .[1].end >= 700))'
check "but where it failed" asked closed.example/robots.txt old.example/robots.txt
check "the site is open again" asked closed.example/
check "and what it forbids holds" why closed.example/no/a.html '.state == "skipped"'
check "after 30 days of 503 all is allowed" asked old.example/ old.example/no/a.html

# ---- a day later -----------------------------------------------------------

sql "UPDATE robots SET fetched_ms = fetched_ms - 86400001"
robots rules.example 'User-agent: *' 'Disallow: /no/yes'
crawl
check "after 24 hours it is asked again" asked rules.example/robots.txt none.example/robots.txt
check "and what it says now holds" asked rules.example/no/a.html
check "for both sides" not_asked rules.example/no/yes.html

# ---- redirects at the pace of the hosts that they lead to --------------------

# Each waits its pause between any two requests, and so does their address.
paced() { # JQ: of one answer; MS
    log_holds "map(select($1)) | sort_by(.begin) | [.[1:], .[:-1]] | transpose |
        map(.[0].begin - .[1].end) | debug | length > 0 and all(.[]; . >= $2)"
}
pages target.example 8
for name in hop1 hop2 hop3; do
    page $name.example index.html
    how $name.example robots.txt 'status 301' 'Location: /r1.txt'
    how $name.example r1.txt 'status 301' "Location: http://target.example:$port/r2.txt"
done
page outside.example index.html
how outside.example robots.txt 'status 301' 'Location: file:///etc/passwd'
robots target.example 'User-agent: *' 'Allow: /'
printf 'User-agent: *\nCrawl-delay: 0.5\n' >"$www/target.example/r2.txt"
how target.example r2.txt 'wait 50'
resolve='target.example 127.0.6.11
outside.example 127.0.6.12
hop1.example 127.0.6.11
hop2.example 127.0.6.12
hop3.example 127.0.6.12'
fresh hops
configure 'pause_ms: 200, pause_factor: 0, address_pause_ms: 60' \
    "$(for name in target hop1 hop2 hop3 outside; do start $name.example; done)"
crawl
check "a host that others' robots.txt lie on is asked at its pace" paced '.host == "target.example"' 200
check "hops on one host as well" paced '.host == "hop1.example"' 200
check "and on one address" paced '.address == "127.0.6.11"' 60
check "never two at once" paced '.address == "127.0.6.12"' 60
check "it is asked for each of them, from the hop that was reached" log_holds '
    map(select(.url == "/r2.txt")) | length == 3'
check "and no hop twice" asked hop1.example/robots.txt hop1.example/r1.txt hop2.example/robots.txt \
    hop2.example/r1.txt hop3.example/robots.txt hop3.example/r1.txt
check "its own pages do not keep them off" log_holds '
    (map(select(.url == "/r2.txt").end) | max) < (map(select(.host == "target.example").end) | max)'
check "all is had" asked hop1.example/ hop2.example/ hop3.example/ target.example/p8.html
check "Crawl-delay is that of the host that asked" log_holds '
    map(select(.host == "hop1.example" and .url == "/").begin)[0] as $page |
    $page - map(select(.url == "/r2.txt").end)[0] >= 500'
check "a redirect to a file closes the site" why outside.example/ \
    '.reason == "robots.txt: redirect to no http address: not allowed for now"'

sql "DELETE FROM robots"
sql "UPDATE host SET backoff_level = 1, backoff_until_ms = $(($(now_ms) + 3600000))
     WHERE name = 'target.example'"
crawl
check "a back-off of the host that it lies on holds for it" not_asked target.example/r2.txt
check "without it no page is asked for" not_asked hop1.example/ hop2.example/
check "which people are told" noted \
    "robots.txt of http://hop1.example:$port lies on a host that may not be asked for 59 minutes"

# ---- Crawl-delay over a kill --------------------------------------------------

pages kept.example 6
robots kept.example 'User-agent: *' 'Crawl-delay: 1.5'
resolve='kept.example 127.0.6.12'
fresh kept
configure 'pause_ms: 10, pause_factor: 0' "$(start kept.example)"
: >"$log"
"$adwatch" -C "$ws" crawl >"$work/crawl.out" 2>"$work/crawl.err" &
killed=$!
until [ "$(asked_count kept.example/)" -ge 1 ]; do sleep 0.1; done
sleep 1.2 # so that what it learned is committed
kill -9 "$killed"
wait "$killed" 2>/dev/null
before=$(now_ms)
crawl
check "robots.txt is known after a kill" not_asked kept.example/robots.txt
first_at() { jq -s 'map(.begin) | min' "$log"; }
check "and its Crawl-delay holds from the start of the next process" \
    test "$(first_at)" -ge $((before + 1500))
check "to the end" log_holds 'map(select(.host == "kept.example")) | length >= 5'
finish
