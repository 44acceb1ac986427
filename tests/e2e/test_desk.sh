#!/bin/sh
# The reviewer's page in a real browser, and its API as others would ask it:
# tests/browser/*.mjs, each with a workspace and a server of its own.
#   test_desk.sh ADWATCH DIR [NAME...]      NAME: only these of tests/browser
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$2
shift 2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
# What is the page's own business need not be asked under sanitizers as well.
case $adwatch in
*/asan/*) every='security openapi together exports hostile' ;;
*) every='security openapi together restart exports keyboard hostile pages load' ;;
esac
tests=${*:-$every}
modules=$(cd "$here/../.." && pwd)/build/browser/node_modules

# ---- a workspace with what a night brings ----------------------------------

check "the sample city is crawled" env ADWATCH_DEMO_PORT="$(test_port 26)" \
    "$here/../sites/demo.sh" "$adwatch" "$work/ws"
handed=$work/handed
mkdir -p "$handed"
# 60 different texts, and one advertisement 14 times, with other numbers.
jq -r 'select(.label == "suspected" and .channel == "sms" and (.text | length) > 30)
    | .text | gsub("\n"; " ")' "$here"/../../corpus/*.jsonl | head -n 60 |
    while read -r text; do
        n=$((${n:-0} + 1))
        printf '%s\n' "$text" >"$handed/$n.txt"
    done
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
    printf '样例财富第%s营业部：本金零风险，年化收益百分之十五，到期保证兑付，退休职工专享，详询样例热线000-%s%s%s' \
        "$n" "$n" "$n" "$n" >"$handed/similar-$n.txt"
done
check "texts are handed in" "$adwatch" -C "$work/ws" ingest --channel sms \
    --source 样例街道 "$handed"

check "the page has all its words in both languages, and no markup of its own" \
    node --test "$here/../web/page_text.mjs"

# ---- in the browser ---------------------------------------------------------

run() { # NAME
    NODE_PATH=$modules ADWATCH=$adwatch WORKSPACE=$work/ws WORK=$work/$1 \
        timeout 600 node "$work/browser/$1.mjs"
}
# Modules are looked for from where a file lies.
cp -r "$here/../browser" "$work/browser"
ln -s "$modules" "$work/browser/node_modules"
ln -s "$here/../../web" "$work/web"
status=0
for name in $tests; do
    run "$name" >"$work/$name.out" 2>&1 || status=1
    sed "s/^/  $name: /" "$work/$name.out"
done
finish && [ "$status" -eq 0 ]
