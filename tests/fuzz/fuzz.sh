#!/bin/sh
# Fuzzes for a stated time each, two at a time; stops nobody else's work.
#   fuzz.sh BUILD SECONDS NAME...
#       BUILD has tests/fuzz/NAME, of clang's libFuzzer
# What is found of use grows BUILD/corpus/NAME, which the next run begins with.
# A finding is kept as BUILD/found/NAME-*, and the log tells of it.
set -eu

if [ "$1" = --one ]; then
    build=$2 seconds=$3 name=$4
    log=$build/$name.log
    dict=tests/fuzz/dict/$name.dict
    set -- "$build/corpus/$name"
    for seeds in "tests/fuzz/seeds/$name" "$build/tests/fuzz/seeds/$name"; do
        [ ! -d "$seeds" ] || set -- "$@" "$seeds"
    done
    [ ! -e "$dict" ] || set -- "-dict=$dict" "$@"
    mkdir -p "$build/corpus/$name" "$build/found"
    status=ok
    nice -n 19 "$build/tests/fuzz/$name" -max_total_time="$seconds" \
        -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/found/$name-" "$@" >"$log" 2>&1 ||
        status=FOUND
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$status $name: ${runs:-?} executions in $seconds s"
    [ $status = ok ] || { tail -40 "$log"; exit 1; }
    exit
fi

build=$1 seconds=$2
shift 2
printf '%s\n' "$@" | xargs -P 2 -I '{}' "$0" --one "$build" "$seconds" '{}'
