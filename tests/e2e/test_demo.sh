#!/bin/sh
# The demo's outcome: what must be found is found, what must not is not, and
# every host was asked politely.   test_demo.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"
ws=$work/ws
city=$ws/city

check "the demo runs to its end" env ADWATCH_DEMO_PORT="$(test_port 24)" \
    "$here/../sites/demo.sh" "$adwatch" "$ws"
cp "$work/last.out" "$work/demo.out"
[ "$failed" -eq 0 ] || { cat "$work/demo.out"; finish; exit 1; }

"$adwatch" -C "$ws" why --json >"$work/why.jsonl"

# One line for each expected page: verdict wanted, verdict got, name.
jq -rn --slurpfile want "$city/expect.jsonl" --slurpfile got "$work/why.jsonl" '
    ($got | map({key: (if .state == "handed in" then "posters/" + .title
                       else .url end), value: .}) | from_entries) as $by
    | $want[] | (.url // .file) as $name | $by[$name] as $g
    | [.verdict,
       (if $g == null or $g.capture == 0 then "unfetched"
        else $g.verdict end), $name] | @tsv' >"$work/verdicts.tsv"

count() {
    awk -F'\t' "$1 { n++ } END { print n + 0 }" "$work/verdicts.tsv"
}

must_find() {
    awk -F'\t' '$1 == "suspected" && $2 != "suspected" { print "missed: " $3;
        bad = 1 } END { exit bad }' "$work/verdicts.tsv"
}
must_not_flag() {
    awk -F'\t' '$1 != "suspected" && $2 == "suspected" { print "false alarm: " $3;
        bad = 1 } END { exit bad }' "$work/verdicts.tsv"
}
must_not_fetch() {
    awk -F'\t' '$1 == "unfetched" && $2 != "unfetched" { print "fetched: " $3;
        bad = 1 } END { exit bad }' "$work/verdicts.tsv"
}
must_fetch() {
    awk -F'\t' '$1 != "unfetched" && $2 == "unfetched" &&
        $3 !~ /zhaopin/ { print "not fetched: " $3; bad = 1 }
        END { exit bad }' "$work/verdicts.tsv"
}
echo "  suspected: $(count '$1 == "suspected" && $2 == "suspected"') of" \
    "$(count '$1 == "suspected"') found; false alarms:" \
    "$(count '$1 != "suspected" && $2 == "suspected"') of" \
    "$(count '$1 != "suspected"')"
check "every advertisement with a claim is found" must_find
check "nothing lawful is flagged" must_not_flag
check "what robots.txt closes, and what no page links to, is not fetched" \
    must_not_fetch
check "every other page is fetched" must_fetch

# The classes that must stand on a finding stand there.
"$adwatch" -C "$ws" triage --state all --json >"$work/findings.jsonl"
classes() {
    jq -rn --slurpfile want "$city/expect.jsonl" \
        --slurpfile got "$work/findings.jsonl" '
        ($got | map({key: (if (.url | startswith("urn:")) then
                           "posters/" + .title else .url end),
                     value: [.claims[].class]}) | from_entries) as $by
        | $want[] | select(.verdict == "suspected")
        | (.url // .file) as $name | select($by[$name])
        | (.classes - $by[$name]) as $missing | select($missing != [])
        | "\($name) lacks \($missing | join(", "))"' >"$work/classes.out"
    cat "$work/classes.out"
    total=$(jq -s 'map(select(.verdict == "suspected") | .classes | length) | add' \
        "$city/expect.jsonl")
    lacking=$(sed 's/.* lacks //' "$work/classes.out" | tr ',' '\n' | grep -c .)
    echo "  classes: $((total - lacking)) of $total" | tee "$work/classes.total" >&2
    [ $((lacking * 5)) -le "$total" ]
}
check "four of five expected classes of claim stand on the findings" classes
cat "$work/classes.total" 2>/dev/null

quotes() {
    jq -e -s 'all(.[]; .claims | length > 0) and
        all(.[].claims[]; (.class == "no_risk_warning") == (.quote == ""))' \
        "$work/findings.jsonl"
}
check "each finding quotes its claims" quotes

# "$msec $host ... $request_time": at most one request at a time, and the pause
# from the end of one to the start of the next. An overlap is below zero.
polite() { # LOG
    sort -n "$1" | awk -v pause=0.019 '
        { wait = $1 - $NF - last[$2] }
        ($2 in last) && wait < pause {
            printf "%s asked again after %.3f s\n", $2, wait; bad = 1 }
        { last[$2] = $1 } END { exit bad }'
}
log_of() { # END REQUEST_TIME...: of requests to one host
    printf '%s a.example 127.0.2.1 GET / 200 %s\n' "$@" >"$work/access.log"
}
log_of 100.000 0.010 100.040 0.010
check "requests with the pause between them are polite" polite "$work/access.log"
log_of 100.000 0.010 100.040 0.030
check "a request too soon after the last is not, though it ends late" \
    exits 1 polite "$work/access.log"
log_of 100.000 0.010 102.000 2.500
check "nor are requests that overlap" exits 1 polite "$work/access.log"
# The city's own start checks ask 127.0.2.1 by its number.
sed -i '/127\.0\.2\.1 127/d' "$city/access.log"
check "no host is asked again before its pause is over" \
    polite "$city/access.log"
closed_school() {
    ! grep 'mingde-school' "$city/access.log" | grep -v '/robots.txt'
}
check "a site whose robots.txt answers 503 is left alone" closed_school

check "charsets are found: GB18030 without declaration" says gb18030 \
    "$adwatch" -C "$ws" why --json "http://bbs.rencheng-life.example:$(test_port 24)/"
check "charsets are found: Big5" says big5 \
    "$adwatch" -C "$ws" why --json "http://www.xufeng-gold.example:$(test_port 24)/"
check "the redirect loop is told" says "redirect loop" \
    "$adwatch" -C "$ws" status
check "the archive is whole" "$adwatch" -C "$ws" archive check
check "the triage list quotes claims" says 【 "$adwatch" -C "$ws" triage
check "the bundle verifies" exits 0 "$adwatch" verify "$ws"/bundles/*.zip
never_illegal() {
    ! grep -E '(已构成|属于|系)(违法|非法)|是非法集资' "$work/demo.out"
}
check "nothing is called illegal" never_illegal
finish
