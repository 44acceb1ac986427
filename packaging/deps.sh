#!/bin/sh
# Installs the Debian packages that building, the demo and the tests need.
#   deps.sh                     install what is missing; nothing when all is there
#   deps.sh --pkg-config P...   say which package gives a missing library
set -eu

BUILD="gcc libc6-dev make pkg-config libcurl4-openssl-dev
 libpcre2-dev libcjson-dev libcyaml-dev libyaml-dev libvectorscan-dev
 libsqlite3-dev libicu-dev libopencc-dev libdeflate-dev zlib1g-dev libssl-dev
 libarchive-dev"
DEMO="nginx-light libc-bin curl ca-certificates"
CHECK="libcmocka-dev libxml2-dev clang clang-tidy clang-format cppcheck libclang-rt-14-dev
 universal-ctags mandoc jq procps"
BENCH="wget wget2 fasttext"

library_package() {
    case $1 in
    libcurl) echo libcurl4-openssl-dev ;;
    libpcre2-8) echo libpcre2-dev ;;
    yaml-0.1) echo libyaml-dev ;;
    libhs) echo libvectorscan-dev ;;
    sqlite3) echo libsqlite3-dev ;;
    icu-*) echo libicu-dev ;;
    zlib) echo zlib1g-dev ;;
    libcrypto) echo libssl-dev ;;
    *) echo "$1-dev" ;;
    esac
}

check_libraries() {
    if ! command -v pkg-config >/dev/null; then
        echo "adwatch: package 'pkg-config' is missing: run 'make deps'" >&2
        exit 1
    fi
    status=0
    for library; do
        pkg-config --exists "$library" && continue
        echo "adwatch: package '$(library_package "$library")' is missing:" \
            "run 'make deps'" >&2
        status=1
    done
    exit $status
}

installed() {
    dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'
}

if [ "${1:-}" = --pkg-config ]; then
    shift
    check_libraries "$@"
fi

missing=
for package in $BUILD $DEMO $CHECK $BENCH; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "adwatch: installing with apt:$missing" >&2
sudo=
if [ "$(id -u)" -ne 0 ]; then
    echo "adwatch: this asks for your password (sudo)" >&2
    sudo=sudo
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $missing
