#!/bin/sh
# Gives each fuzzer its seeds, and those that the build made.
#   replay.sh BUILD NAME...
set -eu
build=$1
shift
for name; do
    set --
    for seeds in "tests/fuzz/seeds/$name" "$build/tests/fuzz/seeds/$name"; do
        [ ! -d "$seeds" ] || set -- "$@" "$seeds"
    done
    printf 'ok   %s: ' "$name"
    "$build/tests/fuzz/replay_$name" "$@"
done
