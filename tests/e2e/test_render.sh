#!/bin/sh
# Pages as a browser shows them, over several nights: what the plain page does
# not say, screenshots and boxes, the archive, and what goes wrong around it.
#   test_render.sh ADWATCH DIR
set -u
ADWATCH_RENDER=yes
slot=18
. "$(dirname "$0")/sites.sh"
TMPDIR=$(mktemp -d /tmp/aw-XXXXXX) # for profiles: a short one
export TMPDIR
trap 'end_all; rm -rf "$TMPDIR"' EXIT

file() { # HOST/PATH TYPE TEXT
    mkdir -p "$(dirname "$www/$1")"
    printf '%s\n' "$3" >"$www/$1"
    printf 'Content-Type: %s\n' "$2" >"$www/$1.how"
}
script_page() { # HOST/PATH SCRIPT: a page without any text
    file "$1" 'text/html; charset=utf-8' "<!doctype html><meta charset=utf-8>
<title>运河汇盈</title><link rel=stylesheet href=/look.css><div id=app></div>
<script src=$2></script>"
}

# ---- the sites ---------------------------------------------------------------

# One that scripts build from data, with a picture that is loaded on sight and
# a link that no plain page has.
script_page spa.example/index.html /app.js
file spa.example/look.css text/css \
    'body { margin: 0; background: #fff4e0 } h1 { color: #b00 }'
file spa.example/app.js text/javascript "fetch('/data.json').then(r => r.json()).then(d => {
  const app = document.getElementById('app');
  app.innerHTML = '<h1>' + d.title + '</h1><p>' + d.text.replace('保本', '<i>保</i>本') +
    '</p><div style=\"height:3000px\"></div><img loading=lazy width=600 height=100 src=/late.svg>' +
    '<a href=/deep.html>详情</a>';
});"
spa_says() { # TEXT
    file spa.example/data.json application/json "{\"title\":\"新手专享\",\"text\":\"$1\"}"
}
spa_says '本产品保本保息，年化收益18%，零风险，到期保证兑付！'
file spa.example/late.svg image/svg+xml \
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="100"><rect width="600" height="100" fill="#08c"/></svg>'
page spa.example deep.html '深处的一页'

# One that says it all in plain HTML, and one that must not be rendered.
page plain.example index.html "<link rel=stylesheet href=/a.css><h1>稳盈宝</h1>$claim"
file plain.example/a.css text/css 'h1 { color: #b00 }'
script_page quiet.example/index.html /app.js
file quiet.example/app.js text/javascript 'document.body.append("无")'

# Marked ones: a page that leads to another site, and one that never ends.
script_page leads.example/index.html /app.js
file leads.example/app.js text/javascript \
    "location.href = 'http://target.example:$port/landed.html'"
page target.example landed.html "$claim"
file loop.example/index.html 'text/html; charset=utf-8' "<meta charset=utf-8><title>循环</title>
<p>社区通知<script>document.write('<p>稳赚不赔，保本保息，零风险！</p>');
setTimeout(() => { for (;;); }, 100)</script>"
file robots.example/robots.txt text/plain 'User-agent: *
Disallow: /closed'
page robots.example closed.html

start_node 127.0.6.61
resolve=$(cd "$www" && for name in *; do echo "$name 127.0.6.61"; done)
start() { # HOST KEY: in the place of that of sites.sh
    echo "  - {name: ${1%%.*}, start: ['http://$1:$port/']${2:+, $2}}"
}
rendering() { # SOURCES LINE...: the config, with a section for it
    configure 'pause_ms: 0, revisit_first_s: 0, revisit_most_s: 0' "$1"
    shift
    printf '%s\n' 'render:' "$@" >>"$ws/adwatch.yaml"
}
finding() { # HOST/PATH JQ: of the findings on that page, a list
    "$adwatch" -C "$ws" triage --json | jq -es --arg url "$(at "$1")" \
        "map(select(.url == \$url)) | $2" ||
        { "$adwatch" -C "$ws" triage --json | jq -c '{id, url, claims: [.claims[].quote], screenshots, gone}'; return 1; }
}
from_archive() { # URI: its payload
    "$adwatch" -C "$ws" archive get --body "$1"
}
no_browser_is_left() { # a process, or its profile
    left=$(grep -la "$TMPDIR/[a]dwatch-browser-" /proc/[0-9]*/cmdline 2>/dev/null)
    [ -z "$left" ] && [ -z "$(ls "$TMPDIR")" ] || { echo "$left"; ls "$TMPDIR"; return 1; }
}

# ---- the first night ---------------------------------------------------------

ordinary="$(start spa.example)
$(start plain.example 'pause_ms: 1500')"
rendering "$ordinary
$(start quiet.example 'render: no')
$(start leads.example 'render: yes')
$(start loop.example 'render: yes')" '  load_ms: 20000'
crawl
check "a run with a browser goes well" ran 0
check "the plain page says nothing" [ "$(sql "SELECT verdict FROM capture WHERE url =
    '$(at spa.example/)' AND plain = 0")" = clear ]
check "what scripts build is found" finding spa.example/ \
    'length == 1 and any(.[0].claims[]; .quote | contains("保本"))'
check "on a capture of its own, linked to the plain one" why spa.example/ \
    '.render.state == "done" and .render.cause == "scripts" and
     .render.capture == .capture and .render.plain_capture < .capture'
check "with pictures of the first screen and of the page" finding spa.example/ '
    .[0].screenshots | length == 2 and .[0].kind == "first" and
    .[0].width == 1280 and .[0].height == 800 and .[1].kind == "full" and
    .[1].height > 3000'
check "and the boxes of its claims" finding spa.example/ '
    .[0] | [.claims | to_entries[] | select(.value.quote != "").key] as $quoted |
    [.screenshots[1].boxes[].claim] | unique as $boxed |
    $quoted - $boxed == [] and length > 0'
check "which lie where the text is" finding spa.example/ '
    .[0].screenshots[0].boxes | all(.[]; .x >= 0 and .y > 20 and .y < 200 and
    .width > 10 and .height > 10)'
check "its server was asked for the page once, and for all that it needs" asked \
    spa.example/ spa.example/app.js spa.example/data.json spa.example/look.css spa.example/late.svg
check "links that scripts make are followed" asked spa.example/deep.html
check "a new finding is looked at as well" why plain.example/ \
    '.render.state == "done" and .render.cause == "finding" and (.screenshots | length == 2)'
check "its browser asked for it by itself, after its host's pause" log_holds '
    map(select(.host == "plain.example" and .url == "/")) |
    length == 2 and .[1].begin - .[0].end >= 1500'
pageinfo() { # HOST/PATH JQ
    from_archive "urn:pageinfo:$(at "$1")" | jq -e "$2" || { from_archive "urn:pageinfo:$(at "$1")"; return 1; }
}
check "which is written down, with the answer that it got" pageinfo plain.example/ \
    '.page_given == false and .page_status == 200 and (.browser | contains("Chrome/")) and
     (.page_record as $page | .resources |
         any(.[]; .record == $page and .mime == "text/html")) and
     (.resources | any(.[]; (.url | endswith("/a.css")) and .mime == "text/css"))'
check "a page of scripts is given to it as it was fetched" pageinfo spa.example/ \
    '.page_given == true and .page_record == "" and .answers == (.resources | length) and .answers >= 4'
records_are_there() { # HOST/PATH: all answers that are listed
    for file in "$ws"/archive/*.warc.gz; do zcat "$file"; done >"$work/all.warc"
    from_archive "urn:pageinfo:$(at "$1")" | jq -r '.resources[].record' >"$work/ids"
    while read -r id; do
        grep -qa "^WARC-Record-ID: <$id>" "$work/all.warc" || { echo "no record $id"; return 1; }
    done <"$work/ids"
    [ -s "$work/ids" ]
}
check "and every answer that is listed is in the archive" records_are_there spa.example/
check "and stays one finding" finding plain.example/ \
    'length == 1 and (.[0].screenshots[0].boxes | length > 0)'
check "with what its charset says" asked plain.example/a.css
check "render: no renders nothing" why quiet.example/ '.render == null'
check "not even its scripts are asked for" not_asked quiet.example/app.js
check "where a script leads elsewhere, that is queued" why leads.example/ \
    '.render.note == "it leads on to a page that is queued"'
check "and asked for by its own rules" asked target.example/robots.txt target.example/landed.html
check "a script without end is stopped, and told" why loop.example/ \
    '.render.note == "scripts and loading were stopped after load_ms"'
check "what it wrote before is found" finding loop.example/ \
    'any(.[].claims[]; .quote | contains("稳赚不赔"))'
check "nothing of a browser is left" no_browser_is_left

covered() { # JQ: of what the last run did for its sources
    "$adwatch" -C "$ws" status --json | jq -e ".sources | map_values(.coverage) | $1" ||
        { "$adwatch" -C "$ws" status --json | jq -c '.sources'; return 1; }
}
check "status counts what was rendered, by source" covered '
    .spa.rendered == 1 and .spa.unrendered == 0 and .plain.rendered == 1 and
    .quiet.rendered == 0 and .loop.rendered == 1'

# ---- the archive -------------------------------------------------------------

check "the archive is whole" "$adwatch" archive check "$ws/archive"
replays() { # HOST/PATH...: the archive has what the site has
    for file; do
        from_archive "$(at "$file")" >"$work/replayed" || return 1
        case $file in */) file=${file}index.html ;; esac
        cmp "$work/replayed" "$www/$file" || return 1
    done
}
check "the page replays with all that it needs" replays spa.example/ spa.example/app.js \
    spa.example/data.json spa.example/look.css spa.example/late.svg
picture() { # KIND URI
    from_archive "$2" >"$work/$1.png" || return 1
    [ "$(head -c 4 "$work/$1.png" | tail -c 3)" = PNG ] || return 1
    sum=$(sha256sum "$work/$1.png" | cut -d' ' -f1)
    finding spa.example/ ".[0].screenshots | any(.[]; .kind == \"$1\" and .sha256 == \"$sum\")"
}
check "the first screen lies in it" picture first "urn:view:$(at spa.example/)"
check "and the whole page" picture full "urn:fullPage:$(at spa.example/)"
dom() { from_archive "urn:dom:$(at spa.example/)" | grep -q '<h1>新手专享</h1>'; }
check "and its HTML as it stood" dom
# ---- later nights ------------------------------------------------------------

rendering "$ordinary" '  load_ms: 20000'
crawl
check "the second night goes well" ran 0
check "the page of scripts has the same bytes, and is looked at again" asked \
    spa.example/data.json
check "its finding is the same, and not gone" finding spa.example/ \
    'length == 1 and .[0].gone == null'
check "a finding that is not new is not looked at again" not_asked plain.example/a.css
spa_says '本页面已经下线，谢谢您的关注。'
crawl
check "when the data change the finding is gone" finding spa.example/ \
    '.[0].gone_why == "the page no longer says so"'

check "a finding that a browser saw can be sealed" sh -c "
    id=\$('$adwatch' -C '$ws' triage --json | jq -s 'map(select(.source == \"spa\"))[0].id')
    '$adwatch' -C '$ws' decide \$id confirm --as a --reason b &&
    '$adwatch' -C '$ws' bundle \$id && '$adwatch' verify '$ws'/bundles/*.zip"

check "with the page as fetched beside it" says 'WARC records with their digests' \
    "$adwatch" verify "$ws"/bundles/*.zip

# ---- nights on which a part of it cannot be had ------------------------------

fresh lacking
spa_says '本产品保本保息，年化收益18%，零风险，到期保证兑付！'
printf '%s\n' 'Content-Type: text/html; charset=utf-8' 'X-Robots-Tag: nofollow' \
    'ETag: "one"' >"$www/spa.example/index.html.how"
rendering "$(start spa.example)" '  load_ms: 20000'
crawl
check "a finding by scripts alone" finding spa.example/ 'length == 1'
check "X-Robots-Tag holds for links that scripts make" not_asked spa.example/deep.html
printf 'status 500\nContent-Type: text/javascript\n' >"$www/spa.example/app.js.how"
crawl
check "the night goes well though its script fails" ran 0
check "which is told" why spa.example/ '.render.note == "a part of it was not had: http 500"'
check "its finding is not told gone" finding spa.example/ '.[0].gone == null'
rendering "$(start spa.example)" '  program: /nonexistent/browser'
crawl
check "nor on a night without a browser" finding spa.example/ '.[0].gone == null'
crawl
check "its page is archived whole each night, as one with a finding" [ "$(sql "SELECT count(*)
    FROM capture WHERE url = '$(at spa.example/)' AND plain = 0 AND status = 200 AND
    reader <> 'as before'")" = 4 ]
spa_says '本页面已经下线，谢谢您的关注。'
printf 'Content-Type: text/javascript\n' >"$www/spa.example/app.js.how"
rendering "$(start spa.example)" '  load_ms: 20000'
crawl
check "once all of it is there again, it is gone" finding spa.example/ \
    '.[0].gone_why == "the page no longer says so"'
printf '%s\n' 'Content-Type: text/html; charset=utf-8' >"$www/spa.example/index.html.how"

# ---- budgets -----------------------------------------------------------------

fresh budget
for n in 1 2 3; do
    script_page many.example/p$n.html /p$n.js
    file many.example/p$n.js text/javascript "document.body.append('第 $n 页')"
done
page many.example index.html '<a href=/p1.html>1</a><a href=/p2.html>2</a><a href=/p3.html>3</a>'
resolve="$resolve
many.example 127.0.6.61"
rendering "$(start many.example 'render: yes, pages_max: 2')" '  browsers: 2'
crawl
rendering "$(start many.example 'render: yes')" '  time_max_s: 1'
crawl
check "a run with little time for browsers goes well" ran 0
check "it says how many pages are left" noted 'pages are left to be rendered in the next run: over render.time_max_s'
check "they wait" [ "$(sql "SELECT count(*) > 0 FROM render WHERE state = 'queued'")" = 1 ]
rendering "$(start many.example 'render: yes')
$(start plain.example 'pause_ms: 1500')" '  browsers: 2'
crawl
check "the next run has two browsers" ran 0
check "and leaves none" [ "$(sql "SELECT count(*) FROM render WHERE state = 'queued'")" = 0 ]
check "it looks at all pages" [ "$(sql "SELECT count(DISTINCT url) FROM render WHERE state = 'done'")" -ge 4 ]
check "but for those that were visited again meanwhile" [ "$(sql "SELECT count(*) FROM render
    WHERE state = 'skipped' AND reason <> 'the page was visited again since'")" = 0 ]

# ---- without a browser -------------------------------------------------------

fresh without
rendering "$ordinary" '  program: /nonexistent/browser'
spa_says '本产品保本保息，年化收益18%，零风险，到期保证兑付！'
crawl
check "without a browser a run goes well" ran 0
check "plain pages are found on" finding plain.example/ 'length == 1'
check "status says what was not rendered, and why" noted 'pages were not rendered: there is no browser'
check "and counts it" covered '.spa.rendered == 0 and .spa.unrendered == 1'
check "the log says it" grep -q 'pages are not rendered' "$work/crawl.err"
check "and so does why" why spa.example/ \
    '.render.state == "skipped" and (.render.reason | contains("apt install chromium"))'
rendering "$(start spa.example)" '  load_ms: 20000'
crawl
check "once there is one, the page is looked at though it is the same" finding spa.example/ \
    'length == 1'

# ---- what goes wrong ---------------------------------------------------------

fresh killed
printf 'wait 3000\nContent-Type: application/json\n' >"$www/spa.example/data.json.how"
rendering "$(start spa.example)" '  load_ms: 60000'
until_asked() { # HOST/PATH: by the crawl that runs; five minutes at most
    tries=0
    until [ "$(asked_count "$1")" -gt 0 ]; do
        tries=$((tries + 1))
        [ $tries -le 3000 ] || return 1
        sleep 0.1
    done
}
browser_of() { # PID: of the browser that this crawl started
    for child in $(pgrep -P "$1"); do
        grep -qa adwatch-browser- "/proc/$child/cmdline" && echo "$child"
    done
}
: >"$log"
crawl_begin "$ws"
check "a page is under way" until_asked spa.example/app.js
kill -9 "$(browser_of "$crawler")"
check "a browser that is killed does not end the run" crawl_end
check "its page is tried once more" finding spa.example/ 'length == 1 and (.[0].screenshots | length == 2)'
check "which shows" [ "$(sql "SELECT max(tries) FROM render WHERE state = 'done'")" = 2 ]

fresh resumed
rendering "$(start spa.example)" '  load_ms: 60000'
: >"$log"
crawl_begin "$ws"
check "another page is under way" until_asked spa.example/app.js
browser=$(browser_of "$crawler")
kill -9 "$crawler"
crawl_end
orphaned() {
    tries=0
    while [ -d "/proc/$browser" ]; do
        tries=$((tries + 1))
        [ $tries -le 300 ] || return 1
        sleep 0.1
    done
}
check "a browser ends with the run that is killed" orphaned
printf 'Content-Type: application/json\n' >"$www/spa.example/data.json.how"
crawl
check "the next one goes on" ran 0
check "and looks at the page" finding spa.example/ 'length == 1 and (.[0].screenshots | length == 2)'
check "each page once" [ "$(sql "SELECT count(*) FROM capture WHERE plain > 0 AND
    url = '$(at spa.example/)'")" = 1 ]
check "profiles that were left are swept" no_browser_is_left

# ---- one page by hand --------------------------------------------------------

shown() {
    "$adwatch" -C "$ws" render "$(at spa.example/)" --out "$work/one" --find 保本保息 \
        >"$work/one.json" || return 1
    jq -e '.status == 200 and .resources >= 4 and .ms > 0 and
        (.screenshots | length == 2) and .screenshots[0].boxes[0].width > 20' "$work/one.json" &&
        grep -q 新手专享 "$work/one/page.html" &&
        "$adwatch" archive check "$work/one/archive"
}
check "render shows a page in JSON, and files it" shown
check "robots.txt holds there too" says 'robots.txt forbids it' \
    "$adwatch" -C "$ws" render "$(at robots.example/closed.html)" --out "$work/two"
check "with its exit status" exits 1 \
    "$adwatch" -C "$ws" render "$(at robots.example/closed.html)" --out "$work/two"
check "an address that is not allowed is not asked" says 'not allowed' \
    "$adwatch" -C "$ws" render http://127.0.7.1:1/ --out "$work/three"
finish
