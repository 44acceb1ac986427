#!/bin/sh
# robots.txt over several runs: rules, failures, redirects, Crawl-delay.
#   test_robots.sh ADWATCH DIR
set -u
port=18811
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

start_node 127.0.6.11
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
check "its rules hold for the first host" not_asked moved.example/no/a.html
check "and allow the rest" asked moved.example/no/yes.html
check "a loop of them closes the site" not_asked loops.example/
check "robots: ignore asks for none" not_asked ignored.example/robots.txt
check "and for all pages" asked ignored.example/ ignored.example/no/a.html
ground() { zcat "$ws"/archive/*.warc.gz | grep -a 'robots: ignored .*order 7 of the sample office'; }
check "its ground stands in the archive" ground
check "Crawl-delay counts from robots.txt on" log_holds '
    map(select(.host == "delay.example")) | sort_by(.begin) | length == 4 and
    ([.[1:], .[:-1]] | transpose | all(.[]; .[0].begin - .[1].end >= 700))'

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
finish
