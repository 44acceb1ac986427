#!/bin/sh
# Disks that are full, and disks that fail: each is told with the file, what
# was committed stays, and the next run goes on.
#   test_disk.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
skipped=0

plain=$(test_port 5)
eio=$(dirname "$hostile")/eio.so
make_site "$work/www"
start_nginx "server { listen 127.0.5.21:$plain; root $work/www; }"

new_workspace() { # DIR PAUSE_MS; what it says goes elsewhere
    mkdir "$1"
    cat >"$1/adwatch.yaml" <<YAML
agent: {name: adwatch, purpose: test, contact: 'mailto:t@example.invalid'}
network: {allow: ['127.0.5.0/24']}
crawl: {pause_ms: $2, $quick}
sources:
  - {name: site, start: ['http://127.0.5.21:$plain/p0.html'], depth: 50}
YAML
    name=$(basename "$(dirname "$1")")-$(basename "$1")
    : >"$work/$name.err"
    ln -s "$work/$name.err" "$1/err"
    ln -s "$work/$name.out" "$1/out"
}

# ---- a full disk -----------------------------------------------------------

done_pages() { # WORKSPACE FILE
    "$adwatch" -C "$1" why --json | jq -c 'select(.state == "done") |
        {url, capture}' | sort >"$2"
}
kept() { # BEFORE AFTER: all that was done still is, with its capture
    [ -z "$(comm -23 "$1" "$2")" ] || { comm -23 "$1" "$2"; return 1; }
}
failed_for() { # WORKSPACE WHY: told with a file of the workspace
    crawl_begin "$1"
    crawl_end
    case $status in
    1 | 6) ;;
    *) echo "exit status $status"; return 1 ;;
    esac
    grep "$1/.*$2" "$1/err" || { cat "$1/err"; return 1; }
}

mkdir "$work/full"
if [ "$(id -u)" -eq 0 ] &&
    mount -t tmpfs -o size=1500k none "$work/full" 2>/dev/null; then
    mounted=$work/full
    ws=$work/full/ws
    new_workspace "$ws" 8
    check "a full disk is told with the file" \
        failed_for "$ws" "No space left on device"
    done_pages "$ws" "$work/before"
    echo "  full after $(wc -l <"$work/before") of 300 pages"
    check "what was committed before is there" [ -s "$work/before" ]
    check "a disk that is still full is told again" \
        failed_for "$ws" "No space left on device"
    mount -o remount,size=64m "$work/full"
    check "with room again the run goes on" says "resumed run" \
        "$adwatch" -C "$ws" crawl
    check "and completes" complete "$ws"
    done_pages "$ws" "$work/after"
    check "with all that was there before" kept "$work/before" "$work/after"
    check "and a whole archive" says "all whole" \
        "$adwatch" -C "$ws" archive check
    umount "$work/full" && mounted=''
else
    echo "skip: no tmpfs can be mounted: a full disk was not tested"
    skipped=$((skipped + 1))
fi

# ---- a disk that fails -----------------------------------------------------

# The Nth write or sync of a file of the workspace, for a spread of N; by turns
# that one alone, and all that follow as well.
ws=$work/eio
new_workspace "$ws" 10
: >"$work/before"
export EIO_DIR="$ws/" EIO_NTH EIO_REST
run_with_eio() { # N
    LD_PRELOAD=$eio EIO_NTH=$1 \
        ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
        "$adwatch" -C "$ws" crawl >"$work/eio.out" 2>"$work/eio.err"
}
fails_clearly() { # N
    run_with_eio "$1"
    status=$?
    case $status in
    1 | 6) ;;
    *)
        echo "exit status $status at write $1"
        cat "$work/eio.err"
        return 1
        ;;
    esac
    grep -q "^adwatch: .*eio/" "$work/eio.err" &&
        grep -iE 'Input/output error|disk I/O error' "$work/eio.err" ||
        { cat "$work/eio.err"; return 1; }
}
nothing_lost() {
    done_pages "$ws" "$work/after" && kept "$work/before" "$work/after" &&
        cp "$work/after" "$work/before"
}
turn=0
for n in 1 2 3 5 9 19 41 88 150 210; do
    turn=$((turn + 1))
    unset EIO_REST
    [ $((turn % 2)) -eq 1 ] || export EIO_REST=1
    check "write $n that fails is told${EIO_REST:+, and all after it}" \
        fails_clearly $n
    check "and nothing committed is lost" nothing_lost
done
unset EIO_REST
echo "  $(wc -l <"$work/before") of 300 pages done in runs that all failed"
check "of which there is something" [ -s "$work/before" ]
"$adwatch" -C "$ws" crawl >>"$ws/out" 2>>"$ws/err"
check "a run on a good disk completes" complete "$ws"
check "with a whole archive" says "all whole" "$adwatch" -C "$ws" archive check
check "and a whole store" exits 0 "$adwatch" -C "$ws" status
[ $skipped -eq 0 ] || echo "$skipped skipped"
finish
