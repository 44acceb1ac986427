# lib.sh - for the end-to-end tests: sourced, not run, with $work set.
#   check NAME COMMAND...     counts it, and prints what failed
#   finish                    the closing line, and the exit status
#   test_port SLOT            a port of this clone, each test its own (0 to 63)

ADWATCH_CACHE=$(cd "$work" && pwd)/.cache # nothing in the home of who tests
export ADWATCH_CACHE

passed=0
failed=0

# Rendering has a test of its own: the others would wait for browsers.
: "${ADWATCH_RENDER=no}"
export ADWATCH_RENDER

# Clones that are tested at the same time do not meet: the first of their 64
# ports comes from where they lie, below those that the kernel gives out. Where
# two meet all the same, or another program is there, name another one.
if [ -z "${ADWATCH_TEST_PORTS-}" ]; then
    ADWATCH_TEST_PORTS=$(cd "$(dirname "$0")" && pwd -P | cksum |
        awk '{ print 12000 + $1 % 312 * 64 }')
fi
export ADWATCH_TEST_PORTS

test_port() {
    echo $((ADWATCH_TEST_PORTS + $1))
}

check() {
    name=$1
    shift
    if "$@" >"$work/last.out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        head -20 "$work/last.out" | sed 's/^/     /'
    fi
}

# exits STATUS COMMAND...: the command ends with just that status.
exits() {
    want=$1
    shift
    got=0
    "$@" || got=$?
    [ "$got" -eq "$want" ] || {
        echo "exit status $got, not $want: $*"
        return 1
    }
}

# says TEXT COMMAND...: what it prints, out or err, holds TEXT.
says() {
    text=$1
    shift
    "$@" >"$work/says.out" 2>&1 || true
    grep -qF -- "$text" "$work/says.out" || {
        echo "does not say '$text':"
        cat "$work/says.out"
        return 1
    }
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
