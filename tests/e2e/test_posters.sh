#!/bin/sh
# Posters that Chromium renders, from being handed in or seen on a page to the
# finding.   test_posters.sh ADWATCH DIR
# `make posters` reads all of them and prints how well.
set -u
slot=16
. "$(dirname "$0")/sites.sh"
posters=$here/../posters
images=$work/images
chosen="jubao anshou shoujia tianhui xingye dazhong gonggao ganghui hongtu wuliu lixi"

# shellcheck disable=SC2086
check "the posters are rendered" node "$posters/make.mjs" "$images" $chosen

# ---- handed in --------------------------------------------------------------

mkdir -p "$work/hand/in"
printf '%s\n' "agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}" \
    'crawl: {image_ms: 600000}' \
    "sources: [{name: none, start: ['http://none.example/']}]" >"$work/hand/adwatch.yaml"
for name in $chosen; do
    find "$images" -name "$name.*" ! -name '*.html' ! -name '*.txt' -exec cp {} "$work/hand/in" \;
done
printf '{"regions":[{"text":"入社保木保恩 年息一分二\\n加微信 abcd1234","box":[8,9,300,120],"confidence":77}]}' \
    >"$work/hand/in/ready.json"
check "all are taken in" exits 0 "$adwatch" -C "$work/hand" ingest "$work/hand/in"
"$adwatch" -C "$work/hand" triage --json >"$work/hand.jsonl" 2>/dev/null

found() { # NAME CLASS: a claim of that class on that poster
    jq -se --arg name "$1" --arg class "$2" \
        'any(.[]; (.title | startswith($name + ".")) and any(.claims[]; .class == $class))' \
        "$work/hand.jsonl"
}
claims=0
hits=0
for name in $chosen; do
    for class in $(sed -n "s/^@ $name [a-z]* [a-z0-9]*//p" "$posters/posters.txt"); do
        claims=$((claims + 1))
        ! found "$name" "$class" >/dev/null || hits=$((hits + 1))
    done
done
check "posters.txt names the claims on them" test "$claims" -ge 10
check "of $claims claims on them most are found" test "$((hits * 10))" -ge "$((claims * 8))"
unsuspected() { # NAME
    ! jq -se --arg name "$1" 'any(.[]; .title | startswith($name + "."))' "$work/hand.jsonl"
}
for name in anshou shoujia gonggao; do
    check "$name, which promises nothing, is no finding" unsuspected $name
done
check "what OCR misread is understood, and quoted as it was read" \
    jq -se 'any(.[]; .title == "ready.json" and any(.claims[]; .quote | contains("保木")))' "$work/hand.jsonl"

place() {
    "$adwatch" extract --json "$images/jubao.png" >"$work/jubao.json" &&
        jq -e '[.blocks[] | select(.kind == "ocr" and .box[2] > 0 and .box[3] > 0 and
            .box[0] + .box[2] <= 800 and .confidence > 50)] | length > 0' "$work/jubao.json"
}
check "extract tells the box and confidence of a region" place

# ---- on pages ---------------------------------------------------------------

page shop.example index.html '<a href=/ad.html>a</a><a href=/plain.html>b</a>'
page shop.example ad.html "<img src=/poster.png><img src=/icon.png width=20 height=20>" \
    "<img src=http://cdn.example:$port/poster.png><img src=/closed/poster.png>$claim"
long=$(for n in $(seq 40); do printf '第%s条，社区开展便民服务，欢迎居民参加。' "$n"; done)
page shop.example plain.html "$long<img src=/other.png>"
printf 'User-agent: *\nDisallow: /closed/\n' >"$www/shop.example/robots.txt"
mkdir -p "$www/shop.example/closed" "$www/cdn.example"
cp "$images/jubao.png" "$www/shop.example/poster.png"
cp "$images/jubao.png" "$www/shop.example/icon.png"
cp "$images/jubao.png" "$www/shop.example/other.png"
cp "$images/jubao.png" "$www/shop.example/closed/poster.png"
cp "$(find "$images" -name 'tianhui.*' ! -name '*.html' ! -name '*.txt')" "$www/cdn.example/poster.png"
start_node 127.0.6.91
resolve="shop.example 127.0.6.91
cdn.example 127.0.6.91"
configure 'pause_ms: 0, address_pause_ms: 0, image_ms: 600000' "$(start shop.example)"
check "the site is crawled" exits 0 "$adwatch" -C "$ws" crawl
asked() { # HOST PATH
    log_holds "any(.[]; .host == \"$1\" and .url == \"$2\")"
}
unasked() { # PATH
    log_holds "all(.[]; .url != \"$1\")"
}
check "the image of an advertisement is asked for" asked shop.example /poster.png
check "one on another host too" asked cdn.example /poster.png
check "one that the page calls small is not" unasked /icon.png
check "nor one that robots.txt closes" unasked /closed/poster.png
check "nor one on a page that is none" unasked /other.png
"$adwatch" -C "$ws" triage --json >"$work/site.jsonl" 2>/dev/null
check "its claims are a finding" \
    jq -se 'any(.[]; (.url | endswith("/poster.png")) and any(.claims[]; .quote | contains("保本保息")))' "$work/site.jsonl"
check "why tells the page that it stands on" \
    says "http://shop.example:$port/ad.html" "$adwatch" -C "$ws" why "http://shop.example:$port/poster.png"
archived() {
    "$adwatch" -C "$ws" archive get "http://shop.example:$port/poster.png" >"$work/got.png" &&
        tail -c "$(wc -c <"$images/jubao.png")" "$work/got.png" | cmp - "$images/jubao.png"
}
check "the image is archived as it came" archived
fresh ws2
configure 'pause_ms: 0, address_pause_ms: 0' "$(start shop.example 'images: no')"
: >"$log"
check "images: no" exits 0 "$adwatch" -C "$ws" crawl
check "asks for none" unasked /poster.png
finish
