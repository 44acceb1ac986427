#!/bin/sh
# What `make check` runs, in order of how soon it tells; stops at a failure.
set -eu
jobs=$(nproc)
make="make --no-print-directory -j $jobs"
began=$(date +%s)

step() {
    printf '\n== %s (%s s)\n' "$*" "$(($(date +%s) - began))"
}

step "layers, headers, format, cppcheck"
$make lint
step "build with gcc"
$make all
step "lexicon check"
build/adwatch lexicon check
step "unit tests"
$make unit
step "seeds of the fuzzers"
$make replay
step "end to end, on real servers"
$make e2e
step "clang-tidy"
$make tidy
step "build with clang"
$make CC=clang all
step "unit tests under ASan and UBSan"
$make SAN=1 unit
step "seeds of the fuzzers under ASan and UBSan"
$make SAN=1 replay
step "end to end under ASan and UBSan"
$make SAN=1 e2e
step "done"
