#!/bin/sh
# What ends a site's crawl before its pages do: budgets and traps.
#   test_limits.sh ADWATCH DIR
set -u
slot=12
. "$(dirname "$0")/sites.sh"

start_node 127.0.6.31 127.0.6.32 127.0.6.33

# ---- budgets -------------------------------------------------------------------

for host in pages bytes time a.hosts b.hosts; do pages $host.example 8; done
page a.hosts.example p1.html "<a href=http://b.hosts.example:$port/>b</a>"
pages big.greedy.example 5
page big.greedy.example p1.html "<a href=http://small.greedy.example:$port/>small</a>"
pages small.greedy.example 4
how small.greedy.example index.html 'wait 800'
resolve='big.greedy.example 127.0.6.31
small.greedy.example 127.0.6.32
pages.example 127.0.6.31
bytes.example 127.0.6.32
time.example 127.0.6.33
a.hosts.example 127.0.6.31
b.hosts.example 127.0.6.32'
fresh budgets
configure 'pause_ms: 10' "$(start pages.example 'pages_max: 3'
start bytes.example 'bytes_max: 900'
start time.example 'time_max_s: 1, pause_ms: 400'
start big.greedy.example 'pages_max: 7, scope: site'
echo "  - {name: hosts, start: ['http://a.hosts.example:$port/'], scope: site,"
echo "     include: ['host:b.hosts.example'], host_pages_max: 3}")"
crawl
over() { # SOURCE BUDGET
    told ".sources.$1.coverage.skipped > 0 and (.sources.$1.reasons | has(\"$2 of its source\")) and
        any(.notes[]; .source == \"$1\" and (.text | startswith(\"over $2 of its source: \")))"
}
check "pages_max" over pages pages_max
check "is kept to the page" told '.sources.pages.coverage.requests == 3'
check "bytes_max" over bytes bytes_max
check "time_max_s" over time time_max_s
check "the host that had most of it is told, whoever comes next" noted \
    'over pages_max of its source: big.greedy.example alone had 6 of 7 requests'
check "host_pages_max" over hosts host_pages_max
check "holds for each host" log_holds 'map(select(.url != "/robots.txt").host) |
    map(select(endswith(".hosts.example"))) | group_by(.) | map(length) == [3, 3]'
check "each host that is over it is told" told \
    '[.notes[] | select(.source == "hosts")] | length == 2'

# The start page is asked for every night, and the others in turn.
for night in 2 3 4; do crawl; done
check "after some nights all pages of a large site were seen" sh -c \
    "'$adwatch' -C '$ws' why --json | jq -e -s 'map(select(.source == \"pages\" and
    .capture > 0)) | length == 9'"

# A start page with more links than are taken in one night: 4 for each page.
resolve='hub.example 127.0.6.31'
fresh hub
pages hub.example 30
configure 'pause_ms: 0' "$(start hub.example 'pages_max: 3')"
crawl
check "links beyond the limit are told" noted 'too many for its pages_max'
for night in 2 3 4; do crawl; done
check "and are taken in the nights after" sh -c \
    "[ \"\$('$adwatch' -C '$ws' why --json | grep -c '/p')\" -ge 28 ]"

# ---- traps ---------------------------------------------------------------------

page cal.example any.html '<a href=/d/%DAY%>x</a><a href=/d/%DAY%>x</a><a href=/d/%DAY%>x</a>
    %COUNT%'
page deep.example any.html '<a href=list/>x</a>'
mkdir -p "$www/facet.example"
{
    echo '<title>商品</title>'
    for a in 1 2 3 4 5 6 7 8; do for b in 1 2 3 4 5 6 7 8; do for c in 1 2 3 4 5 6; do
        echo "<a href='/s?a=$a&b=$b&c=$c'>x</a>"
    done; done; done
} >"$www/facet.example/index.html"
resolve='cal.example 127.0.6.31
deep.example 127.0.6.32
facet.example 127.0.6.33'
fresh traps
configure 'pause_ms: 0' "$(for host in cal deep facet; do start $host.example 'depth: 90'; done)"
crawl
check "a calendar without end is left" told '.sources.cal.coverage | .requests > 400 and
    .requests < 700 and .skipped > 0 and .left == 0'
check "and told" noted 'cal.example: trap: '
check "so are repeated segments" noted 'deep.example: trap: '
check "which end early" told '.sources.deep.coverage.requests < 10'
check "and facets" noted 'facet.example: trap: '
check "of which few are asked" told '.sources.facet.coverage | .requests > 150 and .requests < 300'
check "each URL with its reason" why deep.example/list/list/list/ \
    '.state == "skipped" and (.reason | startswith("trap: "))'
cp "$work/status.json" "$work/first.json"
crawl
check "the next run does not go further into them" told --slurpfile first "$work/first.json" '
    .sources as $now | $first[0].sources | to_entries |
    all(.[]; $now[.key].coverage.requests <= .value.coverage.requests * 1.3)'

# ---- traps on more hosts than people read of -------------------------------------

{
    echo '<title>目录</title>'
    for n in $(seq 60) a%COUNT%; do echo "<a href=/part$n/part$n/part$n/>x</a>"; done
    for n in $(seq 120) a%COUNT%; do
        echo "<a href=http://h$n.many.example:$port/list/list/list/>x</a>"
    done
} >"$work/many.html"
mkdir -p "$www/many.example"
mv "$work/many.html" "$www/many.example/index.html"
resolve='many.example 127.0.6.31'
fresh many
configure 'pause_ms: 0' "$(start many.example 'scope: site')"
many_notes() { # all, of many.example itself, that there are more
    told '.notes | [length, (map(select(.text | startswith("many.example: trap: "))) | length),
        (map(select(.text | startswith("there are traps on more hosts"))) | length)] == [101, 1, 1]'
}
crawl
check "each URL of a trap is skipped" told '.sources.many.coverage.skipped == 182'
check "a host is told once, and no more than 100 of them" many_notes
check "as people see in the log" [ "$(grep -c ' note source=many ' "$work/crawl.err")" -eq 101 ]
sql "UPDATE run SET state = 'stopped'"
sql "UPDATE url SET run = 0, due_ms = 0 WHERE url = '$(at many.example/)'"
crawl
check "a run that is taken up again finds more of them" told '.sources.many.coverage.skipped == 184'
check "and tells no more" many_notes
finish
