#!/bin/sh
# Lays the sites of what replays badly out in DIR and serves them with nginx on
# loopback. DIR/sources.yaml has network and sources for adwatch.yaml, which
# needs DIR/site.pem as ca.pem beside it.
#   serve.sh DIR PORT PORT2     prints nginx's pid; end it with kill PID
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dir=$1 port=$2 port2=$3

fill() {
    sed -e "s|@DIR@|$dir|g" -e "s|@PORT@|$port|g" -e "s|@PORT2@|$port2|g" "$1"
}

rm -rf "$dir"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
cp -R "$here/www" "$dir/www"
# Sources are UTF-8; what is served is what old sites still use.
find "$dir/www" -name '*.html' -o -name '*.css' -o -name '*.js' | while read -r file; do
    fill "$file" | iconv -f UTF-8 -t GB18030 >"$dir/recoded"
    mv "$dir/recoded" "$file"
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -utf8 -subj "/O=银河样例财富管理有限公司/CN=www.yinhe-caifu.example" \
    -addext "subjectAltName=DNS:www.yinhe-caifu.example" \
    -keyout "$dir/site.key" -out "$dir/site.pem" 2>"$dir/openssl.err"
fill "$here/nginx.conf.in" >"$dir/nginx.conf"
fill "$here/sources.yaml.in" >"$dir/sources.yaml"

nginx -e "$dir/error.log" -c "$dir/nginx.conf" >"$dir/nginx.out" 2>&1 &
pid=$!
tries=0
until [ -s "$dir/nginx.pid" ] &&
    curl -s -o "$dir/curl.out" "http://127.0.24.1:$port/"; do
    tries=$((tries + 1))
    if [ $tries -gt 50 ] || ! kill -0 $pid 2>/dev/null; then
        echo "nginx does not start on port $port:" >&2
        cat "$dir/nginx.out" "$dir/error.log" >&2
        kill $pid 2>/dev/null || true
        exit 1
    fi
    sleep 0.1
done
echo $pid
