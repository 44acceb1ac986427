#!/bin/sh
# Bad servers: each is told with what is wrong, none holds the run up, and a
# good site beside them is crawled at speed.
#   test_hostile.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"

bad=18590   # hostile, 127.0.4.10 and on
plain=18591 # nginx
tls=18592   # nginx
closed=18599

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

make_site "$work/www/site" 300
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
await "$work/hostile.out" || exit 1

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
crawl: {pause_ms: 0, timeout_ms: 5000, $quick, body_max: 4194304,
        speed_min: 100, speed_ms: 2000, concurrency: 200}
sources:
  - $site_source
  - {name: robots-503, start: ['http://127.0.4.2:$plain/p0.html']}
  - {name: good-tls, start: ['https://good.example:$tls/']}
  - {name: bad-tls, start: ['https://bad.example:$tls/']}
  - {name: wrong-tls, start: ['https://wrong.example:$tls/']}
  - {name: expired-tls, start: ['https://expired.example:$tls/']}
  - {name: old-tls, start: ['https://old.example:$tls/']}
  - {name: no-tls, start: ['https://127.0.4.9:$plain/']}
  - {name: no-port, start: ['http://127.0.4.1:$closed/']}
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
cat "$work/site.log" | wc -l
"$adwatch" -C "$ws" why --json >"$work/why.jsonl"
