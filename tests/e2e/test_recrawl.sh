#!/bin/sh
# The nights after the first: what is asked again, how, and what is made of it.
#   test_recrawl.sh ADWATCH DIR
set -u
slot=17
. "$(dirname "$0")/sites.sh"

only() { # HOST HTML: a site whose start page leads to a.html
    page "$1" index.html '<a href=/a.html>a</a>'
    page "$1" a.html "${2:-}"
}
only nginx.example
only dated.example
how dated.example a.html 'Last-Modified: Mon, 02 Nov 2026 08:00:00 GMT'
only bare.example
page bare.example index.html "<a href=/a.html>a</a><a href=http://extra.example:$port/>b</a>"
page extra.example index.html
only markup.example '<i data-count=%COUNT%>甲</i><!-- %COUNT% -->'
only news.example '<p>第 %COUNT% 条</p>'
only ad.example "$claim"
how ad.example a.html 'ETag: "ad"'
for host in lost moved; do only $host.example "$claim"; done
page moved.example b.html
only maps.example
page maps.example b.html
sitemap() { # LASTMOD ENTRY
    echo "<urlset><url><loc>http://maps.example:$port/a.html</loc><lastmod>$1</lastmod></url>
        <url><loc>http://maps.example:$port/$2</loc></url></urlset>" >"$www/maps.example/map.xml"
}
printf 'Sitemap: /map.xml\n' >"$www/maps.example/robots.txt"
sitemap 2020-01-01 a.html

start_node 127.0.6.41
start_nginx "log_format lines escape=json '{\"begin\":\$msec,\"end\":\$msec,\"status\":\$status,'
        '\"host\":\"\$host\",\"url\":\"\$request_uri\",\"etag\":\"\$http_if_none_match\",'
        '\"date\":\"\$http_if_modified_since\"}';
    server { listen 127.0.6.42:$port; root $www/\$host; access_log $log lines; }"
resolve="nginx.example 127.0.6.42
$(cd "$www" && for name in *; do [ "$name" = nginx.example ] || echo "$name 127.0.6.41"; done)"
cp -R "$here/../../lexicons" "$work/lexicons"
sources=$(for name in nginx dated bare markup news ad lost moved maps; do
    start $name.example
done)
configure 'pause_ms: 0, address_pause_ms: 0' "$sources"
sed -i "s|^sources:|lexicon: ../lexicons\nsources:|" "$ws/adwatch.yaml"
later() { # as if days had gone by
    sql "UPDATE url SET due_ms = 0"
}
request() { # HOST JQ: of the one request for its a.html
    log_holds "map(select(.host == \"$1.example\" and .url == \"/a.html\")) |
        length == 1 and (.[0] | $2)"
}

# ---- the second night ----------------------------------------------------------

crawl
check "the first night asks without conditions" log_holds \
    'all(.[]; .etag == "" and .date == "")'
check "all was read" told '.coverage.failed == 0 and .coverage.unchanged == 0 and
    .coverage.findings == 3'
crawl
check "the second asks by ETag and date" request nginx '.etag != "" and .date != "" and .status == 304'
check "by date where there is no more" request dated \
    '.etag == "" and .date == "Mon, 02 Nov 2026 08:00:00 GMT" and .status == 304'
check "304 is a page that did not change" why nginx.example/a.html \
    '.state == "done" and .reason == "not changed"'
revisits() { # HOST PROFILE: one of its a.html
    records | jq -e -s --arg url "$(at "$1.example/a.html")" --arg profile "$2" '
        map(select(.["WARC-Target-URI"] == $url)) |
        (map(select(.["WARC-Type"] == "response")) | length == 1) and
        (map(select(.["WARC-Type"] == "revisit")) | length == 1 and
         (.[0]["WARC-Profile"] | endswith($profile)))'
}
check "and a revisit record" revisits nginx /server-not-modified
check "without validators it is asked whole" request bare '.etag == "" and .date == "" and .status == 200'
check "the same bytes are a revisit as well" revisits bare /identical-payload-digest
body() {
    "$adwatch" -C "$ws" archive get --body "$(at "$1")" | cmp - "$www/$1"
}
check "whose bytes the archive gives" body bare.example/a.html
later_than() { # HOST HOURS JQ-OP
    why "$1.example/a.html" "(.due | fromdate) $3 (now + $2 * 3600)"
}
check "an unchanged page is left for 20 hours" later_than bare 19 '>'
check "so is one whose visible text did not change" later_than markup 19 '>'
check "which has its full record" has_records markup.example/a.html response 2
check "one that changed is due at once" later_than news 0 '<='
check "an advertisement is asked without conditions" request ad '.etag == "" and .status == 200'
check "and has its full record" has_records ad.example/a.html response 2
check "never a revisit" has_records ad.example/a.html revisit 0
check "it is due at once" later_than ad 0 '<='

# ---- the third -----------------------------------------------------------------

sitemap "$(date -u +%Y-%m-%dT%H:%M:%S+00:00 -d '+1 hour')" b.html
page maps.example index.html '<a href=/a.html>a</a> 新' # links are read before
crawl
check "what is not due is left" not_asked nginx.example/a.html bare.example/a.html \
    markup.example/a.html
check "what is due is asked" asked news.example/a.html ad.example/a.html lost.example/a.html
check "start pages always" asked bare.example/
check "and sitemaps" asked maps.example/map.xml
check "a newer lastmod makes a page due" asked maps.example/a.html
check "and a new entry is found" asked maps.example/b.html

# ---- what becomes of findings --------------------------------------------------

state_of() { # HOST JQ: of its finding
    why "$1.example/a.html" ".findings | length == 1 and (.[0] | $2)"
}
check "a finding that is there is not gone" state_of ad '.gone == "" and .last_seen > .first_seen'
how ad.example a.html 'status 404'
only lost.example '<p>今天食堂吃红烧肉。'
how moved.example a.html 'status 302' 'Location: /b.html'
crawl
check "404: the finding is gone" state_of ad '.gone > .first_seen and .gone_why == "http 404"'
check "without its words likewise" state_of lost \
    '.gone > .first_seen and .gone_why == "the page no longer says so"'
check "and behind a redirect" state_of moved '.gone > .first_seen and .gone_why == "redirect"'
how ad.example a.html 'ETag: "ad"'
only lost.example "$claim"
rm "$www/moved.example/a.html.how"
later
crawl
check "what was gone is asked without conditions" request ad '.etag == "" and .status == 200'
check "and is there again, with the same bytes" state_of ad '.gone == "" and .gone_why == ""'
check "also where the words came back" state_of lost '.gone == ""'
check "also where the redirect ended" state_of moved '.gone == ""'
check "with a full record each time" has_records ad.example/a.html revisit 0
how ad.example a.html 'status 500'
crawl
check "an error of the server does not make a finding gone" state_of ad '.gone == ""'
rm "$www/ad.example/a.html.how"
{
    cat "$www/ad.example/a.html"
    yes '<p>今天食堂吃红烧肉，下午开会。' | head -n 150000
} >"$work/long.html"
cp "$work/long.html" "$www/ad.example/a.html"
sed -i 's|^crawl: {|crawl: {reader_ms: 100, |' "$ws/adwatch.yaml"
crawl
check "a reader that fails does not either" state_of ad '.gone == ""'
check "though the page was not read" why ad.example/a.html '.state == "failed" and .reason == "timeout"'
sed -i 's|reader_ms: 100, ||' "$ws/adwatch.yaml"
page ad.example a.html "$claim"
how ad.example a.html 'ETag: "ad"'

# ---- another lexicon, another beat ---------------------------------------------

later
crawl
crawl
check "at rest" not_asked nginx.example/a.html bare.example/a.html
printf '\n# changed\n' >>"$work/lexicons/claims/capital.yaml"
crawl
check "with another lexicon all pages are asked whole" log_holds \
    'all(.[]; .etag == "" and .date == "")'
check "due or not" asked nginx.example/a.html bare.example/a.html dated.example/a.html \
    markup.example/a.html
check "and read again" told '.coverage.unchanged == 0 and .sources.nginx.coverage.read == 2'
check "once" has_records nginx.example/a.html response 2
crawl
check "not in the run after it" not_asked nginx.example/a.html
sed -i "/name: bare/s|}\$|, include: ['host:extra.example']}|" "$ws/adwatch.yaml"
crawl
check "a wider beat is found on pages that did not change" asked extra.example/
check "without asking other sources for more" not_asked nginx.example/a.html
check "the archive is whole" exits 0 "$adwatch" archive check "$ws/archive"
# ---- a list that stops growing ------------------------------------------------

fresh lists
page list.example index.html '<a href=/n%COUNT%.html>新</a>'
page list.example any.html
page calm.example index.html '<a href=/a.html>旧</a>'
page calm.example a.html
resolve="list.example 127.0.6.41
calm.example 127.0.6.41"
configure 'pause_ms: 0, revisit_first_s: 0' "$(start list.example
start calm.example)"
stopped='brought new links at each visit, and none at the last'
for night in 1 2 3; do crawl; done
page list.example index.html '<a href=/n1.html>旧</a>'
for night in 4 5; do crawl; done
check "two nights without anything new are told of no list" told --arg what "$stopped" \
    '.notes | all(.[]; .text | contains($what) | not)'
crawl
check "three are, of the one that grew before" told --arg what "$stopped 3" \
    '[.notes[] | select(.text | contains($what)) | .source] == ["list"]'
page list.example index.html '<a href=/again.html>新</a>'
crawl
check "until it brings something new again" told --arg what "$stopped" \
    '.notes | all(.[]; .text | contains($what) | not)'

finish
