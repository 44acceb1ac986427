#!/bin/sh
# Lays the sample city out in DIR and serves it with nginx on loopback.
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
find "$dir/www" -type f | while read -r file; do
    fill "$file" >"$dir/filled" && cat "$dir/filled" >"$file"
done
rm -f "$dir/filled"

# Sources are UTF-8; some hosts are served in what the old ones still use.
while IFS="$(printf '\t')" read -r host _ charset _; do
    [ "$charset" != utf-8 ] || continue
    find "$dir/www/$host" -name '*.html' | while read -r file; do
        iconv -f UTF-8 -t "$charset" "$file" >"$dir/recoded"
        mv "$dir/recoded" "$file"
    done
done <"$here/hosts.tsv"

fill "$here/nginx.conf.in" >"$dir/nginx.conf"
fill "$here/sources.yaml.in" >"$dir/sources.yaml"
fill "$here/expect.jsonl" >"$dir/expect.jsonl"

nginx -e "$dir/error.log" -c "$dir/nginx.conf" >"$dir/nginx.out" 2>&1 &
pid=$!
tries=0
until [ -s "$dir/nginx.pid" ] &&
    curl -s -o /dev/null "http://127.0.2.1:$port/"; do
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
