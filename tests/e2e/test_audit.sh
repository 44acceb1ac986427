#!/bin/sh
# Deciding on the terminal, by name and by user, and the chain that tells of it.
#   test_audit.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
ws=$work/ws
db=$ws/adwatch.db
mkdir -p "$ws" "$work/in"
cat >"$ws/adwatch.yaml" <<'END'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - name: a
    start: ['http://127.0.0.1:9/']
END
for n in 1 2 3; do
    printf '第%s期理财保本保息，年化收益18%%，到期一分不少，加微信咨询' $n >"$work/in/$n.txt"
done
adwatch_in() { "$adwatch" -C "$ws" "$@"; }
decides() { exits "$1" adwatch_in decide "$2" "$3" --as "$4"; }
state() { [ "$(sqlite3 "$db" "SELECT state FROM finding WHERE id = $1")" = "$2" ]; }
user() { echo 'a long enough password' | adwatch_in user add "$1" --role "$2"; }

adwatch_in ingest "$work/in" >/dev/null 2>&1
check "three findings are there" [ "$(sqlite3 "$db" 'SELECT count(*) FROM finding')" = 3 ]
check "there is no head yet" exits 1 "$adwatch" -C "$ws" audit head

# ---- without users ---------------------------------------------------------
check "a name is enough" says 'finding 1: confirm by R-01' "$adwatch" -C "$ws" decide 1 confirm --as R-01
check "several at once" exits 0 "$adwatch" -C "$ws" decide 2 3 dismiss --code warning --as R-02
check "what is so already is told" exits 3 "$adwatch" -C "$ws" decide 1 2 dismiss --reason x --as R-02
check "with a reason of the list alone" exits 1 "$adwatch" -C "$ws" decide 3 reopen --code nonsense --as R-02
check "undo takes the last order back" says 'finding 1: undo by R-02' "$adwatch" -C "$ws" decide undo --as R-02
check "and gives the state back" state 1 confirmed
check "others' orders are not one's own" exits 1 "$adwatch" -C "$ws" decide undo --as R-03
check "an action is needed" exits 2 "$adwatch" -C "$ws" decide 1

# ---- with users ------------------------------------------------------------
check "users are made" user 王芳 reviewer
check "a second officer too" user 李强 second_officer
check "a name alone is no more enough" decides 1 1 reopen R-01
check "nor does a stranger decide" says "is no user of this workspace" "$adwatch" -C "$ws" decide 1 reopen --as R-01
check "a user does" decides 0 1 reopen 王芳
sqlite3 "$db" "INSERT INTO setting VALUES ('second_severity', '1')"
check "where policy asks, a confirmation is a proposal" decides 0 1 confirm 王芳
check "which waits" state 1 second
check "not for its own officer" decides 1 1 confirm 王芳
check "but for another" decides 0 1 confirm 李强
check "then it is confirmed" state 1 confirmed
check "a user that is off does not decide" sh -c "'$adwatch' -C '$ws' user off 王芳 &&
    ! '$adwatch' -C '$ws' decide 2 reopen --as 王芳"

# ---- the chain -------------------------------------------------------------
check "the chain is whole" says 'are as they were written' "$adwatch" -C "$ws" audit verify
HEAD=$("$adwatch" -C "$ws" audit head)
export HEAD
head=$HEAD
check "by its head as well" exits 0 "$adwatch" -C "$ws" audit verify --head "$head"
check "a head is ID:HASH" exits 2 "$adwatch" -C "$ws" audit verify --head 7
adwatch_in audit list --json >"$work/list"
check "the list is JSON, row by row" jq -e -s \
    'map(.id) == [range(1; length + 1)] and .[0].action == "begin" and
     (map(select(.action == "decision")) | length) == 8 and
     (map(select(.action == "user")) | length) >= 3 and
     .[-1].hash == (env.HEAD | split(":")[1])' "$work/list"
check "of one person" sh -c "'$adwatch' -C '$ws' audit list --who 李强 --json | jq -e -s 'length == 1 and .[0].detail.action == \"confirm\"'"
listed() { "$adwatch" -C "$ws" audit list --json "$@" | jq -s length; }
days_tell() { # COUNT OPTION...
    want=$1
    shift
    [ "$(listed "$@")" = "$want" ]
}
today=$(TZ=Asia/Shanghai date +%F)
rows=$(wc -l <"$work/list")
check "from a day on" days_tell "$rows" --from 2026-01-01
check "up to a day, itself included" days_tell "$rows" --from 2026-01-01 --to 2999-12-31
check "not before the first" days_tell 0 --to 2001-01-01
check "nor behind the last" days_tell 0 --from 2999-01-01
check "what is no day is told" says 'give days as YYYY-MM-DD' \
    "$adwatch" -C "$ws" audit list --from "$today" --to yesterday
sed -n 2p "$work/list" >"$work/row"
check "another program reckons the same hash" sh -c \
    "jq -cSj '{action, at_ms, detail: (.detail | tojson), id, previous, subject, who}' '$work/row' |
     sha256sum | grep -qF \"\$(jq -r .hash '$work/row')\""

cp "$db" "$work/kept.db"
tampered() { # SQL: is found
    cp "$work/kept.db" "$db"
    rm -f "$db-wal" "$db-shm"
    sqlite3 "$db" "$1"
    exits 1 "$adwatch" -C "$ws" audit verify "${2:---head}" "${3:-$head}"
}
check "a changed row is found" tampered "UPDATE audit SET who = 'x' WHERE id = 3"
check "which is named" says 'audit row 3 was changed' "$adwatch" -C "$ws" audit verify
check "a row taken out is found" tampered "DELETE FROM audit WHERE id = 3"
check "a cut-off end is found" tampered "DELETE FROM audit WHERE id > 11"
check "a changed decision is found" tampered "UPDATE decision SET reason = 'x' WHERE id = 2"
check "a state that nobody decided is found" tampered "UPDATE finding SET state = 'new' WHERE id = 2"
cp "$work/kept.db" "$db"
check "the store as it was is whole" exits 0 "$adwatch" -C "$ws" audit verify --head "$head"
finish
