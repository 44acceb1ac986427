#!/bin/sh
# Bundles of the demo's findings: a case, a night, and the same bytes again.
#   test_bundle.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
ws=$work/ws
ADWATCH_RENDER=no # test_render.sh and test_readers.sh have a browser's pages
export ADWATCH_RENDER

check "the demo runs to its end" env ADWATCH_DEMO_PORT="$(test_port 30)" \
    "$here/../sites/demo.sh" "$adwatch" "$ws"
[ "$failed" -eq 0 ] || { cat "$work/last.out"; finish; exit 1; }
rm -f "$ws"/bundles/*

number() { # of the first finding whose URL begins so, after N others
    "$adwatch" -C "$ws" triage --json |
        jq -r --arg url "$1" 'select(.url | startswith($url)) | .id' |
        sort -n | sed -n "$((${2:-0} + 1))p"
}
page=$(number http://fenlei)
other=$(number http://bbs)
poster=$(number urn:)
check "there are findings of pages and of what was handed in" \
    test -n "$page" -a -n "$other" -a -n "$poster"
new=$(number http://fenlei 1)
for finding in "$page" "$other" "$poster"; do
    "$adwatch" -C "$ws" decide "$finding" confirm --as 王芳 >/dev/null
done

seal() { # WORDS...: prints the bundle's path
    "$adwatch" -C "$ws" bundle "$@"
}
unpack() { # BUNDLE FOLDER
    mkdir -p "$work/$2" && bsdtar -xf "$1" -C "$work/$2" --strip-components 1
}
refused() { # TEXT WORDS...
    wanted=$1
    shift
    ! seal "$@" 2>"$work/why" && grep -q "$wanted" "$work/why"
}

# ---- a case ------------------------------------------------------------------

seal "$page" "$other" "$poster" --case 2026-7 >"$work/case.path"
case_zip=$(cat "$work/case.path")
check "a case of three findings verifies" exits 0 "$adwatch" verify "$case_zip"
unpack "$case_zip" case
data=$work/case/data
check "each finding has its file, and its history" test -s \
    "$data/01-线索/finding-$poster.json" -a -s "$data/01-线索/history-$page.json"
original() {
    digest=$(jq -r '.captures[] | select(.part == "hand-in") | .payload_digest' \
        "$data/02-网页存档/captures.json")
    file=$(jq -r '.captures[] | select(.part == "hand-in") | .original' \
        "$data/02-网页存档/captures.json")
    [ "$(sha256sum "$work/case/$file" | cut -d' ' -f1)" = "$digest" ]
}
check "the original of the hand-in is what was captured" original
quotes() { # every one stands where it is said to, as another program counts
    cat "$data"/01-线索/finding-*.json >"$work/findings.jsonl"
    for blocks in "$data"/06-文本/*.blocks.json; do
        jq -e --slurpfile f "$work/findings.jsonl" '
            . as $b | .quotes | all(.[]; . as $q | .found and
            ($f[] | select(.id == $q.finding) | .claims[$q.claim].quote) ==
            ($b.blocks[$q.block].text[$q.start:$q.end]))' "$blocks" || return 1
    done
}
check "every quote stands at its offsets, as jq counts them" quotes
check "the rules are told word for word" jq -e \
    '.rules_of.same and (.rules | length > 0)' "$data/01-线索/finding-$page.json"
others() { # the lexicon is another one by now
    mkdir -p "$work/data" &&
        cp -r "$here/../../lexicons" "$here/../../papers" "$work/data/" &&
        cp "$(dirname "$adwatch")/model.awm" "$work/data/" &&
        find "$work/data/lexicons/claims" -name '*.yaml' -exec \
            sed -i "s/^    why: '.*'/    why: '另一说法'/" {} + &&
        ADWATCH_DATA=$work/data seal "$page" >"$work/others.path" &&
        unpack "$(cat "$work/others.path")" others &&
        jq -e --slurpfile before "$data/01-线索/finding-$page.json" '
            (.rules_of.same | not) and .rules == $before[0].rules and
            .provisions == $before[0].provisions and (.provisions | length > 0)
            ' "$work/others/data/01-线索/finding-$page.json" &&
        exits 0 "$adwatch" verify "$(cat "$work/others.path")"
}
check "the rules are those of then where the lexicon changed since" others
check "robots.txt of that time lies beside the page" jq -e \
    '[.captures[].records[].role] | index("robots")' \
    "$data/02-网页存档/captures.json"
check "the papers are there" test -s "$data/09-文书/case.xml"
check "the chain of bundles is told" test -s "$data/04-决定/bundle-chain.json"

# ---- the same again ----------------------------------------------------------

sleep 1
seal "$page" "$other" "$poster" --case 2026-7 >"$work/again.path"
unpack "$(cat "$work/again.path")" again
differing() {
    diff -rq "$work/case" "$work/again" | sed 's/.*again\///; s/ differ$//' |
        grep -vE '^(bag-info|(tag)?manifest-.*)\.txt$|^data/(00-|08-|09-)' |
        grep -vE '^data/04-决定/(audit-head|bundle-chain)\.json$'
}
check "what is sealed twice differs in times, heads and papers alone" \
    sh -c "[ -z \"$(differing)\" ]"

# ---- a night -----------------------------------------------------------------

day=$(TZ=Asia/Shanghai date +%F)
seal --night "$day" >"$work/night.path"
check "a night verifies" exits 0 "$adwatch" verify "$(cat "$work/night.path")"
unpack "$(cat "$work/night.path")" night
check "it has what was confirmed that day" test -s \
    "$work/night/data/01-线索/finding-$other.json"
sleep 1
printf '%s\n%s\n%s\n' "$poster" "$page" "$page" | seal --ids - >"$work/ids.path"
check "a list on standard input is sealed, each once" exits 0 \
    "$adwatch" verify "$(cat "$work/ids.path")"

# ---- what is refused ---------------------------------------------------------

check "a finding that is not confirmed" refused "only a confirmed one" "$new"
check "a night without confirmations" refused "nothing was confirmed" \
    --night 2001-01-01
check "a day that is none" refused "is no day" --night yesterday
check "an officer that nobody knows" refused "there is no user" "$page" \
    --officer 无名
check "an officer named twice is refused as wrong usage" exits 2 \
    "$adwatch" -C "$ws" bundle "$page" --officer 无名 --officer 无名
check "a third officer is refused as wrong usage" exits 2 \
    "$adwatch" -C "$ws" bundle "$page" --officer 甲 --officer 乙 --officer 丙
check "no finding at all" refused "one of them"

# ---- a night with what cannot be sealed --------------------------------------

gap() {
    printf '%s\n99999\n%s\n' "$page" "$new" >"$work/gap.ids"
    "$adwatch" -C "$ws" bundle --ids "$work/gap.ids" >"$work/gap.path" 2>"$work/gap.err"
    [ $? -eq 3 ] && grep -q "finding 99999 is left out" "$work/gap.err" &&
        bsdtar -xOf "$(cat "$work/gap.path")" '*/left-out.json' |
        jq -e --argjson new "$new" '[.left_out[].finding] == ([99999, $new] | sort) or
            [.left_out[].finding] == ([$new, 99999])'
}
check "a night goes on without what cannot be sealed, and tells it" gap
check "and that bundle verifies" exits 0 "$adwatch" verify "$(cat "$work/gap.path")"
finish
