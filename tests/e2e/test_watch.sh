#!/bin/sh
# Watching runs: two nights on four sites, of which three fall on the second.
# What status, why, the log, the terminal and the metrics tell of them.
#   test_watch.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
port=$(test_port 21) # 127.0.29.1 to .5
ws=$work/ws
www=$work/www

servers=''
end_all() {
    for pid in $servers; do kill "$pid" 2>/dev/null; done
}
trap end_all EXIT
trap 'exit 130' INT TERM

# ---- the sites -------------------------------------------------------------

page() { # FILE TEXT: some 3 KB, with links to p1.html and so on, and TEXT
    {
        echo "<title>社区通知</title>$links"
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            echo "<p>本周六上午社区活动中心开展便民服务，请居民携带身份证前来登记，地址在人民路。"
            echo "公交线路调整时间另行通知，天气转凉，请大家注意添加衣服，家长接送孩子注意安全。"
        done
        echo "$2"
    } >"$1"
}
site() { # NAME PAGES
    mkdir -p "$www/$1"
    links=''
    for n in $(seq 1 $(($2 - 1))); do
        links="$links<a href=/p$n.html>$n</a> "
    done
    page "$www/$1/index.html" ''
    for n in $(seq 1 $(($2 - 1))); do
        page "$www/$1/p$n.html" "<p>第 $n 页"
    done
}
ad='<p>本公司理财保本保息，年化收益18%，到期保证兑付，立即咨询加微信。'
site falls 40
site shrinks 20
site leaves 3
site steady 12
links=''
page "$www/falls/p39.html" "$ad"
page "$www/steady/ad.html" "$ad<a href=http://127.0.29.5:$port/buy.html>买</a>"
page "$www/steady/p1.html" "<a href=/closed/a.html>a</a><a href=/x/foto/foto/foto/y>b</a>
    <a href=/print/c.html>c</a><a href=/ad.html>d</a>"
printf 'User-agent: *\nDisallow: /closed/\n' >"$www/steady/robots.txt"
mkdir "$www/shop"
page "$www/shop/buy.html" ''

cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.err;
events { worker_connections 128; }
http {
    access_log off;
    types { text/html html; text/plain txt; }
    client_body_temp_path $work/t1; proxy_temp_path $work/t2;
    fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4;
    scgi_temp_path $work/t5;
    server { listen 127.0.29.1:$port; root $www/falls; }
    server { listen 127.0.29.2:$port; root $www/shrinks; }
    server { listen 127.0.29.3:$port; root $www/steady; }
    server { listen 127.0.29.4:$port; root $www/leaves; }
    server { listen 127.0.29.5:$port; root $www/shop; }
}
CONF
nginx -e "$work/nginx.err" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
servers="$servers $!"
tries=0
until [ -s "$work/nginx.pid" ]; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { cat "$work/nginx.err"; exit 1; }
    sleep 0.1
done

mkdir "$ws"
cat >"$ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
network: {allow: ['127.0.29.0/24']}
crawl: {pause_ms: 5, address_pause_ms: 0, revisit_first_s: 0, run_max_s: 600,
        metrics: adwatch.prom}
sources:
  - {name: 样例网一 "倒", start: ['http://127.0.29.1:$port/']}
  - {name: shrinks, start: ['http://127.0.29.2:$port/']}
  - {name: 安稳样例网, start: ['http://127.0.29.3:$port/'],
     exclude: ['*/print/*']}
  - {name: leaves, start: ['http://127.0.29.4:$port/']}
YAML

status_json() { "$adwatch" -C "$ws" status --json >"$work/status.json"; }
holds() { # JQ: of the last status
    jq -e "$1" "$work/status.json" || { jq . "$work/status.json"; return 1; }
}
metrics_parse() { # as OpenMetrics, and as the collector reads it
    /usr/bin/python3 - "$ws/adwatch.prom" >"$work/metrics.out" <<'PYTHON'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict
from prometheus_client.parser import text_string_to_metric_families as plain
text = open(sys.argv[1], encoding='utf-8').read()
def samples(parse):
    return {(s.name, tuple(sorted(s.labels.items()))): s.value
            for family in parse(text) for s in family.samples}
assert samples(strict) == samples(plain), 'the two formats differ'
for (name, labels), value in sorted(samples(strict).items()):
    print(name, ' '.join('%s=%s' % label for label in labels), value)
PYTHON
}
metric() { grep -xF -- "$1" "$work/metrics.out" || { cat "$work/metrics.out"; return 1; }; }

# ---- the first night -------------------------------------------------------

check "before the first run there is nothing to tell" \
    says "no run yet" "$adwatch" -C "$ws" status
"$adwatch" -C "$ws" --log-json crawl >"$work/first.out" 2>"$work/first.err"
check "the log is JSON lines" jq -e -s 'any(.[]; .msg == "run begins")' "$work/first.err"
check "the first run is done" status_json
check "each source has its coverage" holds '.state == "done" and
    .coverage.planned == 79 and .coverage.fetched == 77 and
    .sources["样例网一 \"倒\""].coverage.read == 40 and
    .sources["安稳样例网"].coverage.refused == 1 and
    .sources["安稳样例网"].coverage.skipped == 1'
check "the reasons stand beside it" holds '.sources["安稳样例网"].reasons |
    has("robots.txt: Disallow: /closed/")'
check "the trap is a note" holds '.notes | any(.[]; .source == "安稳样例网" and
    (.text | contains("foto")))'
check "nothing is called out on the first night" holds '.warnings == [] and
    .before_run == 0'
check "the metrics are well-formed in both formats" metrics_parse
check "and count pages" metric 'adwatch_pages_total outcome=read source=样例网一 "倒" 40'
check "what robots.txt refuses" metric \
    'adwatch_pages_total outcome=refused source=安稳样例网 1'
check "and tell the state" grep -q '^adwatch_run_info run=1 state=done ' "$work/metrics.out"
success() { # that of this run
    awk '$1 == "adwatch_last_success_seconds" { a = $2 }
        $1 == "adwatch_run_ended_seconds" { b = $2 }
        END { exit !(a > 0 && a == b) }' "$work/metrics.out"
}
check "and the last success" success

# ---- the second night: the sites fall --------------------------------------

for n in $(seq 3 39); do rm "$www/falls/p$n.html"; done
for file in "$www"/shrinks/*.html; do echo '<p>系统维护中，请稍后再访问。' >"$file"; done
sed -i '/name: leaves/d' "$ws/adwatch.yaml"
sleep 1 # the times of a finding are whole seconds
script -qefc "'$adwatch' -C '$ws' crawl" "$work/terminal" </dev/null >/dev/null 2>&1
check "a terminal is shown one line that is written over" \
    grep -qE 'pages, [0-9.]+/s, 0:0[0-9]:[0-9]+ left, [0-9]+ queued, [0-9]+ under way, [0-9]+ errors, [0-9]+ find' \
    "$work/terminal"
no_log_lines() { ! grep -q 'progress' "$work/terminal"; }
check "and no lines of the log for it" no_log_lines
check "the second run is done" status_json
warned() { # SOURCE TEXT
    holds ".warnings | any(.[]; .source == \"$1\" and (.text | startswith(\"$2\")))"
}
check "a source with few of its pages is called out" warned '样例网一 \"倒\"' \
    'far less than last time: 3 of 40 pages (last time 40 of 40)'
check "so is one whose pages shrank" warned shrinks 'far smaller pages than in run 1'
check "and one that is no longer asked" warned leaves 'not there any more (last time 3 of 3'
check "a site that did not change is not" holds '(.warnings | length) == 3 and
    .sources["安稳样例网"].coverage.unchanged >= 11'
check "the run before stands beside it" holds '.before_run == 1 and
    .sources.shrinks.before.read == 20'
check "the metrics are those of the second run" metrics_parse
check "with its failures" metric \
    'adwatch_pages_total outcome=failed source=样例网一 "倒" 37'

"$adwatch" -C "$ws" status >"$work/status.txt"
check "people are told in words" grep -qF \
    '  样例网一 "倒": far less than last time: 3 of 40 pages (last time 40 of 40)' "$work/status.txt"
columns() { # the numbers of all sources end in the same column
    grep -qE '^样例网一 "倒" +40 +3 +[0-9]+ +[0-9]+ +0 +0 +37 ' "$work/status.txt" &&
        /usr/bin/python3 - "$work/status.txt" <<'PYTHON'
import sys, unicodedata
lines = open(sys.argv[1], encoding='utf-8').read().split('\n')
first = next(i for i, line in enumerate(lines) if line.startswith('source '))
table = lines[first:lines.index('', first)]
widths = {sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)
          for line in table}
assert len(table) == 5 and len(widths) == 1, table
PYTHON
}
check "in a table by display width" columns
check "status is 0 though sources fell" exits 0 "$adwatch" -C "$ws" status

# ---- page by page ----------------------------------------------------------

"$adwatch" -C "$ws" status --skipped >"$work/skipped.tsv"
line() { # URL STATE REASON
    grep -qxF -- "$(printf '%s\t%s\t%s' "$1" "$2" "$3")" "$work/skipped.tsv" ||
        { cat "$work/skipped.tsv"; return 1; }
}
check "each page that was not fetched is listed" [ "$(wc -l <"$work/skipped.tsv")" -eq 38 ]
check "with the line of robots.txt" line "http://127.0.29.3:$port/closed/a.html" skipped \
    'robots.txt: Disallow: /closed/'
check "and with the server's answer" line "http://127.0.29.1:$port/p7.html" failed 'http 404'
of_source() {
    "$adwatch" -C "$ws" status --skipped --source 安稳样例网 --json >"$work/skipped.jsonl" &&
        jq -e -s 'length == 1 and all(.[]; .source == "安稳样例网" and .reason != "")' \
            "$work/skipped.jsonl"
}
check "--source takes one, --json gives lines" of_source
check "a source that never was is told" exits 1 "$adwatch" -C "$ws" status --skipped --source x
check "--source goes with --skipped alone" exits 2 "$adwatch" -C "$ws" status --source shrinks

why() { # URL JQ
    "$adwatch" -C "$ws" why --json "$1" >"$work/why.json" &&
        jq -e "$2" "$work/why.json" || { cat "$work/why.json"; return 1; }
}
check "why puts a URL into canonical form" why "HTTP://127.0.29.3:$port/a/../p2.html#top" \
    ".url == \"http://127.0.29.3:$port/p2.html\" and .via == \"link\" and .due > \"2\""
check "and names the landing pages of an advertisement" why "http://127.0.29.3:$port/ad.html" \
    ".landings == [\"http://127.0.29.5:$port/buy.html\"] and .landing_of == [] and
     (.findings | length) == 1 and .findings[0].gone == \"\""
check "and the advertisement of a landing page" why "http://127.0.29.5:$port/buy.html" \
    ".via == \"landing\" and .landing_of == [\"http://127.0.29.3:$port/ad.html\"]"
check "and how long a finding was up" why "http://127.0.29.1:$port/p39.html" \
    '.findings[0] | .gone > .first_seen and .gone_why == "http 404"'
check "people read it in words" says ", gone since 20" \
    "$adwatch" -C "$ws" why "http://127.0.29.1:$port/p39.html"
never() { # URL TEXT
    exits 1 "$adwatch" -C "$ws" why "$1" && says "$2" "$adwatch" -C "$ws" why "$1"
}
check "an excluded URL is told by its pattern" never "http://127.0.29.3:$port/print/c.html" \
    "never queued: excluded by '*/print/*' of its source, '安稳样例网'"
check "one of nobody's beat likewise" never http://other.example/ "off the beat of every source"
check "and one to which no page leads" never "http://127.0.29.3:$port/secret.html" \
    "on the beat of source '安稳样例网', but no page"
check "what is no URL is told" never not-there "no http or https URL"

# ---- quiet -----------------------------------------------------------------

script -qefc "'$adwatch' -C '$ws' -q crawl" "$work/quiet" </dev/null >/dev/null 2>&1
silent() { ! grep -q 'queued' "$work/quiet"; }
check "-q shows no progress" silent

finish
