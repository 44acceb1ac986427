#!/bin/sh
# What adwatch archives replays for others: sites of what replays badly are
# crawled with a browser, the WARC becomes a WACZ, a finding a bundle with some,
# and ReplayWeb.page shows them in Chromium. The WACZ has the structure that
# npm's js-wacz gives it.
#   test_replay.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
made=$(dirname "$adwatch")/tests/interop
interop=$here/../interop
npm=$here/../../build/interop/node_modules
modules=$here/../../build/browser/node_modules
port=$(test_port 50) port2=$(test_port 51)
site=http://www.yinhe-caifu.example:$port
TMPDIR=$(mktemp -d /tmp/aw-XXXXXX) # for profiles: a short one
export TMPDIR
trap 'end_all; rm -rf "$TMPDIR"' EXIT

# ---- two nights: the second has revisits --------------------------------------

servers=$("$here/../sites/replay/serve.sh" "$work/site" "$port" "$port2") || exit 1
ws=$work/ws
mkdir "$ws"
cp "$work/site/site.pem" "$ws/ca.pem"
{
    echo "agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}"
    echo "crawl: {pause_ms: 0, revisit_first_s: 0, revisit_most_s: 0}"
    cat "$work/site/sources.yaml"
} >"$ws/adwatch.yaml"
check "the sites are crawled with a browser" exits 0 \
    env ADWATCH_RENDER=yes "$adwatch" -C "$ws" -q crawl
check "and once more without" exits 0 "$adwatch" -C "$ws" -q crawl
end_all
servers=''
id=$("$adwatch" -C "$ws" triage --json | jq "select(.url == \"$site/\").id")
check "the advertisement is confirmed" exits 0 \
    "$adwatch" -C "$ws" decide "$id" confirm --as R-01
check "and goes into a bundle" exits 0 "$adwatch" -C "$ws" bundle "$id"
# With a record of every kind that the writer knows; each is a gzip member.
"$made/make_archive" "$work/kinds" || exit 1
cat "$ws"/archive/*.warc.gz "$work"/kinds/*.warc.gz >"$work/data.warc.gz"

has() { # JQ: of the index of all
    cat "$ws"/archive/*.cdxj | cut -d ' ' -f 3- | jq -es "$1"
}
check "the archive has revisits, a redirect, what is not there, and urn:" has '
    ([.[] | select(.mime == "warc/revisit" and .status == "304").url] |
        any(.[]; endswith("/ya.html")) and any(.[]; endswith("/pinglun.html"))) and any(.[]; .status == "302") and
    any(.[]; .status == "404" and (.url | endswith("/img/none.png"))) and
    any(.[]; .url | startswith("urn:dom:"))'
asked_as() { # TEXT: of a request or an answer
    zcat "$work/data.warc.gz" | grep -aqF "$1"
}
check "and answers by HTTP/2" asked_as 'WARC-Protocol: h2'
check "and packed ones" asked_as 'Content-Encoding: gzip'

# ---- the WACZ beside that of js-wacz -------------------------------------------

landing=https://www.yinhe-caifu.example:$port2/licai.html
forum=http://luntan.hualong.example:$port/
copy=http://shop.example/copy.html
set -- "$site/" 稳盈计划 "$landing" 认购页 "$forum" 论坛 "$site/ya.html" 公告 \
    "$copy" 副本
check "a WACZ is made of it" says "5 pages" \
    "$made/make_wacz" "$work/data.warc.gz" "$work/ours.wacz" "$@"
again() {
    "$made/make_wacz" "$work/data.warc.gz" "$work/again.wacz" "$@" &&
        cmp "$work/ours.wacz" "$work/again.wacz"
}
check "the same again is the same" again "$@"
check "of a page that is not there none is made" exits 1 \
    "$made/make_wacz" "$work/data.warc.gz" "$work/none.wacz" "$site/none.html" x
check "unzip finds it whole" unzip -tq "$work/ours.wacz"
check "js-wacz makes one of the same WARC" timeout 120 node \
    "$npm/@harvard-lil/js-wacz/bin/cli.js" create -f "$work/data.warc.gz" \
    -o "$work/theirs.wacz"
check "both have the same members, lines and fields" timeout 60 \
    "$interop/compare_wacz.sh" "$work/ours.wacz" "$work/theirs.wacz" "$work"

# ---- in ReplayWeb.page ----------------------------------------------------------

# What it shows does not depend on how adwatch was built.
case $adwatch in
*/asan/*)
    finish
    exit
    ;;
esac

# Modules are looked for from where a file lies.
cp "$here/../browser/replay.mjs" "$work"
ln -s "$modules" "$work/node_modules"
replay() { # WACZ URL...: a line for each, behind those of before
    mkdir -p "$work/shots/$(basename "$1")"
    PAGE='new Promise((done) => {
        const hero = document.querySelector(".hero") ?? document.body;
        const rate = document.createRange();
        const picture = new Image();
        const style = getComputedStyle(hero);
        rate.selectNodeContents(document.querySelector(".rate") ?? hero);
        picture.onload = picture.onerror = () => done({
            background: picture.naturalWidth, color: style.backgroundColor,
            rate: rate.getBoundingClientRect().width,
            frame: document.querySelector("iframe")?.contentDocument.body.innerText });
        picture.src = style.backgroundImage.replace(/^url\("|"\)$/g, "");
        if (style.backgroundImage === "none")
            done(null);
    })' timeout 300 node "$work/replay.mjs" "$work/shots/$(basename "$1")" "$@" \
        >>"$work/replay.jsonl" 2>"$work/replay.err" || cat "$work/replay.err"
}
# The one of the bundle that has what the browser loaded, by itself.
mkdir "$work/bundle"
unzip -q "$ws"/bundles/*.zip -d "$work/bundle"
wacz=$(grep -lr --include='*.wacz' '/bars.woff"' "$work/bundle" | head -n 1)
check "a WACZ of the bundle has what the browser loaded" [ -s "$wacz" ]
replay "$wacz" "$site/"
replay "$work/ours.wacz" "http://go.tuiguang.example:$port/click?id=7&to=licai" \
    "$forum" "$site/ya.html" "$copy"
shown() { # NUMBER JQ: of what the page looks like
    sed -n "$1p" "$work/replay.jsonl" | jq -es "length == 1 and (.[0] | $2)" ||
        { sed -n "$1p" "$work/replay.jsonl"; return 1; }
}
check "the page in GBK is shown from the bundle with its text" shown 1 '
    .title == "银河样例财富 - 保本保息的稳盈计划" and .charset == "GBK" and
    (.text | contains("稳盈计划：保本保息，零风险") and contains("到期保证兑付"))'
check "and what its script writes" shown 1 \
    '.text | contains("本期剩余额度：三十万元")'
check "with its pictures, that of another host too" shown 1 '
    [.images[] | select(.shown) | .width] == [60, 120]'
check "and without the one that was not there" shown 1 '
    ([.images[] | select(.shown | not)] | length == 1) and
    ([.missing[] | .[0]] == [404]) and (.missing[0][1] | endswith("/img/none.png"))'
check "its style with a picture in it" shown 1 \
    '.asked.background == 16 and .asked.color == "rgb(122, 16, 16)"'
# Each glyph of that font is two em wide, as no other font has it.
check "its font" shown 1 \
    '.fonts == [{"family": "Bars", "status": "loaded"}] and .asked.rate == 120'
check "and its frame" shown 1 '.asked.frame | contains("老客户说")'
check "a click leads to the landing page, by HTTP/2, packed, named by HTTP alone" \
    shown 2 '(.url | endswith("/licai.html")) and .charset == "gb18030" and
    (.text | contains("本金安全有保障")) and .images[0].shown and
    .asked.background == 16'
check "characters of four bytes in GB18030" shown 3 \
    '.charset == "gb18030" and (.text | contains("㐂事连连"))'
check "a packed page in pieces, which was as before" shown 4 \
    '.text | contains("请客户携带身份证件")'
check "a page whose payload lies at another URL" shown 5 '.text | contains("保本保息")'
check "nothing is asked of the network" jq -es '
    length == 5 and all(.[]; .outside == [] and .errors == [])' \
    "$work/replay.jsonl"

finish
