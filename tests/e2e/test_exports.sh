#!/bin/sh
# Exports and the dashboard as a page asks for them.  test_exports.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work/in"
. "$here/lib.sh"
ws=$work/ws
password='correct horse battery'
server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null' EXIT

"$adwatch" init "$ws" >/dev/null
cat >"$ws/adwatch.yaml" <<'EOF'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources: [{name: 无, start: ['http://127.0.0.1:9/']}]
EOF
printf '金汇理财，保本保息，年化收益18%%，到期一分不少，加微信咨询' >"$work/in/=1+1.txt"
printf '本公司投资稳赚不赔，保证收益，年化20%%，快来投资' >"$work/in/other.txt"
check "two findings are handed in" exits 0 "$adwatch" -C "$ws" ingest "$work/in"
for user in wang:reviewer: jining:reviewer:3708 shen:auditor:; do
    name=${user%%:*} place=${user##*:}
    role=${user#*:}
    set -- --role "${role%:*}" --as tester
    [ -z "$place" ] || set -- "$@" --place "$place"
    echo "$password" | "$adwatch" -C "$ws" user add "$name" "$@" >/dev/null
done

"$adwatch" -C "$ws" serve --port 0 --capture-port 0 \
    >"$work/serve.out" 2>"$work/serve.log" &
server=$!
for _ in $(seq 600); do
    grep -q serving "$work/serve.out" && break
    sleep 0.1
done
origin=$(sed -n 's|^adwatch: serving \(.*\)/ (captures: .*$|\1|p' "$work/serve.out")
api=$origin/api/v1

status() { # WANT CURL-OPTION...
    want=$1
    shift
    got=$(curl -s -m 60 -D "$work/head" -o "$work/body" -w '%{http_code}' "$@")
    [ "$got" = "$want" ] || {
        echo "status $got, not $want: $*"
        head -c 2000 "$work/body"
        return 1
    }
}
post() { # NAME STATUS PATH BODY
    status "$2" -b "$work/$1.jar" -c "$work/$1.jar" -H "Origin: $origin" \
        -H "X-CSRF-Token: $(cat "$work/$1.csrf" 2>/dev/null)" \
        -H 'Content-Type: application/json' --data-binary "$4" "$api$3"
}
get() { status "$2" -b "$work/$1.jar" "$api$3"; } # NAME STATUS PATH
body() { jq -e "$1" "$work/body" || { head -c 3000 "$work/body"; return 1; }; }
head_has() { grep -qiF -- "$1" "$work/head" || { cat "$work/head"; return 1; }; }
audited() {
    python3 -c '
import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "SELECT who, detail FROM audit WHERE action = \"export\"").fetchall()
print(len(rows), rows[-1][0], json.loads(rows[-1][1])["findings"])' "$ws/adwatch.db"
}

for user in wang jining shen; do
    check "$user logs in" post "$user" 200 /login \
        "{\"name\":\"$user\",\"password\":\"$password\"}"
    jq -r .csrf "$work/body" >"$work/$user.csrf"
done

# Findings are sorted soon after the start.
for _ in $(seq 300); do
    get wang 200 '/dashboard' >/dev/null 2>&1 &&
        [ "$(jq '[.trend[].found] | add' "$work/body")" = 2 ] && break
    sleep 0.1
done

# ---- exports -------------------------------------------------------------------

check "two findings as CSV" post wang 200 /exports \
    '{"format":"csv","scope":"ids","ids":[1,2]}'
check "with their number" head_has 'X-Count: 2'
check "as an attachment" head_has 'attachment; filename="adwatch-'
check "no formula is one" grep -qF "\"'=1+1.txt\"" "$work/body"
check "all that match as a workbook" post wang 200 /exports \
    '{"format":"xlsx","scope":"all","filter":"state=new&flat=1","expected":2}'
"$here/../reports/read_xlsx.py" "$work/body" >"$work/book.json"
check "both are in it, and nothing is a formula" jq -e '
    (.sheets["线索"] | map(.[0]) | unique | length) == 3 and .formulas == 0
    and ([.sheets["线索"][][]] | any(. == "=1+1.txt"))' "$work/book.json"
check "as JSON Lines, by a search" post wang 200 /exports \
    '{"format":"jsonl","scope":"all","filter":"q=%E7%A8%B3%E8%B5%9A"}'
check "one is found" head_has 'X-Count: 1'
check "with its evidence" body '.evidence.last.sha256 | length == 64'
check "each export has a row of audit" test "$(audited)" = '3 wang 1'
"$adwatch" -C "$ws" audit list --action export --json | sed -n 1p |
    jq -c .detail >"$work/picked"
check "that of picked ones names them" jq -e \
    '.scope == "ids" and .ids == [1,2] and .ids_left == 0' "$work/picked"
check "the auditor may, too" post shen 200 /exports \
    '{"format":"jsonl","scope":"ids","ids":[1]}'
check "other findings than expected are told" post wang 409 /exports \
    '{"format":"csv","scope":"all","filter":"state=new","expected":7}'
check "with the number" grep -q '2 findings match' "$work/body"
check "a finding of no known place is not there for a place" post jining 404 \
    /exports '{"format":"csv","scope":"ids","ids":[1]}'
check "nor in all of it" post jining 200 /exports \
    '{"format":"csv","scope":"all","filter":"state=all"}'
check "which is empty" head_has 'X-Count: 0'
for bad in '{"format":"pdf","scope":"all","filter":""}' \
    '{"format":"csv","scope":"some"}' '{"format":"csv","scope":"ids"}' \
    '{"format":"csv","scope":"ids","ids":[0]}' \
    '{"format":"csv","scope":"ids","ids":["1; DROP"]}' \
    '{"format":"csv","scope":"ids","ids":[]}' \
    '{"format":"csv","scope":"all","filter":"state=nonsense"}' \
    '{"format":"csv","scope":"all"}' '[]' '{'; do
    check "refused: $bad" post wang 400 /exports "$bad"
done
check "a finding that is not there" post wang 404 /exports \
    '{"format":"csv","scope":"ids","ids":[1,99]}'
check "a long filter" post wang 413 /exports "{\"format\":\"csv\",\"scope\":\"all\",
    \"filter\":\"q=$(head -c 5000 /dev/zero | tr '\0' a)\"}"
check "what was not made was not audited" test "$(audited)" = '5 jining 0'
check "nothing is left beside the store" test -z \
    "$(find "$ws" -name '*.xlsx' -o -name '*.tmp' -o -name 'tmp*')"

# ---- the dashboard ---------------------------------------------------------------

check "the last thirty days" get wang 200 /dashboard
check "end today" body '(.trend | length) == 30 and .trend[29].found == 2
    and .channels[0].found == 2 and .coverage == null and .load == []'
check "a span of days" get wang 200 '/dashboard?from=2026-01-01&to=2026-01-07'
check "has each of them" body '[.trend[].day] | length == 7 and .[6] == "2026-01-07"'
check "a place has its own" get jining 200 /dashboard
check "which are none" body '[.trend[].found] | add == 0'
check "another's is not there" get jining 404 '/dashboard?place=3701'
for bad in 'from=yesterday' 'from=2026-02-30' 'from=2026-01-02&to=2026-01-01' \
    'from=1970-01-01&to=2026-01-01'; do
    check "refused: $bad" get wang 400 "/dashboard?$bad"
done
check "nobody is told without a session" status 401 "$api/dashboard"

finish
