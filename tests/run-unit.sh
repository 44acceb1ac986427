#!/bin/sh
# Runs each test program in turn; prints one that fails whole, others by a line.
status=0
log=$(mktemp)
for test; do
    if "$test" >"$log" 2>&1; then
        echo "ok   ${test#build/} ($(grep -c '\[       OK' "$log") tests)"
    else
        echo "FAIL ${test#build/}"
        cat "$log"
        status=1
    fi
done
rm -f "$log"
exit $status
