#!/bin/sh
# App stores: any store's JSON by a mapping, schema.org in pages, and how a
# listing's text changed.   test_listing.sh ADWATCH DIR
set -u
slot=13
. "$(dirname "$0")/sites.sh"

# A store of its own kind, which calls its JSON text/html as many do.
yun() { # TEXT
    mkdir -p "$www/yun.example"
    cat >"$www/yun.example/list" <<EOF
{"code":0,"data":{"list":[
 {"appId":77,"title":"云钱袋","intro":{"text":"零钱好去处。$1随存随取。"},
  "dev":"济宁云样例科技有限公司","new":"修了闪退","tags":["财务","工具"],
  "share":"http://yun.example:$port/77.html",
  "comments":[{"content":"客服说保本保息，年化收益18%，都是骗人的"}]},
 {"appId":78,"title":"记账本","intro":{"text":"记每天的账。"},"dev":"某样例"}]}}
EOF
}
yun 预期收益请看合同。
how yun.example list 'Content-Type: text/html; charset=utf-8'
page yun.example 77.html

# A page with JSON-LD, and one with microdata.
ld() { # TEXT
    page ld.example index.html "<script type='application/ld+json'>
        {\"@type\":\"SoftwareApplication\",\"name\":\"葱宝\",\"description\":\"$1\"}</script>"
}
ld 记葱价
page micro.example index.html "<div itemscope itemtype='https://schema.org/MobileApplication'>
    <b itemprop=name>菜&#27;[31m宝</b><p itemprop=description>买菜记账</p></div>"

start_node 127.0.6.91
resolve="yun.example 127.0.6.91
ld.example 127.0.6.91
micro.example 127.0.6.91
gone.example 127.0.6.91"
mapping='listing: {store: yun, apps: /data/list, id: /appId, name: /title,
      developer: /dev, description: /intro/text, whats_new: /new, category: /tags,
      link: /share, reviews: /comments, review: /content}'
printf '{"data":{}}' >"$www/yun.example/empty"
configure 'pause_ms: 0, address_pause_ms: 0' "  - name: 云上
    start: ['http://yun.example:$port/list', 'http://yun.example:$port/empty']
    $mapping
$(start ld.example)
$(start micro.example)"
later() {
    sql "UPDATE url SET due_ms = 0"
}

document() {
    "$adwatch" -C "$ws" extract --json --source 云上 "$www/yun.example/list" |
        jq -e '.channel == "app" and .apps[0].key == "yun:77" and
            .apps[0].category == "财务\n工具" and (.apps | length) == 2 and
            (.blocks | map(select(.kind == "review")) | length) == 1 and
            .parties.developers == ["济宁云样例科技有限公司", "某样例"]'
}
check "extract --source reads a store's JSON by its mapping" document
check "extract: a source that is none is told" says "has no source 'x'" \
    "$adwatch" -C "$ws" extract --source x "$www/yun.example/list"
check "extract: one without a listing too" says "has no 'listing'" \
    "$adwatch" -C "$ws" extract --source ld "$www/yun.example/list"

# ---- the first night ---------------------------------------------------------

crawl
check "the store's JSON is read" why yun.example/list \
    '.verdict == "clear" and .listings[0].key == "yun:77" and .listings[0].changes == 0'
check "what its users say makes no finding" told '.findings == {}'
check "the app's link is followed" why yun.example/77.html '.state == "done"'
check "a mapping that finds nothing is told" why yun.example/empty \
    '.reason | contains("mapping")'
check "JSON-LD in a page is a listing" why ld.example/ '.listings[0].name == "葱宝"'
check "microdata too" why micro.example/ '.listings[0].name | startswith("菜")'

listing() { # WORD JQ: of each listing with its versions
    "$adwatch" -C "$ws" listing --json "$1" >"$work/listing.json"
    jq -e -s "$2" "$work/listing.json" || { cat "$work/listing.json"; return 1; }
}
check "each field has one version" listing yun:77 \
    '.[0].versions | map(.field) ==
        ["name", "developer", "description", "whats_new", "category", "link"]'
check "listing: one that is none is told" says "there is no listing 'x'" \
    "$adwatch" -C "$ws" listing x
check "listing: and is a failure" exits 1 "$adwatch" -C "$ws" listing x

# ---- a quiet change -----------------------------------------------------------

later
crawl
check "as before: seen again" listing yun:77 \
    '.[0] | .changes == 0 and all(.versions[]; .last_seen >= .first_seen)'
later
sleep 1
yun 保证收益18%，保本保息。
ld 记葱价，保本保息
crawl
check "a promise that came is a finding" told '.findings.new == 1'
check "its channel is app" says '"channel":"app"' "$adwatch" -C "$ws" triage --json
changed='.[0] | .changes == 1 and .changed > .first_seen and
    (.versions | map(select(.field == "description")) |
        length == 2 and (.[1].first_capture > .[0].last_capture) and
        .[0].digest != .[1].digest and
        .[1].removed == ["预期收益请看合同。"] and
        .[1].added == ["保证收益18%，保本保息。"])'
check "the change shows, with what went and came" listing yun:77 "$changed"
check "by the page's URL as well" listing "$(at ld.example/)" '.[0].changes == 1'
check "by its link as well" listing "$(at yun.example/77.html)" '.[0].key == "yun:77"'
check "other apps did not change" listing yun:78 '.[0].changes == 0'
check "in words too" says '    + 保证收益18%，保本保息。' "$adwatch" -C "$ws" listing yun:77
check "why tells it" says '1 changes of its text' "$adwatch" -C "$ws" why "$(at ld.example/)"
all() {
    [ "$("$adwatch" -C "$ws" listing --json | jq -s length)" -eq 4 ]
}
check "listing without a word names all" all
tame() { ! "$@" 2>&1 | LC_ALL=C grep -q "$(printf '\033')"; }
check "listing prints no control characters" tame "$adwatch" -C "$ws" listing
check "nor does a version" tame "$adwatch" -C "$ws" listing "$(at micro.example/)"
finish
