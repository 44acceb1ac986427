#!/bin/sh
# Runs each test program in turn; prints one that fails whole, others by a line.
# A program that ends with an error failed, whatever it says of its tests: so
# does one with a leak, or whose setting up failed.
passed=0
failed=0
log=$(mktemp)
for test; do
    if "$test" >"$log" 2>&1; then
        echo "ok   ${test#build/} ($(grep -c '\[       OK' "$log") tests)"
    else
        echo "FAIL ${test#build/}"
        cat "$log"
        failed=$((failed + 1))
    fi
    passed=$((passed + $(grep -c '\[       OK' "$log")))
done
rm -f "$log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
