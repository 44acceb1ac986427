#!/bin/sh
# The figures of docs/benchmarks.md.   bench.sh ADWATCH DIR [PAGES] [ROUNDS]
# All in one run on this machine: ratios and medians are what counts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export ADWATCH_RENDER=no # what is measured is the crawler
adwatch=$1 dir=$2 pages=${3:-8000} rounds=${4:-3}
port=${ADWATCH_BENCH_PORT:-18770}
large_pages=$(((pages + 9) / 10))
large_size=176000 # bytes of text: about 191 KB of HTML
rm -rf "$dir"
mkdir -p "$dir/www" "$dir/large"
dir=$(cd "$dir" && pwd)

LC_ALL=C awk -v dir="$dir/www" -v pages="$pages" -f "$here/site.awk"
LC_ALL=C awk -v dir="$dir/large" -v pages="$large_pages" -v size=$large_size \
    -f "$here/site.awk"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.3.1 \
    -addext subjectAltName=IP:127.0.3.1 -keyout "$dir/key.pem" \
    -out "$dir/cert.pem" 2>"$dir/openssl.log"
cat >"$dir/nginx.conf" <<CONF
daemon off;
master_process off;
pid $dir/nginx.pid;
error_log $dir/error.log;
events { worker_connections 512; }
http {
    access_log off;
    types { text/html html; }
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2;
    fastcgi_temp_path $dir/t3; uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    keepalive_requests 1000000;
    sendfile on; tcp_nopush on;
    server { listen 127.0.3.1:$port; root $dir/www; }
    server {
        listen 127.0.3.1:$((port + 1)) ssl http2; root $dir/www;
        ssl_certificate $dir/cert.pem; ssl_certificate_key $dir/key.pem;
    }
    server { listen 127.0.3.1:$((port + 2)); root $dir/large; }
}
CONF
nginx -e "$dir/error.log" -c "$dir/nginx.conf" >"$dir/nginx.out" 2>&1 &
nginx=$!
trap 'kill $nginx 2>/dev/null || true' EXIT
sleep 1

now() { date +%s.%N; }
summary() { # WORDS: the number before them in adwatch's closing line
    sed -n "s/.* \([0-9]*\) $1.*/\1/p" "$dir/adwatch.out" | grep . || echo 0
}
warc_pages() { # FILE: whole answers with a page
    zcat "$1" 2>/dev/null | LC_ALL=C awk '
        /^WARC-Type: / { type = $2 }
        /^WARC-Target-URI: / && type ~ /^response/ && /\/p[0-9]+\.html/ { n++ }
        END { print n + 0 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# A run that did not fetch all pages is told, and has no rate.
rate() { # NAME FETCHED COUNT BEGAN ENDED
    [ "$2" -eq "$3" ] || {
        echo "bench: $1 fetched $2 of $3 pages: not counted" >&2
        return 1
    }
    awk -v n="$3" -v a="$4" -v b="$5" 'BEGIN { printf "%.0f\n", n / (b - a) }'
}

run_adwatch() { # URL COUNT
    rm -rf "$dir/ws"
    "$adwatch" init "$dir/ws" >/dev/null
    cat >"$dir/ws/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: benchmark, contact: 'mailto:bench@example.invalid'}
network: {allow: ['127.0.0.0/8'], ca_file: '$dir/cert.pem'}
crawl: {pause_ms: 0, readers: ${READERS:-2}}
sources:
  - {name: bench, start: ['$1'], depth: 50}
YAML
    a=$(now)
    "$adwatch" -C "$dir/ws" -q crawl >"$dir/adwatch.out"
    b=$(now)
    found=$(summary 'new findings')
    claims=$((($2 + 49) / 100)) # site.awk: one page in a hundred
    [ "$found" -eq $claims ] || {
        echo "bench: adwatch found $found of $claims claims" >&2
        return 1
    }
    rate adwatch "$(summary 'pages read')" "$2" "$a" "$b"
}
run_wget() { # URL COUNT
    rm -rf "$dir/wget"
    mkdir "$dir/wget"
    a=$(now)
    (cd "$dir/wget" && wget -q -r -l inf -nd --delete-after --no-parent \
        --ca-certificate="$dir/cert.pem" --warc-file=bench "$1") || true
    b=$(now)
    rate wget "$(warc_pages "$dir/wget/bench.warc.gz")" "$2" "$a" "$b"
}
run_wget2() { # URL COUNT
    rm -rf "$dir/wget2"
    mkdir "$dir/wget2"
    a=$(now)
    (cd "$dir/wget2" && wget2 -q -r -l inf --max-threads=5 \
        --ca-certificate="$dir/cert.pem" "$1") || true
    b=$(now)
    rate wget2 "$(find "$dir/wget2" -name 'p*.html' -size +0 | wc -l)" "$2" \
        "$a" "$b"
}

measure() { # NAME URL COUNT FOLDER
    echo "$1: $3 pages, $(du -bs "$dir/$4" | cut -f1) bytes"
    : >"$dir/a" >"$dir/w" >"$dir/w2"
    for round in $(seq "$rounds"); do
        run_adwatch "$2" "$3" >>"$dir/a" && run_wget "$2" "$3" >>"$dir/w" &&
            run_wget2 "$2" "$3" >>"$dir/w2" || {
            echo "bench: round $round is no measure" >&2
            exit 1
        }
        echo "  round $round, pages/s: adwatch $(tail -n 1 "$dir/a")," \
            "wget --warc-file $(tail -n 1 "$dir/w")," \
            "wget2 (bare mirror) $(tail -n 1 "$dir/w2")"
    done
    a=$(median <"$dir/a") w=$(median <"$dir/w") w2=$(median <"$dir/w2")
    awk -v a="$a" -v w="$w" -v w2="$w2" 'BEGIN {
        printf "  median: adwatch %d, wget --warc-file %d, wget2 %d: ", a, w, w2
        printf "%.1f times wget --warc-file, %.2f times wget2\n", a / w, a / w2 }'
}

measure "http" "http://127.0.3.1:$port/p0.html" "$pages" www
measure "https" "https://127.0.3.1:$((port + 1))/p0.html" "$pages" www
measure "large pages" "http://127.0.3.1:$((port + 2))/p0.html" "$large_pages" large
