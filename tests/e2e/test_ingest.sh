#!/bin/sh
# What is handed in: lists from spreadsheets, attachments, the same thing
# again, what must not be kept, and kills.   test_ingest.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

fresh() { # WORKSPACE
    ws=$work/$1
    mkdir -p "$ws"
    cat >"$ws/adwatch.yaml" <<'EOF'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - name: 云上
    start: ['http://127.0.0.1:9/']
    listing: {store: yun, apps: /list, name: /title, description: /text}
EOF
}
ingest() { # STATUS PATH...
    want=$1
    shift
    exits "$want" "$adwatch" -C "$ws" ingest "$@" >"$work/out" 2>"$work/err"
    status=$?
    cat "$work/out" "$work/err"
    return $status
}
out_has() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; return 1; }; }
sql() {
    /usr/bin/python3 -c '
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row, sep="|")' "$ws/adwatch.db" "$1"
}
is() { # WANTED COMMAND...
    wanted=$1
    shift
    got=$("$@")
    [ "$got" = "$wanted" ] || { echo "'$got' is not '$wanted': $*"; return 1; }
}
records() { # the archive, unpacked
    for file in "$ws"/archive/*.warc.gz; do zcat "$file"; done
}
hand_ins() { # JQ: of the hand-ins of the finding whose title is $1
    "$adwatch" -C "$ws" triage --json >"$work/triage.jsonl"
    jq -e -s --arg title "$1" "map(select(.title == \$title)) | .[0] | $2" \
        "$work/triage.jsonl" || { cat "$work/triage.jsonl"; return 1; }
}

ad1='本理财保本保息，年化收益18%，到期一分不少，加微信咨询'
ad2='本公司投资稳赚不赔，保证收益，年化20%，快来投资'

# ---- a list of a spreadsheet, with attachments ---------------------------------

fresh a
in=$work/in
mkdir -p "$in/照片"
printf '%s' "$ad2" >"$in/照片/店招.txt"
printf '葱一斤两块' >"$in/葱.txt"
printf '\211PNG\r\n\032\n\000\000\000\015IHDR' >"$in/empty.png"
printf 'kept outside' >"$work/secret.txt"
ln -s ../secret.txt "$in/link.txt"
cat >"$work/list" <<EOF
地点,发现时间（必填）,报送人代码,渠道,广告内容,附件,备注,序号
样例路1号,2026年11月20日 14:05,WG-012,短信,"第一行
$ad1",,墙上,1
样例路2号,2026/11/21,WG-013,海报,,照片\\店招.txt；葱.txt,,2
样例路3号,不详,WG-014,海报,,../secret.txt,,3
样例路4号,,WG-014,海报,,link.txt,,4
样例路5号,,王样例,海报,$ad1,,,5
样例路6号,,13800138000,海报,$ad1,,,6
样例路7号,昨天,WG-012,海报,$ad1,,,7
样例路8号,,WG-012,电报,$ad1,,,8
样例路9号,2026-11-22 09:30,wg_15,电话,"第一行  $ad1",,,9
EOF
sed 's/$/\r/' "$work/list" | iconv -t gb18030 >"$in/线索.csv"
rm "$in/link.txt"
ln -s "$work/secret.txt" "$in/link.txt"

check "a list with false rows is partly done" ingest 3 "$in/线索.csv"
check "its first row is read, with its line" out_has '线索.csv:2: suspected'
check "attachments are, by their names" out_has '线索.csv:4: 照片/店招.txt: suspected'
check "also where nothing is claimed" out_has '线索.csv:4: 葱.txt: clear'
check "a way out of the folder is refused" out_has "线索.csv:5: ../secret.txt: not taken: '../secret.txt' leads out"
check "a link out too" out_has "线索.csv:6: link.txt: not taken: 'link.txt' leads out"
check "a name is no code" out_has '线索.csv:7: not taken: who looks like a name'
check "a telephone is none" out_has '线索.csv:8: not taken: who looks like a telephone'
check "a time that is none is told" out_has "线索.csv:9: not taken: time '昨天' is none"
check "a channel that is none too" out_has "线索.csv:10: not taken: channel '电报'"
check "the same text is linked" out_has ': same text as capture 2, handed in 2 times'
check "and makes no second finding" is 2 sql 'SELECT count(*) FROM finding'
check "the columns that are not known are told" grep -q '序号' "$work/err"
facts='.hand_in_times == 2 and (.hand_ins[0] |
    .place == "样例路1号" and .seen == "2026-11-20T06:05:00Z" and
    .seen_unit == "minute" and .who == "WG-012" and .channel == "sms" and
    .note == "墙上" and .file == "线索.csv" and .line == 2 and .same == "") and
    (.hand_ins[1] | .who == "wg_15" and .channel == "call" and .same == "text")'
check "the finding tells place, time and code" hand_ins 线索.csv:2 "$facts"
check "a day stays a day" hand_ins 店招.txt '.hand_ins[0] | .seen == "2026-11-21" and .seen_unit == "day"'
check "triage shows them" says '报送：2026-11-20 14:05，样例路1号，代码 WG-012' "$adwatch" -C "$ws" triage
check "triage --csv too" says '"样例路1号","2026-11-20 14:05","WG-012"' "$adwatch" -C "$ws" triage --csv
check "why too" says 'place 样例路2号, seen 2026-11-21, who WG-013' "$adwatch" -C "$ws" why

no_person() {
    records >"$work/records"
    for text in 王样例 13800138000; do
        ! LC_ALL=C grep -qaF -- "$text" "$work/records" || return 1
        ! LC_ALL=C grep -qaF -- "$(printf %s "$text" | iconv -t gb18030)" "$work/records" ||
            return 1
    done
    ! LC_ALL=C grep -qa 'kept outside' "$work/records" || return 1
    ! LC_ALL=C grep -qaF 王样例 "$ws/adwatch.db"
}
check "no name, no telephone and nothing from outside is kept" no_person
left_out() {
    records | LC_ALL=C grep -qa '^lines-left-out: 7 8 9 10'
}
check "the list's record says what was left out" left_out
digest=$(sha256sum <"$in/线索.csv" | cut -d ' ' -f 1)
which_file() {
    records | LC_ALL=C tr -d '\r' | grep -qax "original-sha256: $digest"
}
check "and which file it was" which_file
only_kept() { # of a list, what is no known column is not archived
    ! records | LC_ALL=C grep -qa -e '"序号' -e 样例路7号
}
check "of the list only what was taken is archived" only_kept
metadata() { # one for the list, and for each thing that was taken
    is 5 sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C grep -ac '^WARC-Type: metadata'"
}
check "each hand-in has its record" metadata
linked() {
    records | LC_ALL=C tr -d '\r' | grep -a -A12 '^attachment: 葱.txt' | grep -qa '^manifest: urn:adwatch:handed-in:sha256:'
}
check "which names the list" linked
check "the archive is whole" "$adwatch" -C "$ws" archive check
urn() { sql "SELECT url FROM capture WHERE title = '$1'"; }
original() {
    "$adwatch" -C "$ws" archive get "$(urn 店招.txt)" | cmp - "$in/照片/店招.txt"
}
check "an attachment comes back as it was" original

# ---- again ---------------------------------------------------------------------

before=$(sql 'SELECT count(*) FROM hand_in')
check "the same list again is taken once" ingest 3 "$in/线索.csv"
check "and each row says so" out_has '线索.csv:2: handed in before, capture 2'
check "no hand-in is added" is "$before" sql 'SELECT count(*) FROM hand_in'
sed -i 's/王样例/WG-016/; s/昨天/2026-11-23/' "$work/list"
sed 's/$/\r/' "$work/list" | iconv -t gb18030 >"$in/线索.csv"
check "a list that was mended" ingest 3 "$in/线索.csv"
check "adds what was false before" is $((before + 2)) sql 'SELECT count(*) FROM hand_in'
check "a folder: lists, and files that none names" ingest 3 "$in"
check "an image without text is told" out_has 'empty.png: not read: '
check "an attachment is not taken twice" is 0 grep -c '葱.txt: clear' "$work/out"
cp "$in/葱.txt" "$work/葱二.txt"
check "the same bytes, by another" ingest 0 --who WG-020 --place 样例路10号 \
    --time '2026-11-23 8:00' --channel 海报 "$work/葱二.txt"
check "are linked, and counted" out_has ': same bytes as capture 4, handed in 2 times'
check "they have one capture" is 1 sql "SELECT count(*) FROM capture WHERE title = '葱.txt'"
check "and two hand-ins" says 'place 样例路10号, seen 2026-11-23 08:00, who WG-020; same bytes' \
    "$adwatch" -C "$ws" why "$(urn 葱.txt)"
check "--who takes no name" exits 2 "$adwatch" -C "$ws" ingest --who 王样例 "$in/葱.txt"
check "--time takes no word" exits 2 "$adwatch" -C "$ws" ingest --time 昨天 "$in/葱.txt"

# ---- lists with the same rows ---------------------------------------------------

fresh l
printf 'text,who\n%s,g7\n' "$ad1" >"$work/one.csv"
printf 'text,who,other\n%s,g7,x\n%s,王样例,y\n' "$ad1" "$ad1" >"$work/two.csv"
printf 'text,who\n%s,王样例\n' "$ad1" >"$work/false.csv"
kind() { # COUNT TYPE: records of this type
    is "$1" sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C grep -ac '^WARC-Type: $2'"
}
named() { # FILE COUNT
    is "$2" sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C tr -d '\r' |
        LC_ALL=C grep -acx 'original-sha256: $(sha256sum <"$1" | cut -d ' ' -f 1)'"
}
check "a list of false rows alone" ingest 3 "$work/false.csv"
check "leaves nothing in the archive" kind 0 resource
check "nor a word of it" kind 0 metadata
check "nor in the store" is 0 sql 'SELECT count(*) FROM capture'
check "a list" ingest 0 "$work/one.csv"
check "and another file with the same good rows" ingest 3 "$work/two.csv"
check "have one record, beside the text's" kind 2 resource
check "it names the first file" named "$work/one.csv" 1
check "and the second" named "$work/two.csv" 1
check "both again" ingest 3 "$work/one.csv" "$work/two.csv"
check "are named no more than once" named "$work/two.csv" 1
check "so that there are three words of them and the text" kind 3 metadata
check "the archive of it is whole" "$adwatch" -C "$ws" archive check

# ---- other forms ---------------------------------------------------------------

fresh b
printf '\357\273\277"Text";"Who"\r\n"%s";"g7"\r\n' "$ad1" >"$work/semicolon.csv"
printf 'text\twho\n%s\tg8\n' "$ad2" >"$work/tab.tsv"
printf '{"text":"%s","who":"g9","channel":"seminar","attachments":["葱二.txt"]}\n[]\n' \
    "葱价通知" >"$work/lines.jsonl"
check "UTF-8 with a byte order mark, and semicolons" ingest 0 "$work/semicolon.csv"
check "tabs" ingest 0 "$work/tab.tsv"
check "JSON Lines, with a false line" ingest 3 --json "$work/lines.jsonl"
as_json() {
    jq -e -s '(.[0] | .line == 1 and .verdict == "clear" and .times == 1 and .again == false) and
        .[1].attachment == "葱二.txt" and (.[2] | .line == 2 and .capture == 0 and (.why | contains("no JSON object")))' \
        "$work/out"
}
check "--json tells all of it" as_json
printf 'a,b\n1,2\n' >"$work/none.csv"
check "a list without headings is told" ingest 3 "$work/none.csv"
check "with what to do" out_has "call a column 'text'"
printf '内容,举报人姓名\n%s,王样例\n' "$ad1" >"$work/names.csv"
check "a list with a column for names is refused" ingest 3 "$work/names.csv"
check "with what to do" out_has "the column '举报人姓名' asks for personal data"
check "and not kept" is 0 sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C grep -ac 王样例"
printf '{"list":[{"title":"云钱袋","text":"%s"}]}' "$ad1" >"$work/store.json"
check "a store's JSON, by the mapping of its source" ingest 0 --source 云上 "$work/store.json"
check "is a listing" says '云钱袋  yun:云钱袋  handed in' "$adwatch" -C "$ws" listing

# ---- what decides the reading ----------------------------------------------------

fresh r
printf '{"list":[{"title":"云钱袋","text":"随存随取"}]}' >"$work/a.json"
printf '{"list":[{"title":"云钱袋","text":"零钱理财"}]}' >"$work/b.json"
check "a listing" ingest 0 --source 云上 --time 2026-11-20 "$work/a.json"
check "its text changes" ingest 0 --source 云上 --time 2026-11-21 "$work/b.json"
check "and is again as it was" ingest 0 --source 云上 --time 2026-11-22 "$work/a.json"
check "these bytes are known" out_has ': same bytes as capture 1, handed in 2 times'
check "a text that comes back is a version of its own" is '随存随取|1
零钱理财|2
随存随取|1' sql "SELECT text, first_capture FROM listing_version WHERE text LIKE '%取' OR text LIKE '%财' ORDER BY id"
check "of the time of its hand-in" is 1 sql "SELECT count(*) FROM listing_version AS v
    JOIN hand_in AS h ON h.at_ms = v.first_seen_ms WHERE h.id = 3 AND v.text = '随存随取'"
check "the very same hand-in is no version" ingest 0 --source 云上 --time 2026-11-20 "$work/a.json"
check "nor a hand-in" is '3|3' sql "SELECT (SELECT count(*) FROM hand_in),
    (SELECT count(*) FROM listing_version WHERE text LIKE '%取' OR text LIKE '%财')"
check "two captures stand for them" is 2 sql 'SELECT count(*) FROM capture'
sed -i 's,description: /text,description: /title,' "$ws/adwatch.yaml"
check "by another mapping the same hand-in" ingest 0 --source 云上 --time 2026-11-20 "$work/a.json"
check "is read anew" out_has ': clear, capture 3'
check "and counts once" is 3 sql 'SELECT count(*) FROM hand_in'
check "by that mapping once more it is known" ingest 0 --source 云上 --time 2026-11-20 "$work/a.json"
check "with the new capture" out_has 'handed in before, capture 3'

printf '%s' "$ad1" >"$work/ad.txt"
printf ' %s' "$ad1" >"$work/ad2.txt"
check "a poster" ingest 0 "$work/ad.txt"
check "its text in other bytes" ingest 0 "$work/ad2.txt"
check "is linked" out_has 'same text as capture 4, handed in 2 times'
check "these bytes as a message" ingest 0 --channel 短信 "$work/ad2.txt"
check "are read as one" out_has 'suspected, capture 6: same bytes as capture 4, handed in 3 times'
check "and make no second finding" is 1 sql 'SELECT count(*) FROM finding'
check "they are archived once" is 4 sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C grep -ac '^WARC-Type: resource'"
printf '<p>%s</p>' "葱一斤两块" >"$work/page.txt"
cp "$work/page.txt" "$work/page.html"
check "as text" ingest 0 "$work/page.txt"
check "the same bytes as a page" ingest 0 "$work/page.html"
check "are read as one too" out_has 'clear, capture 8: same bytes as capture 7'

printf ' ' >"$work/blank.txt"
check "a thing without text" ingest 3 "$work/blank.txt"
check "is told" out_has 'blank.txt: not read: no text'
check "again: it is known" ingest 3 "$work/blank.txt"
check "as it was" out_has 'not read: no text, capture 9'
sql_change() {
    /usr/bin/python3 -c '
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db: db.execute(sys.argv[2])' "$ws/adwatch.db" "$1"
}
sql_change "UPDATE run SET tool = 'adwatch 0.0.1'"
check "again, by a newer adwatch" ingest 3 "$work/blank.txt"
check "it is read anew" is 10 sql 'SELECT capture FROM hand_in ORDER BY id DESC LIMIT 1'
check "but not what was read" ingest 0 "$work/ad.txt"
check "which is known" out_has 'handed in before, capture 4'

# ---- kills ---------------------------------------------------------------------

rows=60
{
    echo 'text,who,time'
    for n in $(seq 1 $rows); do echo "第 $n 号：$ad1,WG-$n,2026-11-20"; done
} >"$work/many.csv"
fresh whole
check "a long list, whole" ingest 0 "$work/many.csv"
whole=$(sql 'SELECT count(*) FROM hand_in; ')
findings=$(sql 'SELECT count(*) FROM finding')

# A run that a kill left behind is still 'running' in the store. A kill that
# comes after a run's last commit leaves none, so they are counted one by one.
fresh killed
kills=0
left=0
for want in 3 9 10 17 25 33 34 41 50; do
    : >"$work/killed.out"
    "$adwatch" -C "$ws" ingest "$work/many.csv" >"$work/killed.out" 2>"$work/killed.err" &
    pid=$!
    tries=0
    while [ "$(wc -l <"$work/killed.out")" -lt $want ] && [ $tries -lt 3000 ]; do
        tries=$((tries + 1))
        sleep 0.01
    done
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? -eq 137 ] && kills=$((kills + 1))
    left=$((left + $(sql "SELECT count(*) FROM run WHERE state = 'running'")))
done
echo "  $kills kills, $left runs left behind"
check "it was killed in its midst" [ $left -gt 4 ]
check "after kills it goes to its end" ingest 0 "$work/many.csv"
check "nothing is lost, and nothing twice: hand-ins" is "$whole" sql 'SELECT count(*) FROM hand_in'
check "captures" is "$((rows + 1))" sql 'SELECT count(*) FROM capture'
check "findings" is "$findings" sql 'SELECT count(*) FROM finding'
check "all are read" is 0 sql "SELECT count(*) FROM capture WHERE verdict = '' AND reader <> 'manifest'"
once() {
    is "$((rows + 1))" sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C tr -d '\r' | LC_ALL=C awk '
        /^WARC-Type: /{ type = \$2 } /^WARC-Target-URI: /&& type == \"resource\"{ print \$2 }' |
        sort | uniq | wc -l" || return 1
    twice=$(records | LC_ALL=C tr -d '\r' | LC_ALL=C awk '
        /^WARC-Type: /{ type = $2 } /^WARC-Target-URI: / && type == "resource"{ print $2 }' |
        sort | uniq -d)
    [ -z "$twice" ] || { echo "twice: $twice"; return 1; }
}
check "each original has one record" once
check "the archive is whole after kills" "$adwatch" -C "$ws" archive check
check "broken runs are told so" is "$left" sql "SELECT count(*) FROM run WHERE state = 'broken'"

# A record without rows, as a kill leaves it, and another hand-in after that.
fresh orphan
printf '%s' "$ad1" >"$work/orphan.txt"
printf '%s' "$ad2" >"$work/other.txt"
check "one is taken" ingest 0 "$work/orphan.txt"
/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for table in ("claim", "finding", "hand_in", "capture"): db.execute("DELETE FROM " + table)
db.execute("UPDATE run SET state = ?", ("running",))
db.commit()' "$ws/adwatch.db"
check "another after a kill" ingest 0 "$work/other.txt"
check "then the one that was broken off" ingest 0 "$work/orphan.txt"
resources() {
    is 2 sh -c "zcat '$ws'/archive/*.gz | LC_ALL=C grep -ac '^WARC-Type: resource'"
}
check "whose record is not written twice" resources
finish
