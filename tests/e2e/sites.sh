# sites.sh - for the tests of how sites are crawled: sourced, not run, with the
# arguments ADWATCH DIR of the test, and $slot set (lib.sh), which gives $port.
# Afterwards there are $www (a folder for each host), $ws (the workspace), what
# faults.sh has, and the functions below. What the servers were asked stands in $log.
. "$(dirname "$0")/faults.sh"
port=$(test_port "$slot")
www=$work/www
ws=$work/ws
log=$work/asked.log
mkdir -p "$www" "$ws"

claim='<p>本公司理财保本保息，年化收益18%，到期保证兑付，立即咨询加微信。'

page() { # HOST PATH HTML...: a page with it
    [ -d "$www/$1/${2%/*}" ] || mkdir -p "$(dirname "$www/$1/$2")"
    page_path=$1/$2
    shift 2
    printf '%s\n' "<title>社区通知</title><p>本周六上午社区活动中心开展便民服务，第 ${#page_path} 号。$*" \
        >"$www/$page_path"
}
pages() { # HOST COUNT: a start page with links to p1.html and so on
    list=''
    for n in $(seq 1 "$2"); do
        list="$list<a href=/p$n.html>$n</a>"
        page "$1" p"$n".html
    done
    page "$1" index.html "$list"
}
fresh() { # a new workspace
    ws=$work/$1
    mkdir -p "$ws"
}
start() { # HOST REST: a source of its name
    echo "  - {name: ${1%%.*}, start: ['http://$1:$port/']${2:+, $2}}"
}
how() { # HOST PATH LINE...: how site.js answers; none: as usual
    how_path=$www/$1/$2.how
    [ -d "$www/$1" ] || mkdir -p "$www/$1"
    shift 2
    printf '%s\n' "$@" >"$how_path"
}

start_node() { # ADDRESS...
    : >"$log"
    node "$here/site.js" "$www" "$log" "$port" "$@" >"$work/node.out" 2>&1 &
    servers="$servers $!"
    await_ready "$work/node.out" || exit 1
}

# The config: what stands in crawl {}, then the sources; names are looked up
# in $resolve, lines of "HOST ADDRESS".
configure() { # CRAWL SOURCES
    {
        echo "agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}"
        echo "network:"
        echo "  allow: ['127.0.6.0/24']"
        echo "  resolve:"
        echo "$resolve" | while read -r name address; do
            [ -z "$name" ] || echo "    - '$name:$port:$address'"
        done
        echo "crawl: {$1}"
        echo "sources:"
        echo "$2"
    } >"$ws/adwatch.yaml"
}

# A run; $log has what was asked in it, $work/status.json what came of it.
crawl() { # OPTION...: with the exit status of the run
    : >"$log"
    "$adwatch" -C "$ws" crawl "$@" >"$work/crawl.out" 2>"$work/crawl.err"
    crawl_rc=$?
    "$adwatch" -C "$ws" status --json >"$work/status.json"
    return $crawl_rc
}
ran() { # STATUS: the last run's
    [ "$crawl_rc" -eq "$1" ] || { cat "$work/crawl.err"; return 1; }
}

why() { # URL JQ: of why's answer; the port is put in
    "$adwatch" -C "$ws" why --json "$(at "$1")" >"$work/why.json"
    jq -e --arg port ":$port" "$2" "$work/why.json" ||
        { cat "$work/why.json"; return 1; }
}
at() { # host.example/path: the URL
    echo "http://$1" | sed "s|^\(http://[^/]*\)/|\1:$port/|"
}
told() { # JQ...: of status
    jq -e "$@" "$work/status.json" || { cat "$work/status.json"; return 1; }
}
noted() { # TEXT: a note of the last run
    told ".notes | any(.[]; .text | contains(\"$1\"))"
}

# How often a URL was asked in the last run: "host.example/path", as it was
# sent. $log has the lines of site.js, or those of nginx in the same form.
asked_count() { # URL
    grep -cF -- "\"host\":\"${1%%/*}\",\"url\":\"/${1#*/}\"" "$log"
}
asked() { # URL...: each once
    for url in "$@"; do
        [ "$(asked_count "$url")" -eq 1 ] ||
            { echo "asked $(asked_count "$url") times: $url"; all_asked; return 1; }
    done
}
not_asked() { # URL...
    for url in "$@"; do
        [ "$(asked_count "$url")" -eq 0 ] || { echo "asked: $url"; return 1; }
    done
}
all_asked() {
    jq -r '"\(.begin) \(.end) \(.status) \(.host)\(.url)"' "$log"
}
log_holds() { # JQ: of the list of what was asked
    jq -e -s "$1" "$log" || { all_asked; return 1; }
}

# The records of the archive, by their WARC headers: a line of JSON each.
records() {
    for file in "$ws"/archive/*.warc.gz; do
        zcat "$file" | LC_ALL=C tr -d '\r' | LC_ALL=C awk '
            /^WARC\/1/ { printf "%s{", any ? "}\n" : ""; any = 1; head = 1; n = 0; next }
            head && /^$/ { head = 0 }
            head && /^WARC-(Type|Target-URI|Profile|Refers-To):/ {
                name = $1; sub(/:$/, "", name)
                printf "%s\"%s\":\"%s\"", n++ ? "," : "", name, $2 }
            END { if (any) print "}" }'
    done
}
# How many records of this type a URL has.
record_count() { # URL TYPE
    records | jq -s --arg url "$(at "$1")" --arg type "$2" \
        'map(select(.["WARC-Target-URI"] == $url and .["WARC-Type"] == $type)) | length'
}
has_records() { # URL TYPE COUNT
    [ "$(record_count "$1" "$2")" -eq "$3" ] ||
        { records | grep -F "$(at "$1")"; return 1; }
}

# The store, by SQL; prints the rows.
sql() { # STATEMENT
    /usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for row in db.execute(sys.argv[2]):
    print(*row)
db.commit()' "$ws/adwatch.db" "$1"
}
