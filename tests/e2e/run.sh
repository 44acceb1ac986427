#!/bin/sh
# All end-to-end tests, one after the other.   run.sh ADWATCH DIR
# test_kill is about moments of a run at its own speed: not under sanitizers.
here=$(cd "$(dirname "$0")" && pwd)
status=0
for test in "$here"/test_*.sh; do
    name=$(basename "$test" .sh)
    case $1:$name in
    *asan*:test_kill) continue ;;
    esac
    mkdir -p "$2"
    echo "$name"
    "$test" "$1" "$2/$name" || status=1
done
exit $status
