# faults.sh - for the tests of what goes wrong outside: sourced, not run, with
# the arguments ADWATCH DIR of the test. Afterwards there are $adwatch,
# $hostile, $work (empty), the functions of lib.sh and those below; what was
# started is ended with the test, by its pid.
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
# shellcheck disable=SC2034
hostile=$(dirname "$adwatch")/tests/e2e/hostile
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/lib.sh"

# Retries are soon, so that a test ends soon.
quick='tries_max: 2, backoff_first_ms: 200, backoff_most_ms: 1000'

servers='' crawler='' mounted=''
end_all() {
    for pid in $servers; do kill "$pid" 2>/dev/null; done
    [ -z "$crawler" ] || kill -9 "-$crawler" 2>/dev/null
    [ -z "$mounted" ] || umount "$mounted"
}
trap end_all EXIT
trap 'exit 130' INT TERM

tried() { # COMMAND...: until it is true, 5 s at most
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -le 50 ] || return 1
        sleep 0.1
    done
}
has_text() { # FILE, or a pattern
    # shellcheck disable=SC2086
    [ -s "$(ls $1 2>/dev/null | tail -n 1)" ]
}
await() { # FILE: until it has text
    tried has_text "$1" || { echo "nothing in $1"; return 1; }
}
await_ready() { # FILE: until the server whose output it is says so
    tried grep -qsx ready "$1" ||
        { echo "not ready:"; cat "$1"; return 1; }
}

# Milliseconds of the wall clock.
now_ms() {
    date +%s%3N
}

# A crawl in a process group of its own; its pid is in $crawler.
crawl_begin() { # WORKSPACE
    setsid "$adwatch" -C "$1" crawl >>"$1/out" 2>>"$1/err" &
    crawler=$!
}
crawl_end() { # its exit status
    wait "$crawler" 2>/dev/null
    status=$?
    crawler=''
    return $status
}

# A site of 300 pages, six of them advertisements: three that no tuning can
# overlook, and those of site.awk.
make_site() { # DIR
    mkdir -p "$1"
    LC_ALL=C awk -v dir="$1" -v pages=300 -f "$here/../bench/site.awk"
    for page in 10 20 30; do
        sed -i 's|<p class="text">.*|<p>本公司理财保本保息，年化收益18%，到期保证兑付。|' \
            "$1/p$page.html"
    done
}

# CONF is what stands in http {}. %{...} has the time of the end of a request,
# how long it took, and the host.
start_nginx() { # CONF
    cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.err;
events { worker_connections 512; }
http {
    log_format times '\$msec \$request_time \$server_addr \$host \$status \$request_uri';
    access_log off;
    types { text/html html; }
    client_body_temp_path $work/t1; proxy_temp_path $work/t2;
    fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4;
    scgi_temp_path $work/t5;
    $1
}
CONF
    nginx -e "$work/nginx.err" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
    nginx=$!
    servers="$servers $nginx"
    await "$work/nginx.pid" ||
        { cat "$work/nginx.out" "$work/nginx.err"; exit 1; }
}

# What became of all URLs of a workspace, in $work/all.jsonl; and whether all
# pages of a site of make_site were fetched once, counted, and found.
complete() { # WORKSPACE
    "$adwatch" -C "$1" why --json >"$work/all.jsonl" &&
        jq -e -s '{pages: length,
            urls: map(.url) | unique | length,
            done: map(select(.state == "done")) | length,
            captured: map(select(.capture > 0).capture) | unique | length,
            found: map(select(.finding > 0).finding) | unique | length} |
            debug | . == {pages: 300, urls: 300, done: 300,
            captured: 300, found: 6}' "$work/all.jsonl"
}
