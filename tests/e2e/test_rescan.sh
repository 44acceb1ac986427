#!/bin/sh
# The archive against other rules: what is new, what is gone, what stays; taken
# up after kills.   test_rescan.sh ADWATCH DIR
set -u
slot=19
. "$(dirname "$0")/sites.sh"

# A word that the shipped rules do not know, in an offer that claims nothing else
# and warns of risk: no model sees a claim in it, nor a report.
offer() { # WORD
    printf '想投资就买丰禾%s，一万元起，加微信。投资有风险，选择须谨慎' "$1"
}
was=$(offer 金如意乙)
will=$(offer 金如意丙)
page a.example index.html '<a href=/same.html>a</a><a href=/will.html>b</a><a href=/was.html>c</a>'
page a.example same.html "$claim"
printf '<title>丰禾</title><p>%s' "$will" >"$www/a.example/will.html"
printf '<title>丰禾</title><p>%s' "$was" >"$www/a.example/was.html"
in=$work/in
mkdir -p "$in"
printf '%s' "$will" >"$in/will.txt"
printf '%s' "$was" >"$in/was.txt"
printf '本理财保本保息，年化收益18%%，到期一分不少，加微信咨询' >"$in/same.txt"
for n in $(seq 1 60); do
    printf '{"text":"葱一斤两块，蒜三块，第 %d 摊","who":"WG-012","channel":"短信"}\n' "$n"
    printf '{"text":"明天 %d 号楼停水，请提前存水","who":"WG-012","channel":"短信"}\n' "$n"
done >"$in/list.jsonl"

lexicon() { # WORD: the shipped rules, and one that hits it
    rm -rf "$work/lexicons"
    cp -R "$here/../../lexicons" "$work/lexicons"
    cat >>"$work/lexicons/claims/capital.yaml" <<END

  - id: CP-900
    version: 1
    class: capital_protection
    severity: 3
    provision: advertising-law-25-1
    code: ZH39
    pattern: '$1'
    why: 'a rule of this test'
    contexts: []
    exemptions: []
    hit: ['$1']
    miss: ['金如意']
END
}
rescan() { # STATUS OPTION...: $work/out
    want=$1
    shift
    exits "$want" "$adwatch" -C "$ws" rescan "$@" >"$work/out" 2>"$work/err"
    rescan_rc=$?
    head -5 "$work/out" "$work/err"
    return $rescan_rc
}
out_says() { grep -qF -- "$1" "$work/out" || { head -5 "$work/out" "$work/err"; return 1; }; }
out_holds() { # JQ: of the list of lines
    jq -e -s "$1" "$work/out" || { head -5 "$work/out" "$work/err"; return 1; }
}
findings() { # all that is known of them
    sql 'SELECT id, fingerprint, first_capture, last_capture, last_seen_ms, gone_ms,
        state, lexicon_hash, model_hash FROM finding ORDER BY id'
}
is_as() { # FILE COMMAND...: it prints just that
    file=$1
    shift
    "$@" | diff "$file" -
}
claims() { # FILE: what was told, without the sum
    jq -c 'select(.kind != "sum")' "$1"
}

start_node 127.0.6.201
resolve='a.example 127.0.6.201'
configure 'pause_ms: 0, address_pause_ms: 0, readers: 2' "$(start a.example)"
sed -i "s|^sources:|lexicon: ../lexicons\nsources:|" "$ws/adwatch.yaml"
lexicon 金如意乙
check "a night finds what its rules say" crawl
check "so do hand-ins" "$adwatch" -C "$ws" ingest "$in"
reviewed=$(sql "SELECT id FROM finding WHERE url LIKE '%/was.html'")
check "one is confirmed" "$adwatch" -C "$ws" decide "$reviewed" confirm --as demo
findings >"$work/findings"

# ---- the same rules, other rules -----------------------------------------------

check "under the same rules there is nothing to tell" rescan 0 --json
check "all of it was read" out_holds '.[0] | .kind == "sum" and .read == 127 and .whole and
    .new == 0 and .changed == 0 and .gone == 0 and .failed == 0'
lexicon 金如意丙
check "under others there is" rescan 0 --json
check "what they find newly" out_holds 'map(select(.kind == "new")) | length == 2 and
    all(.[]; .finding == 0 and .before == [] and (.after[0].quote == "金如意丙"))'
check "and what no longer" out_holds 'map(select(.kind == "gone")) | length == 2 and
    all(.[]; .finding > 0 and .after == [] and (.before[0].quote == "金如意乙"))'
check "with what was decided" out_holds "map(select(.finding == $reviewed)) |
    length == 1 and .[0].state == \"confirmed\""
check "and the sum of it" out_holds '.[-1] | .kind == "sum" and .new == 2 and .gone == 2'
claims "$work/out" >"$work/whole"
check "no finding was touched" is_as "$work/findings" findings
check "nor is anything left of it in the store" is_as /dev/null \
    sql 'SELECT * FROM rescan_told'
check "people are told in words" rescan 0
check "of the new" out_says 'new: capture'
check "with the claims" out_says 'none -> capital_protection【金如意丙】'
check "of the gone" out_says "gone: finding $reviewed (confirmed)"
check "and how many" out_says '2 new, 0 changed, 2 gone, 0 added, 0 not read'

# ---- a part --------------------------------------------------------------------

check "a source alone" rescan 0 --json --source a
check "has its pages alone" out_holds '.[-1] | .read == 4 and .new == 1 and .gone == 1'
check "nothing is older than this" rescan 0 --json --until 2020-01-01
check "so nothing is read" out_holds '.[-1] | .read == 0'
check "all is newer" rescan 0 --json --since 2020-01-01
check "so all is read" out_holds '.[-1].read == 127'
check "a time that is none is told" exits 2 "$adwatch" -C "$ws" rescan --since soon

# ---- broken off, and gone on with ----------------------------------------------

check "so many captures and no more" rescan 3 --json --max 50
check "are told as such" out_holds '.[-1] | .read == 50 and (.whole | not)'
# However fast the machine: no more than 50 and 6 times 10 of 127, so never all.
for n in 1 2 3 4 5 6; do
    "$adwatch" -C "$ws" rescan --json --jobs 1 --max 10 >/dev/null 2>&1 &
    pid=$!
    sleep 0.1"$n"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
check "after kills it is gone on with" rescan 3 --json --max 1
check "from where it was" out_holds '.[-1] | .resumed and .read >= 51'
check "to its end" rescan 0 --json
claims "$work/out" >"$work/resumed"
check "and all is told as if nothing had been" diff "$work/whole" "$work/resumed"
check "to the last capture" out_holds '.[-1] | .resumed and .read == 127 and .whole'
check "no finding was touched by that" is_as "$work/findings" findings
check "begun and left" rescan 3 --json --max 50
lexicon 金如意丁
check "it is not gone on with under other rules" rescan 0 --json
check "but begun anew" out_holds '.[-1] | (.resumed | not) and .new == 0 and .gone == 2'

# ---- into the queue ------------------------------------------------------------

lexicon 金如意丙
check "what is new goes into the queue" rescan 0 --json --apply
check "all of it" out_holds '.[-1].added == 2'
check "as new findings" [ "$(sql "SELECT count(*) FROM finding JOIN claim
    ON claim.finding = finding.id WHERE state = 'new' AND quote = '金如意丙'
    AND rule = 'CP-900'")" = 2 ]
check "of these rules" [ "$(sql "SELECT count(DISTINCT lexicon_hash) FROM finding")" = 2 ]
head=$(wc -l <"$work/findings")
check "the others stay as they were" sh -c \
    'head -n "$1" "$2" | diff "$3" -' - "$head" "$work/out2" "$work/findings" \
    "$(findings >"$work/out2")"
check "once more there is nothing new" rescan 0 --json --apply
check "nothing at all" out_holds '.[-1] | .new == 0 and .added == 0 and .gone == 2'

# ---- what the archive no longer holds ------------------------------------------

for file in "$ws"/archive/adwatch-handed-in*.warc.gz; do mv "$file" "$work/"; done
check "without a file of the archive the rest is read" rescan 3 --json
check "and what is missing is counted" out_holds '.[-1] | .failed == 123 and .read == 4'

finish
