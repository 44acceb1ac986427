#!/bin/sh
# Bad servers: each is told with what is wrong, none holds the run up, and a
# good site beside them is crawled at speed.
#   test_hostile.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

bad=$(test_port 7)   # hostile, 127.0.4.10 and on
plain=$(test_port 8) # nginx
tls=$(test_port 9)   # nginx
closed=$(test_port 63)

# ---- certificates ----------------------------------------------------------

h2_names=$("$hostile" list | sed -n 's/^h2 //p')
sans=$(printf 'DNS:%s.example,' $h2_names)
certificate() { # NAME SANS
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days 2 -subj "/CN=$1" -addext "subjectAltName=$2" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>"$work/openssl.err" ||
        cat "$work/openssl.err"
}
certificate good DNS:good.example
certificate bad DNS:bad.example
certificate h2 "${sans%,}"
certificate old DNS:old.example
expired() {
    cat >"$work/ca.conf" <<CONF
[ca]
default_ca = one
[one]
database = $work/ca.index
serial = $work/ca.serial
new_certs_dir = $work
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
CONF
    : >"$work/ca.index"
    echo 01 >"$work/ca.serial"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj /CN=expired -addext "subjectAltName=DNS:expired.example" \
        -keyout "$work/expired.key" -out "$work/expired.csr" &&
        openssl ca -selfsign -batch -notext -config "$work/ca.conf" \
            -startdate 20200101000000Z -enddate 20200201000000Z \
            -keyfile "$work/expired.key" -in "$work/expired.csr" \
            -out "$work/expired.pem"
}
expired >"$work/openssl.out" 2>&1 || cat "$work/openssl.out"

# ---- servers ---------------------------------------------------------------

make_site "$work/www/site"
mkdir -p "$work/www/tls"
echo '<a href=/two.html>two</a>' >"$work/www/tls/index.html"
echo '<p>two</p>' >"$work/www/tls/two.html"
trap=
for n in 0 1 2 3 4 5 6 7 8 9; do
    trap="$trap<a href=/\$request_id/$n>$n</a>"
done
tls_server() { # ADDRESS NAME [MORE]
    echo "server { listen $1:$tls ssl http2; root $work/www/tls; ${3:-}
        ssl_certificate $work/$2.pem; ssl_certificate_key $work/$2.key; }"
}
start_nginx "
    server {
        listen 127.0.4.1:$plain;
        root $work/www/site;
        access_log $work/site.log times;
    }
    server {
        listen 127.0.4.2:$plain;
        root $work/www/site;
        location = /robots.txt { return 503; }
    }
    server { # endless: each page has ten links that were never there before
        listen 127.0.4.6:$plain;
        default_type text/html;
        location = /robots.txt { return 404; }
        location / { return 200 '<p>a page$trap'; }
    }
    $(tls_server 127.0.4.3 good)
    $(tls_server 127.0.4.4 bad)
    $(tls_server 127.0.4.7 expired)
    $(tls_server 127.0.4.8 old 'ssl_protocols TLSv1.1;
        ssl_ciphers DEFAULT@SECLEVEL=0;')"
"$hostile" serve $bad 10 "$work/h2.pem" "$work/h2.key" \
    >"$work/hostile.out" 2>&1 &
servers="$servers $!"
await_ready "$work/hostile.out" || exit 1

# ---- the good site alone ---------------------------------------------------

ws=$work/alone
mkdir "$ws"
site_source="{name: site, start: ['http://127.0.4.1:$plain/p0.html'],
     depth: 50, pages_max: 1000}"
agent="agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}"
cat >"$ws/adwatch.yaml" <<YAML
$agent
network: {allow: ['127.0.4.0/24']}
crawl: {pause_ms: 0, $quick}
sources:
  - $site_source
YAML
site_ms() { # from its first request to its last
    awk 'NR == 1 { first = $1 - $2 } END { printf "%d", ($1 - first) * 1000 }' \
        "$work/site.log"
}
check "the good site alone is crawled" exits 0 "$adwatch" -C "$ws" crawl
alone_ms=$(site_ms)
: >"$work/site.log"

# ---- the good site beside all bad servers ----------------------------------

ws=$work/servers
mkdir "$ws"
cat "$work/good.pem" "$work/h2.pem" "$work/expired.pem" "$work/old.pem" \
    >"$ws/ca.pem"
"$hostile" list >"$work/list"
{
    echo "$agent"
    echo "network:"
    echo "  allow: ['127.0.4.0/24']"
    echo "  ca_file: ca.pem"
    echo "  resolve:"
    echo "    - 'good.example:$tls:127.0.4.3'"
    echo "    - 'bad.example:$tls:127.0.4.4'"
    echo "    - 'wrong.example:$tls:127.0.4.3'"
    echo "    - 'expired.example:$tls:127.0.4.7'"
    echo "    - 'old.example:$tls:127.0.4.8'"
    awk -v port=$bad '$1 == "h2" {
        printf "    - \"%s.example:%d:127.0.4.%d\"\n", $2, port, NR + 9 }' \
        "$work/list"
    cat <<YAML
crawl: {pause_ms: 0, timeout_ms: 15000, $quick, body_max: 4194304,
        speed_min: 100, speed_ms: 5000, concurrency: 200}
sources:
  - $site_source
  - {name: robots-503, start: ['http://127.0.4.2:$plain/p0.html']}
  - {name: good-tls, start: ['https://good.example:$tls/']}
  - {name: bad-tls, start: ['https://bad.example:$tls/']}
  - {name: wrong-tls, start: ['https://wrong.example:$tls/']}
  - {name: expired-tls, start: ['https://expired.example:$tls/']}
  - {name: old-tls, start: ['https://old.example:$tls/']}
  - {name: no-tls, start: ['https://127.0.4.9:$plain/']}
  - {name: no-port, start: ['http://127.0.4.5:$closed/']}
  - {name: no-name, start: ['http://no-such-name.invalid/']}
YAML
    awk -v port=$bad '{
        if ($1 == "http")
            printf "  - {name: http-%s, depth: 1, start: [\"http://127.0.4.%d:%d/%s\"]}\n",
                $2, NR + 9, port, $2
        if ($1 == "robots")
            printf "  - {name: robots-%s, depth: 0, start: [\"http://127.0.4.%d:%d/chunks\"]}\n",
                $2, NR + 9, port
        if ($1 == "h2")
            printf "  - {name: h2-%s, depth: 0, robots: ignore, robots_ground: test, start: [\"https://%s.example:%d/\"]}\n",
                $2, $2, port
    }' "$work/list"
} >"$ws/adwatch.yaml"

began=$(now_ms)
crawl_begin "$ws"
pid=$crawler
peak() { # of the crawler's memory, in kB, as long as it runs
    while grep VmHWM "/proc/$pid/status" 2>/dev/null; do sleep 0.1; done |
        tail -n 1 | tr -dc 0-9 >"$work/peak"
}
peak &
watcher=$!
check "a run with pages that cannot be had is partly done" exits 3 crawl_end
run_ms=$(($(now_ms) - began))
wait $watcher
beside_ms=$(site_ms)
echo "  the good site: $alone_ms ms alone, $beside_ms ms beside bad servers;" \
    "the run: $run_ms ms"
echo "  the crawler's memory: $(($(cat "$work/peak") / 1024)) MB at most"
check "the crawler's memory is bounded" [ "$(cat "$work/peak")" -lt 600000 ]
# Two tries of timeout_ms and a wait between them, and what the machine needs.
check "no server holds the run up" [ "$run_ms" -lt 120000 ]
check "nor the good site beside it: it is done well before" \
    [ $((beside_ms * 4)) -lt $((run_ms * 3)) ]
check "nor slowed down without end" \
    [ "$beside_ms" -lt $((alone_ms * 40 + 20000)) ]

"$adwatch" -C "$ws" why --json >"$work/why.jsonl"
# Captures are numbered as their pages are read, however fast the machine is.
read_first() {
    jq -e -s '(map(select(.source == "site").capture) | max) as $last |
        map(select(.source | test("^http-bomb"))) |
        {last: $last, bombs: map(.capture)} | debug |
        (.bombs | map(select(. > $last)) | length) >= 3' "$work/why.jsonl"
}
check "the good site is read before most of the bombs that came with it" \
    read_first
became() { # URL STATE TEXT: of one URL
    jq -e -s --arg url "$1" --arg state "$2" --arg text "$3" 'any(.[];
        .url == $url and .state == $state and (.reason | contains($text)))
        ' "$work/why.jsonl" || { grep -F "\"$1\"" "$work/why.jsonl"; return 1; }
}
url_of() { # KIND NAME, as in the list
    awk -v kind="$1" -v name="$2" -v port=$bad '$1 == kind && $2 == name {
        if (kind == "h2") printf "https://%s.example:%d/", name, port
        else printf "http://127.0.4.%d:%d/%s", NR + 9, port,
            kind == "robots" ? "chunks" : name }' "$work/list"
}
# What each answer comes to. Where a connection ends in a torn way, who sees
# it first is chance: no text.
cat >"$work/table" <<'TABLE'
http endless done body_max
http huge done body_max
http headers failed head_max
http lines failed too many lines
http endless-line failed
http endless-header failed
http trailers failed too many lines
http extension failed flood
http cookies done
http short failed ended before the body
http long done
http two-lengths done
http no-length failed Content-Length
http great-length done
http length-and-chunks done
http reset failed
http slow failed speed_min
http slow-head failed
http bursts failed speed_min
http silent failed speed_min
http continue failed
http old failed HTTP/0.9
http bare done
http chunks done
http false-chunks failed chunked
http false-heads done
http torn-head failed HTTP head
http type done
http coding failed content-coding "sdch" is not read
http codings failed more than 2 content-codings
http brotli done
http zstd done
http bomb done decoded_max
http bomb-gzip done decompression bomb
http bomb-twice done decompression bomb
http bomb-brotli done decompression bomb
http bomb-zstd done decompression bomb
http nested done
http claims done
http links done
http to-file failed redirect to no http address
http to-ftp failed redirect to no http address
http to-gopher failed redirect to no http address
http to-data failed redirect to no http address
http to-private done redirect
http to-v6 done redirect
http to-metadata done redirect
http to-number done redirect
http schemes done
http loop done redirect
http far failed redirect
http closed failed http 503
robots endless done
robots huge done
robots slow failed robots.txt
robots slow-head failed robots.txt
robots to-file failed redirect to no http address
robots to-private failed address not allowed
robots headers failed head_max
robots bomb done
h2 whole done
h2 rst failed
h2 goaway failed
h2 continuation failed
h2 headers failed
h2 list failed
h2 ping failed
h2 settings failed
h2 endless done body_max
h2 empty failed
h2 garbage failed
h2 no-status failed
h2 silent failed
TABLE
while read -r kind name state text; do
    check "$kind $name: $state ($text)" \
        became "$(url_of "$kind" "$name")" "$state" "$text"
done <"$work/table"
all_told() { # each line of the list but these stands in the table
    grep -vxF -e 'http loop-b' -e 'h2 push' "$work/list" | while read -r kind name; do
        grep -q "^$kind $name " "$work/table" || echo "$kind $name is not checked"
    done | grep . && return 1
    return 0
}
check "each bad answer is checked" all_told

for url in http://10.0.0.1/ 'http://[::1]:22/' http://127.0.0.1:22/ \
    'http://[::ffff:a9fe:a9fe]/latest/'; do
    check "a redirect to $url is not followed" \
        became "$url" failed "address not allowed"
done
only_http() {
    ! jq -r .url "$work/why.jsonl" | grep -v '^https\{0,1\}://'
}
check "links to other schemes are none" only_http
check "a redirect loop is told" \
    became "$(url_of http loop)-b" failed "redirect loop"
check "a robots.txt with 5xx closes its site for now" \
    became "http://127.0.4.2:$plain/p0.html" failed \
    "robots.txt: http 503: not allowed for now"
check "an unreachable host is told" \
    became "http://127.0.4.5:$closed/" failed "connect"
check "a name that is none is told" \
    became http://no-such-name.invalid/ failed "resolve"
while read -r name text; do
    check "TLS, $name: $text" became "https://$name.example:$tls/" failed "$text"
done <<'TABLE'
bad certificate
expired certificate has expired
wrong no alternative certificate subject name
old SSL
TABLE
check "a cut page is told in the log" grep -q "body_max and was cut.*huge" "$ws/err"
good_site() {
    jq -e -s 'map(select(.source == "site" and .state == "done" and
        .capture > 0)) | length | debug | . == 300' "$work/why.jsonl"
}
check "the good site beside them is complete" good_site
check "status gives the reasons" says "address not allowed" \
    "$adwatch" -C "$ws" status
check "the archive is whole" says "all whole" "$adwatch" -C "$ws" archive check

capture_of() { # URL
    jq -r --arg url "$1" 'select(.url == $url).capture' "$work/why.jsonl"
}
check "a certificate of network.ca_file is trusted" \
    became "https://good.example:$tls/two.html" "done" ""
check "an HTTP/2 answer is archived as HTTP/1.1" says "HTTP/1.1 200" \
    "$adwatch" -C "$ws" archive get "$(capture_of "https://good.example:$tls/")"
h2() {
    zcat "$ws"/archive/*.warc.gz | grep -a -A 12 '^WARC-Type: response' |
        grep -a -A 8 "URI: https://good.example:$tls/" |
        grep -aq 'WARC-Protocol: h2'
}
check "with its protocol beside it" h2
heads() { # neither a header nor a trailer passes for another head
    "$adwatch" -C "$ws" archive get "$(capture_of \
        "$(url_of http false-heads)")" >"$work/heads"
    head -n 1 "$work/heads" | grep -q '^HTTP/1.1 200' &&
        grep -q 'false head' "$work/heads"
}
check "trailers do not replace a page" heads

# ---- a trap, with links without an end --------------------------------------

ws=$work/trap
mkdir "$ws"
cat >"$ws/adwatch.yaml" <<YAML
$agent
network: {allow: ['127.0.4.0/24']}
crawl: {pause_ms: 100, $quick}
sources:
  - {name: trap, pages_max: 15, depth: 100,
     start: ['http://127.0.4.6:$plain/']}
YAML
crawl_begin "$ws"
sleep 1
kill -TERM "-$crawler"
check "a run in a trap can be stopped" exits 3 crawl_end
check "and taken up again" says "resumed run" "$adwatch" -C "$ws" crawl
cp "$work/says.out" "$work/trap.err"
trapped() { # 15 pages and, with the start page, 61 URLs; and one told of
    "$adwatch" -C "$ws" why --json >"$work/trap.jsonl" &&
        jq -e -s '{urls: length,
            done: map(select(.state == "done")) | length,
            told: map(select(.reason | contains("too many for its pages_max"))) | length} |
            debug | . == {urls: 62, done: 15, told: 1}' "$work/trap.jsonl"
}
check "pages_max holds over both runs, and the frontier has its limit" trapped
told_once() {
    [ "$(cat "$ws/err" "$work/trap.err" | grep -c 'too many for its pages_max')" -eq 1 ]
}
check "which is told once in the log" told_once
check "and by status" says "too many for its pages_max" "$adwatch" -C "$ws" status
finish
