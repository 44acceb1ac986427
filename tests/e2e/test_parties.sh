#!/bin/sh
# Who is named: to whom a server's certificate was given, who stands on a page
# and where, and that no log line has a whole number or name.
#   test_parties.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
tls=$(test_port 14)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -utf8 -subj "/O=济宁样例财富管理有限公司/CN=pay.example" \
    -addext "subjectAltName=DNS:pay.example" \
    -keyout "$work/pay.key" -out "$work/pay.pem" 2>"$work/openssl.err" ||
    cat "$work/openssl.err"
mkdir -p "$work/www"
cat >"$work/www/index.html" <<'HTML'
<meta charset=utf-8><title>样例财富</title>
<p>本公司理财保本保息，年化收益18%，到期保证兑付。
<p>济宁样例财富管理有限公司
<p>咨询热线：138-0000-4321，加V信：yangli_8866
<p>地址：山东省济宁市任城区样例路66号
<p><a href="/lost.html?tel=13800004321">预约</a>
<a href="/gone/91370811MA00X1Y2N7">营业执照</a>
HTML
start_nginx "
    server {
        listen 127.0.5.21:$tls ssl http2;
        root $work/www;
        ssl_certificate $work/pay.pem;
        ssl_certificate_key $work/pay.key;
        location /gone/ { return 444; }
        location /lost.html { return 444; }
    }"
ws=$work/ws
mkdir "$ws"
cp "$work/pay.pem" "$ws/ca.pem"
cat >"$ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network:
  allow: ['127.0.5.0/24']
  ca_file: ca.pem
  resolve: ['pay.example:$tls:127.0.5.21']
crawl: {pause_ms: 0, tries_max: 1}
sources:
  - {name: pay, start: ['https://pay.example:$tls/']}
YAML
"$adwatch" -C "$ws" crawl >"$work/crawl.out" 2>"$work/crawl.err"
mkdir "$work/json"
cp "$ws/ca.pem" "$ws/adwatch.yaml" "$work/json"
"$adwatch" -C "$work/json" --log-json crawl >>"$work/crawl.out" 2>"$work/json.err"

url=https://pay.example:$tls/
why() { # JQ
    "$adwatch" -C "$ws" why --json "$url" >"$work/why.json"
    jq -e "$1" "$work/why.json" || { cat "$work/why.json"; return 1; }
}
check "a capture knows to whom the certificate was given" why \
    '.tls_organisation == "济宁样例财富管理有限公司"'
check "why says it" says "its certificate was given to 济宁样例财富管理有限公司" \
    "$adwatch" -C "$ws" why "$url"

party() { # KIND VALUE
    "$adwatch" -C "$ws" triage --json >"$work/triage.json"
    jq -e --arg kind "$1" --arg value "$2" \
        '.parties[$kind] | index($value) != null' "$work/triage.json" || {
        cat "$work/triage.json"
        return 1
    }
}
check "a finding names the firm" party names 济宁样例财富管理有限公司
check "its telephone" party phones 13800004321
check "its WeChat handle" party wechat yangli_8866
check "its address" party addresses 山东省济宁市任城区样例路66号
check "its domain" party domains pay.example
place() { # each place holds what is named there
    jq -e '[.parties.places[] | select(.kind == "names" and .start == 0 and
        .end == 12)] | length == 1' "$work/triage.json"
}
check "with its place" place

logged() { cat "$work/crawl.err" "$work/json.err"; }
masked() {
    grep -q 'lost.html?tel=138\*\*\*\*4321' "$work/crawl.err" &&
        grep -q 'lost.html?tel=138\*\*\*\*4321' "$work/json.err"
}
check "pages that failed are logged, their numbers masked" masked
check "no log line has the telephone" test -z "$(logged | grep 13800004321)"
check "nor the code" test -z "$(logged | grep 91370811MA00X1Y2N7)"
check "nor the firm" test -z "$(logged | grep 济宁样例财富)"
finish
