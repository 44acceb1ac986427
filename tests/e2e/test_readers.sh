#!/bin/sh
# Other people's programs open the bundle of the demo, and none of ours helps
# them: unzip, bsdtar, sha256sum, openssl, npm's warcio and js-wacz, and
# ReplayWeb.page in Chromium. (Its seals: test_seal.sh. What a browser loaded:
# test_replay.sh.)
#   test_readers.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
interop=$here/../interop
npm=$here/../../build/interop/node_modules
modules=$here/../../build/browser/node_modules

check "the demo makes a bundle" env ADWATCH_DEMO_PORT="$(test_port 52)" \
    "$here/../sites/demo.sh" "$adwatch" "$work/ws"
bundle=$(ls "$work"/ws/bundles/*.zip)
folder=$(basename "$bundle" .zip)

# ---- the container and the bag --------------------------------------------------

check "unzip -t" unzip -tq "$bundle"
check "bsdtar lists what unzip lists" sh -c "bsdtar -tf '$bundle' >'$work/bsdtar' &&
    unzip -Z1 '$bundle' | diff - '$work/bsdtar' && [ -s '$work/bsdtar' ]"
mkdir "$work/by-unzip" "$work/by-bsdtar"
check "both unpack the same" sh -c "unzip -q '$bundle' -d '$work/by-unzip' &&
    bsdtar -xf '$bundle' -C '$work/by-bsdtar' &&
    diff -r '$work/by-unzip' '$work/by-bsdtar'"
cd "$work/by-unzip/$folder" || exit 1
check "the page for people comes first" says 00-说明.html \
    sh -c "unzip -Z1 '$bundle' | head -n 1"
check "sha256sum -c" sha256sum -c --quiet --strict manifest-sha256.txt
check "sha256sum -c of the tag files" \
    sha256sum -c --quiet --strict tagmanifest-sha256.txt
manifest_has_all() { # each file below data/, and no other
    cut -c 67- manifest-sha256.txt | LC_ALL=C sort >"$work/told"
    find data -type f | LC_ALL=C sort | diff - "$work/told"
}
check "every file below data/ is in the manifest" manifest_has_all
sm3_holds() { # MANIFEST: openssl makes the same SM3
    [ -s "$1" ] && while read -r digest file; do
        [ "$(openssl dgst -sm3 -r "$file" | cut -c 1-64)" = "$digest" ] ||
            { echo "false: $file"; return 1; }
    done <"$1"
}
check "openssl finds the same SM3" sm3_holds manifest-sm3.txt
check "and that of the tag files" sm3_holds tagmanifest-sm3.txt
all_json() {
    find data -name '*.json' >"$work/json"
    [ -s "$work/json" ] && while read -r file; do
        jq -es 'length == 1' "$file" || { echo "no JSON: $file"; return 1; }
    done <"$work/json"
}
check "jq reads every JSON file" all_json

# ---- the WARC files ---------------------------------------------------------------

archive=data/02-网页存档
check "there are WARC files" ls "$archive"/*.warc.gz
check "warcio reads every record" sh -c "timeout 120 node '$interop/read.mjs' \
    '$npm/warcio/dist/index.js' '$archive'/*.warc.gz >'$work/records.jsonl'"
records() { # JQ: of the list of all records
    jq -es "$1" "$work/records.jsonl"
}
check "every digest that is stated holds" records '
    length > 5 and all(.[]; .block == true and .payload != false) and
    all(.[] | select(.type == "response" or .type == "resource"); .payload)'
check "there are pages, their requests, and what is told of them" records '
    [.[].type] | unique | contains(["metadata", "request", "response", "warcinfo"])'
check "each request names its response, which is there" records '
    [.[] | select(.type == "response").id] as $ids |
    all(.[] | select(.type == "request"); .concurrent as $c | $ids | any(. == $c))'
check "warcio shows the claim of the finding" sh -c "jq -r '.text // empty' \
    '$work/records.jsonl' | grep -F '到期本息一分不少'"
members() { # each gzip member is one record: gzip alone reads the file
    for file in "$archive"/*.warc.gz; do
        gzip -t "$file" && zcat "$file" | head -c 8 | grep -q '^WARC/1.1' ||
            { echo "$file"; return 1; }
    done
}
check "gzip -t" members

# ---- the WACZ files ---------------------------------------------------------------

each_wacz() { # COMMAND...: with each WARC, its WACZ and a folder
    for warc in "$archive"/*.warc.gz; do
        wacz=${warc%.warc.gz}.wacz
        dir=$work/$(basename "$wacz")
        mkdir -p "$dir"
        [ -s "$wacz" ] || { echo "no $wacz"; return 1; }
        "$@" "$warc" "$wacz" "$dir" || { echo "$wacz"; return 1; }
    done
}
same_warc() { # WARC WACZ DIR
    unzip -tq "$2" && unzip -p "$2" archive/data.warc.gz | cmp - "$1"
}
as_js_wacz() { # WARC WACZ DIR
    cp "$1" "$3/data.warc.gz" &&
        timeout 120 node "$npm/@harvard-lil/js-wacz/bin/cli.js" create \
            -f "$3/data.warc.gz" -o "$3/theirs.wacz" >"$3/js.out" 2>&1 &&
        "$interop/compare_wacz.sh" "$2" "$3/theirs.wacz" "$3"
}
pages_are_web() { # WARC WACZ DIR
    unzip -p "$2" pages/pages.jsonl | jq -es 'length > 1 and
        all(.[1:][]; .url | test("^https?://"))'
}
check "each WARC lies in its WACZ as it is" each_wacz same_warc
check "each WACZ is built as js-wacz builds it" each_wacz as_js_wacz
check "their pages are web pages" each_wacz pages_are_web

# ---- in ReplayWeb.page ------------------------------------------------------------

# What it shows does not depend on how adwatch was built.
case $adwatch in
*/asan/*)
    finish
    exit
    ;;
esac
url=$(jq -r '.url' data/01-线索/finding-*.json | head -n 1)
wacz=$(grep -lF "\"$url\"" "$archive"/*.wacz | head -n 1)
# Modules are looked for from where a file lies.
cp "$here/../browser/replay.mjs" "$work"
ln -s "$modules" "$work/node_modules"
mkdir "$work/shots"
timeout 300 node "$work/replay.mjs" "$work/shots" "$PWD/$wacz" "$url" \
    >"$work/replay.jsonl" 2>"$work/replay.err" || cat "$work/replay.err"
shown() { # JQ: of what the page looks like
    jq -es "length == 1 and (.[0] | $1)" "$work/replay.jsonl" || { cat "$work/replay.jsonl"; return 1; }
}
check "the page of the finding is shown with its claim" shown \
    '.text | contains("到期本息一分不少")'
check "and with its picture" shown '[.images[] | select(.src | endswith("/logo.svg"))] |
    length == 1 and .[0].shown'
check "and nothing is asked of the network" shown '.outside == [] and .errors == []'

finish
