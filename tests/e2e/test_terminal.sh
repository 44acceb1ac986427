#!/bin/sh
# Deciding by keys on a terminal, and the same findings as a workbook, over
# HTTP and on the dashboard.   test_terminal.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work/in"
. "$here/lib.sh"
ws=$work/ws
port=$(test_port 22)

desk() { "$here/terminal.py" "$@" -- "$adwatch" -C "$ws" desk --as 王某; }
sql() {
    python3 -c '
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1], timeout=30).execute(sys.argv[2]):
    print(*row, sep="|")' "$ws/adwatch.db" "$1"
}
is() { # WANTED COMMAND...
    wanted=$1
    shift
    got=$("$@")
    [ "$got" = "$wanted" ] || { echo "'$got' is not '$wanted': $*"; return 1; }
}
states() { sql "SELECT state, count(*) FROM finding GROUP BY state ORDER BY 1" | tr '\n' ' '; }

# ---- nine findings: eight alike, and one that means harm to terminals -------

"$adwatch" init "$ws" >/dev/null
cat >"$ws/adwatch.yaml" <<'EOF'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources: [{name: 无, start: ['http://127.0.0.1:9/']}]
EOF
for i in 1 2 3 4 5 6 7 8; do
    printf '金汇%s号理财，保本保息，年化收益1%s%%，到期一分不少，加微信 jinhui%s 咨询，地址样例路%s号' \
        $i $i $i $i >"$work/in/ad$i.txt"
done
# Its name, which is its title, speaks to terminals.
printf '本公司投资稳赚不赔，保证收益，年化20%%，快来投资 \342\200\256倒转' \
    >"$work/in/$(printf 'hostile\033[2J\033]0;own\007.txt')"
check "they are handed in" exits 0 "$adwatch" -C "$ws" ingest "$work/in"
check "all are new" is "new|9 " states

# ---- deciding --------------------------------------------------------------------

check "a key confirms and the next one is there" desk see=涉嫌违法广告线索 \
    see='9 条' type=g see=只看一组 type=c see='已确认 1 条' see='7 条' \
    type=c see='6 条' fits type=q end=0 sane
check "both are confirmed" is "confirmed|2 new|7 " states
check "the one who decides is named" is 王某 \
    sql "SELECT DISTINCT who FROM decision"
check "a dismissal asks for a reason, of a list and in words" desk see='7 条' \
    type=g see=只看一组 type=d see=为什么排除 type=1 see=补充说明 \
    'type=警示稿\n' see='已排除 1 条' type=q end=0 sane
check "both are kept" is "warning|警示稿" \
    sql "SELECT code, reason FROM decision WHERE action = 'dismiss'"
check "Escape gives a dismissal up" desk see='6 条' type=d see=为什么排除 \
    'type=\e' see=引文 type=d see=为什么排除 type=2 see=补充说明 'type=\e' \
    gone=补充说明 type=q end=0
check "and nothing was decided" is "confirmed|2 dismissed|1 new|6 " states
check "a selection is decided as one" desk see='6 条' type=g see=只看一组 \
    type=xxx see='已选 3 条' type=e see='已上报 3 条' type=q end=0
check "three are escalated" is "confirmed|2 dismissed|1 escalated|3 new|3 " states
check "they are one order" is 1 \
    sql "SELECT count(DISTINCT batch) FROM decision WHERE action = 'escalate'"
check "it is taken back as one, and then the one before" desk see='3 条' \
    type=u see='已撤销 3 条' see='6 条' type=u see='已撤销 1 条' see='7 条' \
    type=q end=0
check "the states are what they were" is "confirmed|2 new|7 " states
check "a number chooses the class" desk see='7 条' type=2 see='[类别 2]' \
    type=c see='已确认 1 条' gone='[类别' type=q end=0
check "and the decision has it" is no_risk \
    sql "SELECT class FROM decision ORDER BY id DESC LIMIT 1"

# ---- looking -----------------------------------------------------------------------

check "a search finds Chinese" desk see='6 条' type=/ see=查找 'type=稳赚不赔\n' \
    see=含 see='1 条' see=hostile type=/ see=查找 'type=\n' see='6 条' type=q end=0
check "what a page says does nothing to the terminal" desk see='6 条' type=/ \
    see=查找 'type=稳赚\n' see='hostile�[2J�]0;own' see=】 fits type=q end=0 sane
check "views and claims by key" desk see='6 条' type=v see=处理记录 type=v \
    see=SHA-256 type=v see=v1 type=n type=p 'type=?' see=键位 type=q see=待审 \
    type=f see='待复核' type=q end=0
check "it is drawn anew in another size" desk --rows 24 --columns 80 see='6 条' \
    size=40x120 see='6 条' fits size=12x50 see=待审 fits size=5x20 see=窗口太小 \
    size=24x80 see='6 条' fits type=q end=0 sane
check "Ctrl-C leaves the terminal as it was" desk see='6 条' 'type=\c' end=0 sane
check "so does SIGTERM" desk see='6 条' kill=SIGTERM end=1 sane
check "a comment wants a user" desk see='6 条' type=m see=备注需要用户 \
    type=q end=0
printf '样例口令-correct-horse\n' >"$work/password"
check "who is one" exits 0 sh -c "'$adwatch' -C '$ws' user add 王某 --role reviewer <'$work/password'"
check "comments by a key, and sees it in the history" desk see='6 条' type=m \
    see=备注 'type=已电话核实\n' see=已备注 type=v see=已电话核实 type=q end=0
check "it is kept with its row in the audit" is "王某|已电话核实|1" \
    sql "SELECT who, text, (SELECT count(*) FROM audit WHERE action = 'comment') FROM comment"
check "an empty one is none" desk see='6 条' type=m see=备注 'type=\n' type=q end=0
check "nothing was added" is 1 sql "SELECT count(*) FROM comment"

# ---- without a terminal ----------------------------------------------------------------

check "without a terminal the table is printed" says 是否违法，由人认定 \
    "$adwatch" -C "$ws" desk --as 王某
check "a dumb one gets it, too" env TERM=dumb "$here/terminal.py" \
    see=由人认定 end=0 -- env TERM=dumb "$adwatch" -C "$ws" desk --as 王某
check "an unknown state is a usage error" exits 2 "$adwatch" -C "$ws" desk --state open

# ---- as a workbook -----------------------------------------------------------------------

check "triage --xlsx writes a workbook" exits 0 "$adwatch" -C "$ws" triage \
    --state all --xlsx "$work/out.xlsx"
"$here/../reports/read_xlsx.py" "$work/out.xlsx" >"$work/book.json"
check "of all findings, without formulas and links" jq -e '
    (.sheets["线索"] | map(.[0]) | unique | length) == 10
    and .formulas == 0 and .links == 0 and .frozen == "A2"' "$work/book.json"
check "a workbook and JSON do not go together" exits 2 "$adwatch" -C "$ws" \
    triage --json --xlsx "$work/out.xlsx"
check "where it cannot be written nothing is left" exits 1 "$adwatch" -C "$ws" \
    triage --xlsx "$work/none/out.xlsx"

# ---- what can wait ------------------------------------------------------------------------

mkdir "$work/late"
printf '泰丰理财，零·风·险，保证收益，年化18%%，到期一分不少' >"$work/late/ad.txt"
check "one in disguise comes late" exits 0 "$adwatch" -C "$ws" ingest "$work/late"
check "it is shown at once, and found by what it means while no key comes" desk \
    see='7 条' type=/ see=查找 'type=零风险\n' see='1 条' type=q end=0

finish
