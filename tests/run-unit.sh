#!/bin/sh
# Runs each test program in turn; prints one that fails whole, others by a line.
passed=0
failed=0
log=$(mktemp)
for test; do
    if "$test" >"$log" 2>&1; then
        echo "ok   ${test#build/} ($(grep -c '\[       OK' "$log") tests)"
    else
        echo "FAIL ${test#build/}"
        cat "$log"
    fi
    passed=$((passed + $(grep -c '\[       OK' "$log")))
    failed=$((failed + $(grep -c '\[  FAILED  \] [a-z]' "$log")))
    # A program that crashed tells of no failed test.
    grep -q '\[==========\].*run\.' "$log" || failed=$((failed + 1))
done
rm -f "$log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
