#!/bin/sh
# Other people's readers open our archive, and we open theirs: npm's warcio,
# wget, bsdtar. What differs by their own doing is said where it is made equal.
#   test_archive.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
make_archive=$(dirname "$adwatch")/tests/interop/make_archive
interop=$here/../interop
npm=$here/../../build/interop/node_modules
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"

address=127.0.23.1 port=$(test_port 0)
site=http://$address:$port
nginx_pid=
end_all() {
    [ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null
}
trap end_all EXIT
trap 'exit 130' INT TERM

warcio_cli() {
    timeout 60 node "$npm/warcio/dist/cli.js" "$@"
}
warcio_read() { # FILE...: a JSON line for each record
    timeout 60 node "$interop/read.mjs" "$npm/warcio/dist/index.js" "$@"
}
archive() {
    "$adwatch" archive "$@"
}

# ---- a site, crawled by us and by wget ---------------------------------------

mkdir -p "$work/www/dir"
echo '<a href=two.html>2</a> <a href=copy.html>3</a> <a href=dir/>4</a> <a href=pieces.html>5</a>' \
    >"$work/www/index.html"
echo '<p>two</p>' >"$work/www/two.html"
echo '<p>two</p>' >"$work/www/copy.html"
echo '<p>in a folder</p>' >"$work/www/dir/index.html"
echo '<p>in pieces</p>' >"$work/www/pieces.html"
cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.err;
events { worker_connections 64; }
http {
    access_log off;
    types { text/html html; }
    client_body_temp_path $work/t1; proxy_temp_path $work/t2;
    fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4;
    scgi_temp_path $work/t5;
    server {
        listen $address:$port;
        root $work/www;
        location = /pieces.html { ssi on; } # without a length, so chunked
    }
}
CONF
nginx -e "$work/nginx.err" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
nginx_pid=$!
tries=0
until curl -s -o "$work/curl.out" "$site/"; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { cat "$work/nginx.out" "$work/nginx.err"; exit 1; }
    sleep 0.1
done

ws=$work/ws
mkdir "$ws"
cat >"$ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
network: {allow: ['127.0.23.0/24']}
crawl: {pause_ms: 0}
sources:
  - {name: site, start: ['$site/'], depth: 3}
YAML
check "the site is crawled" exits 0 "$adwatch" -C "$ws" -q crawl
cp "$work/last.out" "$work/crawl.out"
first=$(date -u +%Y-%m-%dT%H:%M:%SZ)
"$make_archive" "$work/kinds" || exit 1
crawled=$(ls "$ws"/archive/*.warc.gz)
kinds=$(ls "$work"/kinds/*.warc.gz)

# ---- warcio reads ours -------------------------------------------------------

for file in "$crawled" "$kinds"; do
    label=$(basename "$file" | cut -d- -f1)
    warcio_read "$file" >"$work/$label.jsonl"
    check "$label: warcio reads as many records as we do" [ \
        "$(wc -l <"$work/$label.jsonl")" -eq \
        "$(archive check --json "$file" | jq .records)" ]
    check "$label: every digest holds by another program" jq -es '
        length > 5 and all(.[]; .block == true and .payload != false) and
        all(.[] | select(.type == "response" or .type == "resource");
            .payload == true)' "$work/$label.jsonl"
    check "$label: all is WARC/1.1, with bare URIs" jq -es '
        all(.[]; .version == "WARC/1.1" and
            (.url == null or (.url | startswith("<") | not)))' \
        "$work/$label.jsonl"
    check "$label: each record names the warcinfo of its file" jq -es '
        .[0].type == "warcinfo" and .[0].id as $id |
        all(.[1:][]; .info == $id)' "$work/$label.jsonl"
done

check "every kind of record is there" jq -es '[.[].type] | unique ==
    ["conversion", "metadata", "request", "resource", "response", "revisit",
     "warcinfo"]' "$work/kinds.jsonl"
check "requests and metadata name a response" jq -es '
    [.[] | select(.type == "response").id] as $ids |
    all(.[] | select(.type == "request" or .type == "metadata");
        .concurrent as $c | $ids | any(. == $c))' "$work/kinds.jsonl"
check "a revisit names the response with its payload" jq -es '
    ([.[] | select(.type == "response")][0]) as $page |
    [.[] | select(.type == "revisit")] | length == 2 and
    all(.[]; .refers == $page.id and .refersUri == $page.url and
        .refersDate == $page.date) and
    ([.[].profile | sub(".*/"; "")] ==
        ["identical-payload-digest", "server-not-modified"]) and
    ([.[].status] == [200, 304])' "$work/kinds.jsonl"
check "a body cut off says so, an HTTP/2 answer says so" jq -es '
    any(.[]; .type == "response" and .truncated == "length") and
    any(.[]; .protocol == "h2")' \
    "$work/kinds.jsonl"
check "warcio undoes gzip and shows the text" jq -es '
    any(.[]; .text == "gold, every day") and any(.[]; .text == "<p>保本保息</p>\n")' \
    "$work/kinds.jsonl"

# ---- the index is the one that warcio makes ----------------------------------

# Theirs leaves out the digest's algorithm, keeps the last slash of a path in
# the key (pywb's does not), has no status for a resource (pywb's has 200), and
# makes a line without a digest for a conversion.
same_index() { # WARC
    ours=${1%.warc.gz}.cdxj
    sed -e 's/^[^ ]* //; s/"sha256:/"/' \
        -e '/poster.txt/s/"status":"200",//' "$ours" | sort >"$work/ours.cdxj"
    warcio_cli cdx-index "$1" | grep -e '"digest"' | sed 's/^[^ ]* //' |
        sort >"$work/theirs.cdxj"
    diff "$work/ours.cdxj" "$work/theirs.cdxj"
}
check "the crawl's index is what warcio makes" same_index "$crawled"
check "the index of every kind is what warcio makes" same_index "$kinds"

offsets() { # WARC: each line of ours is at an offset that warcio has
    warcio_cli index "$1" |
        jq -r 'select(.["warc-type"] | test("response|revisit|resource")) |
            "\(.offset) \(.["warc-target-uri"])"' | sort >"$work/theirs.index"
    cut -d ' ' -f 3- "${1%.warc.gz}.cdxj" | jq -r '"\(.offset) \(.url)"' |
        sort | diff - "$work/theirs.index"
}
check "warcio finds the records where the index says" offsets "$crawled"

# ---- a URL -------------------------------------------------------------------

get() {
    "$adwatch" -C "$ws" archive get "$@"
}
as_served() { # PAGE
    get --body "$site/$1" | cmp - "$work/www/$1"
}
check "get prints the body as it was served" as_served two.html
check "get --headers prints the head alone" says "HTTP/1.1 200 OK" \
    get --headers "$site/two.html"
check "get --request prints what was sent" says "GET /two.html HTTP/1.1" \
    get --request "$site/two.html"
check "get takes any spelling of a URL" says "<p>two</p>" \
    get "HTTP://$address:$port/dir/../two.html#x"
check "get by number" says "HTTP/1.1" get 1
check "get of what is not there fails" exits 1 get "$site/none.html"
check "and says so" says "no record of '$site/none.html'" get "$site/none.html"
check "get without a word is a usage error" exits 2 get
check "--at must be a time" exits 2 get --at soon "$site/two.html"
one_record() { # a WARC file of its own, whole
    get --record "$site/two.html" >"$work/one.warc" &&
        archive check --json "$work/one.warc" |
        jq -e '.ok and .records == 1 and .digests == 2'
}
check "get --record prints a WARC record" one_record
check "--headers and --body do not go together" exits 2 \
    get --headers --body "$site/two.html"
check "archive knows no other part" exits 2 archive fly

as_at() { # TIME
    get --body --at "$1" "$site/two.html" | grep -qx "<p>two</p>"
}
echo '<p>two, changed</p>' >"$work/www/two.html"
check "the site is crawled again" exits 0 "$adwatch" -C "$ws" -q crawl
check "get prints the newest" says "two, changed" get "$site/two.html"
check "get --at prints the one of that time" as_at "$first"

kinds_get() {
    archive get --file "$kinds" "$@"
}
check "a revisit has its own head" says 'HTTP/1.1 304 Not Modified' \
    kinds_get --at 2030 http://shop.example/gold.html
check "and the body it refers to" says '保本保息' \
    kinds_get --at 2030 http://shop.example/gold.html
check "of another URL too" says '保本保息' \
    kinds_get --body http://shop.example/copy.html
check "--decode undoes gzip" says 'gold, every day' \
    kinds_get --decode --body http://shop.example/packed.html

# ---- warcio writes, we read --------------------------------------------------

mkdir "$work/theirs"
timeout 60 node "$interop/write.mjs" "$npm/warcio/dist/index.js" "$work/theirs" ||
    exit 1
check "files by warcio are whole" says \
    "3 files, 18 records, " archive check "$work"/theirs/v1*
for file in "$work"/theirs/v1*; do
    label=$(basename "$file")
    check "$label: its digests were checked" sh -c \
        "'$adwatch' archive check --json '$file' | jq -e '.digests >= 8 and .ok'"
    check "$label: a page" says "<p>gold</p>" archive get --file "$file" \
        --at 20240506 http://stall.example/gold.html
    check "$label: its revisit" says "X-Seen: again" \
        archive get --file "$file" http://stall.example/gold.html
    check "$label: chunks and gzip are undone" says "<p>in pieces</p>" \
        archive get --file "$file" --decode http://stall.example/chunked
done
gunzip -c "$work/theirs/v11.warc.gz" | gzip >"$work/whole.warc.gz"
check "a file compressed as a whole fails" exits 1 archive check "$work/whole.warc.gz"
check "and is told as such" says "compressed as a whole" \
    archive check "$work/whole.warc.gz"

# ---- wget --------------------------------------------------------------------

get_by_wget() { # NAME OPTION...
    warc=$1
    shift
    (cd "$work" && timeout 60 wget -q --warc-file="$warc" -r -l 3 -e robots=off \
        --delete-after "$@" "$site/")
}
get_by_wget first
check "a file by wget is whole" says "all whole" archive check "$work/first.warc.gz"
check "its brackets and digests are understood" sh -c \
    "'$adwatch' archive check --json '$work/first.warc.gz' |
        jq -e '.index_lines >= 5 and .digests >= 15'"
check "a page of it" says '<p>in a folder</p>' \
    archive get --file "$work/first.warc.gz" "$site/dir/"
check "a request of it" says 'User-Agent: Wget' \
    archive get --file "$work/first.warc.gz" --request "$site/dir/"
check "a page that wget kept in chunks" sh -c \
    "'$adwatch' archive get --file '$work/first.warc.gz' --decode --body \
        $site/pieces.html | cmp - '$work/www/pieces.html'"

# wget dedups against our archive: it takes URL, SHA-1 and record id of a CDX.
"$adwatch" -C "$ws" archive cdx >"$work/ours.cdx"
get_by_wget second --warc-dedup="$work/ours.cdx"
revisits() { # refer to records of ours
    zcat "$work/second.warc.gz" | grep -a '^WARC-Refers-To:' | tr -d '\r' |
        cut -d ' ' -f 2 | sort >"$work/refers"
    [ "$(wc -l <"$work/refers")" -ge 4 ] || { cat "$work/refers"; return 1; }
    while read -r id; do
        grep -qF "$id" "$work/ours.cdx" || { echo "not ours: $id"; return 1; }
    done <"$work/refers"
}
check "wget writes revisits of our records" revisits
check "which we read" says "all whole" archive check "$work/second.warc.gz"
check "of a URL whose payload lies elsewhere it is said so" says \
    "the record that has the payload is not in" \
    archive get --file "$work/second.warc.gz" "$site/two.html"

# ---- bsdtar ------------------------------------------------------------------

# libarchive 3.6 knows WARC up to 1.0, dates to the second, no URL that ends in
# a slash, and no header that lies across two blocks of its input (-b): so the
# version and the dates are changed on the way. Lengths and ends are ours.
listed() { # WARC
    gunzip -c "$1" | LC_ALL=C sed -e 's,^WARC/1\.1\r$,WARC/1.0\r,' \
        -e 's/^\(WARC-Date: .*\)\.[0-9]*Z\r$/\1Z\r/' >"$work/v10.warc"
    bsdtar -b 4096 -tf "$work/v10.warc" | sort >"$work/bsdtar.list"
    cut -d ' ' -f 3- "${1%.warc.gz}.cdxj" |
        jq -r 'select(.mime != "warc/revisit").url | select(endswith("/") | not) |
            sub(".*/"; "")' | sort | diff - "$work/bsdtar.list"
}
check "bsdtar lists every page of the crawl" listed "$crawled"
check "bsdtar lists every page and resource" listed "$kinds"

# ---- damage ------------------------------------------------------------------

cp "$crawled" "$work/bent.warc.gz"
# The byte becomes another one, whatever it was; it lies in the data of the
# third record, past the gzip header that no digest covers.
record=$(cut -d ' ' -f 3- "${crawled%.warc.gz}.cdxj" | jq -r .offset | sort -n | sed -n 3p)
place=$((record + 60))
byte=$(od -An -tu1 -j "$place" -N 1 "$crawled")
printf "\\$(printf '%03o' $((byte ^ 85)))" |
    dd of="$work/bent.warc.gz" bs=1 seek="$place" conv=notrunc 2>"$work/dd.err"
check "a changed byte is found" exits 1 archive check "$work/bent.warc.gz"
check "and its file is named with the offset" sh -c \
    "'$adwatch' archive check --json '$work/bent.warc.gz' '$crawled' |
        jq -es 'length == 2 and (.[0] | .ok == false and .offset > 0 and
            .offset == $record and (.why | test(\"bent.warc.gz. at \"))) and
            .[1].ok'"
check "the workspace's archive is whole" says "all whole" \
    "$adwatch" -C "$ws" archive check
rm "$ws"/archive/*00.cdxj
check "an index that is gone is told" says "is missing" \
    "$adwatch" -C "$ws" archive check

finish
