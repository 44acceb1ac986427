#!/bin/sh
# The main job on the sample city: what `make demo` runs.
#   demo.sh ADWATCH DIR     the workspace is DIR, and stays
set -eu

here=$(dirname "$0")
adwatch=$1 dir=$2
port=${ADWATCH_DEMO_PORT:-18470}
nginx_pid=
# ADWATCH_RENDER=yes: with a browser, which takes minutes.
export ADWATCH_RENDER="${ADWATCH_RENDER:-no}"

end_nginx() {
    [ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null || true
}
trap end_nginx EXIT
trap 'exit 130' INT TERM

step() {
    printf '\n== %s\n' "$*"
}

rm -rf "$dir"
step "a sample city of twelve sites, served by nginx on 127.0.2.1 to .12"
nginx_pid=$("$here/serve.sh" "$dir/city" "$port" "$((port + 1))")
echo "ports $port and $((port + 1)), pages in $dir/city/www"

step "adwatch init $dir"
"$adwatch" init "$dir"
{
    echo "name: 示范城市广告监测"
    echo "agent:"
    echo "  name: adwatch"
    echo "  purpose: 'demonstration on loopback'"
    echo "  contact: 'mailto:adwatch@example.invalid'"
    echo "crawl:"
    echo "  pause_ms: 20"
    echo "  pause_most_ms: 200"
    echo "  timeout_ms: 10000"
    cat "$dir/city/sources.yaml"
} >"$dir/adwatch.yaml"

step "adwatch -C $dir crawl"
# 3: the school's robots.txt answers 503, so its start page is not asked for.
status=0
"$adwatch" -C "$dir" -q crawl || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || exit "$status"

step "adwatch -C $dir ingest posters"
"$adwatch" -C "$dir" ingest --channel poster --source 网格员巡查 "$here/posters"

step "adwatch -C $dir decide"
first=$("$adwatch" -C "$dir" triage --json --limit 1 |
    sed -n 's/^{"id":\([0-9]*\).*/\1/p')
"$adwatch" -C "$dir" decide "$first" confirm --as demo-reviewer \
    --reason '承诺与页面原文一致，转办案机构核查'

step "adwatch -C $dir bundle $first"
"$adwatch" -C "$dir" bundle "$first"
for bundle in "$dir"/bundles/*.zip; do
    step "adwatch verify $bundle"
    "$adwatch" verify "$bundle"
done

step "adwatch -C $dir triage"
"$adwatch" -C "$dir" triage

step "what next"
echo "evidence:  $bundle"
echo "status:    $adwatch -C $dir status"
echo "the page:  $adwatch -C $dir user add NAME --role reviewer, then $adwatch -C $dir serve"
echo "decide:    $adwatch -C $dir decide FINDING confirm --as NAME"
echo "as data:   $adwatch -C $dir triage --json"
