#!/bin/sh
# What can be known at the moment of fetching alone is in the archive: DNS
# answers, address, TLS and its certificates, the clock.
#   test_facts.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
tls=$(test_port 44)
plain=$(test_port 45)
ws=$work/ws
url=https://pay.example:$tls/

# An authority of its own, and a certificate of its making.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -utf8 -subj "/O=样例证书中心/CN=Example CA" \
    -keyout "$work/ca.key" -out "$work/ca.pem" 2>"$work/openssl.err"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -utf8 \
    -subj "/O=济宁样例财富管理有限公司/CN=pay.example" \
    -keyout "$work/pay.key" -out "$work/pay.csr" 2>>"$work/openssl.err"
echo 'subjectAltName=DNS:pay.example' >"$work/pay.ext"
openssl x509 -req -in "$work/pay.csr" -CA "$work/ca.pem" -days 1 \
    -CAkey "$work/ca.key" -CAcreateserial -extfile "$work/pay.ext" \
    -out "$work/pay.pem" 2>>"$work/openssl.err" || cat "$work/openssl.err"
cat "$work/pay.pem" "$work/ca.pem" >"$work/chain.pem"

mkdir -p "$work/www" "$ws"
echo '<meta charset=utf-8><title>样例财富</title>
<p>本公司理财保本保息，年化收益18%，到期保证兑付。<a href=/b.html>乙</a>' \
    >"$work/www/index.html"
for name in b c d; do
    echo "<title>乙</title><p>本周六社区活动<a href=/c.html>丙</a><a href=/d.html>丁</a>" \
        >"$work/www/$name.html"
done
echo 'User-agent: *' >"$work/www/robots.txt"
start_nginx "
    server {
        listen 127.0.31.1:$tls ssl http2;
        root $work/www;
        ssl_certificate $work/chain.pem;
        ssl_certificate_key $work/pay.key;
        location /away { return 302 http://plain.example:$plain/; }
    }
    server { listen 127.0.31.2:$plain; root $work/www; }"
cp "$work/ca.pem" "$ws/ca.pem"
config() { # SOURCES
    cat >"$ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network:
  allow: ['127.0.31.0/24']
  ca_file: ca.pem
  resolve:
    - 'pay.example:$tls:127.0.31.1,[::1]'
    - 'plain.example:$plain:127.0.31.2'
crawl: {pause_ms: 0, tries_max: 1}
sources:
$1
YAML
}
config "  - {name: pay, start: ['$url', '${url}away']}"
ADWATCH_RENDER=no "$adwatch" -C "$ws" crawl >"$work/crawl.out" 2>"$work/crawl.err"

# What stands beside an answer, as the archive has it.
told() { # URL: the metadata record's fields
    for file in "$ws"/archive/*.warc.gz; do zcat "$file"; done |
        LC_ALL=C tr -d '\r' | LC_ALL=C awk -v url="$1" '
            /^WARC\/1/ { meta = mine = body = 0 }
            /^WARC-Type: metadata/ { meta = 1 }
            $1 == "WARC-Target-URI:" && $2 == url { mine = 1 }
            /^$/ { body = 1 }
            meta && mine && body && NF'
}
tells() { # URL PATTERN...
    told "$1" >"$work/told"
    shift
    for pattern in "$@"; do
        grep -qE "^$pattern\$" "$work/told" || { cat "$work/told"; return 1; }
    done
}
get() { "$adwatch" -C "$ws" archive get "$@"; }

check "an answer's metadata has the address that was connected to" \
    tells "$url" 'remoteAddress: 127\.0\.31\.1' "remotePort: $tls"
check "all that its name gave, and from where" \
    tells "$url" 'dnsAnswers: 127\.0\.31\.1 ::1' 'dnsSource: config'
check "TLS, its cipher and the digest of its chain" tells "$url" \
    'tlsProtocol: TLSv1\.[23]' 'tlsCipher: [A-Z0-9_-]+' 'tlsChain: sha256:[0-9a-f]{64}'
check "a connection that was kept is told" tells "${url}b.html" 'connection: kept'
check "and has its chain all the same" tells "${url}b.html" 'tlsChain: sha256:[0-9a-f]{64}'
check "robots.txt is archived with them" tells "${url}robots.txt" 'foundAs: robots' \
    'tlsChain: sha256:[0-9a-f]{64}'
check "a page without TLS tells none" sh -c "! grep -q tls '$work/plain.told'" \
    "$(told "http://plain.example:$plain/" >"$work/plain.told")"
check "its hop is told" tells "http://plain.example:$plain/" 'foundAs: redirect' \
    'redirectsInARow: 1' "via: ${url}away"

chain=$(told "$url" | sed -n 's/^tlsChain: //p' | head -1)
check "the chain has a record under its digest" get --body "urn:tls-chain:$chain" \
    >"$work/got.pem" 2>"$work/got.err"
get --body "urn:tls-chain:$chain" >"$work/got.pem"
check "which is that of its bytes" [ "sha256:$(sha256sum <"$work/got.pem" | cut -d' ' -f1)" = "$chain" ]
check "one for all pages" [ "$(zcat "$ws"/archive/*.warc.gz | grep -ac '^WARC-Target-URI: urn:tls-chain')" -eq 1 ]
check "both certificates are in it" [ "$(grep -c BEGIN "$work/got.pem")" -eq 2 ]
check "the server's own first, for OpenSSL to read" says 'CN = pay.example' \
    openssl x509 -in "$work/got.pem" -noout -subject
check "it verifies against the authority" openssl verify -CAfile "$work/ca.pem" "$work/got.pem"

informs() { # PATTERN: a line of the warcinfo
    zcat "$ws"/archive/*.warc.gz | LC_ALL=C tr -d '\r' |
        sed -n '1,/^WARC-Type: re/p' >"$work/info"
    grep -qE "^$1\$" "$work/info" || { cat "$work/info"; return 1; }
}
check "the clock is told, in UTC" informs 'clock-time: 2[0-9]{3}-..-..T..:..:..\....Z'
check "and in Beijing" informs 'clock-time-beijing: .* \+08:00'
check "and whether it is in step" informs 'clock-synchronised: (yes|no|not known)'
check "the archive is whole" exits 0 get --body "$url"
check "by its own check" exits 0 "$adwatch" -C "$ws" archive check

# A name that the machine itself looks up: one of its hosts file, if it has any
# beside localhost.
name=$(awk '$1 == "127.0.0.1" { for (i = 2; i <= NF; i++)
    if ($i !~ /localhost|#/) { print $i; exit } }' /etc/hosts)
if [ -n "$name" ]; then
    here_port=$(test_port 46)
    printf 'server { listen 127.0.0.1:%s; root %s; }\n' "$here_port" "$work/www" >"$work/more"
    start_nginx "$(cat "$work/more")"
    ws=$work/ws2
    mkdir "$ws"
    cp "$work/ca.pem" "$ws/ca.pem"
    config "  - {name: here, start: ['http://$name:$here_port/']}"
    sed -i "s|127.0.31.0/24|127.0.0.0/8|" "$ws/adwatch.yaml"
    ADWATCH_RENDER=no "$adwatch" -C "$ws" crawl >"$work/crawl2.out" 2>"$work/crawl2.err"
    check "a name of the hosts file has that as its source" \
        tells "http://$name:$here_port/" 'dnsAnswers: .*127\.0\.0\.1.*' \
        'dnsSource: hosts file' 'dnsTime: 2[0-9]{3}-.*Z' 'remoteAddress: 127\.0\.0\.1'
fi
check "a name without an address is told" says 'could not resolve' sh -c "
    sed -i 's|start: .*|start: [\"http://nothing.invalid/\"]}|' '$ws/adwatch.yaml'
    ADWATCH_RENDER=no '$adwatch' -C '$ws' crawl 2>&1"
finish
