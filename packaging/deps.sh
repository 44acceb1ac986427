#!/bin/sh
# Installs the Debian packages that a goal of make needs.
#   deps.sh [GOAL]              install what is missing; nothing when all is there
#       GOAL is demo, check or bench; none: what building and check need
#   deps.sh --missing CC P...   name what is missing of a compiler and libraries
set -eu

BUILD="gcc libc6-dev make pkg-config libcurl4-openssl-dev libpsl-dev publicsuffix
 libpcre2-dev libcjson-dev libcyaml-dev libyaml-dev libvectorscan-dev
 libsqlite3-dev libsodium-dev libicu-dev libopencc-dev libdeflate-dev
 libisal-dev zlib1g-dev libssl-dev libarchive-dev libbrotli-dev libzstd-dev
 libxml2-dev libcsv-dev libseccomp-dev libtesseract-dev libleptonica-dev
 tesseract-ocr-chi-sim tesseract-ocr-chi-sim-vert tesseract-ocr-chi-tra
 tesseract-ocr-eng poppler-utils libmicrohttpd-dev libxlsxwriter-dev
 libncurses-dev libxslt1-dev libgcrypt20-dev"
DEMO="nginx-light libc-bin curl ca-certificates"
CHECK="libcmocka-dev clang clang-tidy clang-format cppcheck libclang-rt-14-dev
 universal-ctags mandoc jq procps nodejs npm wget libarchive-tools bsdutils
 python3-prometheus-client python3 openssl sqlite3 unzip softhsm2 libengine-pkcs11-openssl chromium fonts-noto-cjk
 fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-ukai fonts-arphic-uming"
BENCH="nginx-light wget wget2 openssl fasttext"

library_package() {
    case $1 in
    libcurl) echo libcurl4-openssl-dev ;;
    libpcre2-8) echo libpcre2-dev ;;
    yaml-0.1) echo libyaml-dev ;;
    libhs) echo libvectorscan-dev ;;
    sqlite3) echo libsqlite3-dev ;;
    icu-*) echo libicu-dev ;;
    opencc) echo libopencc-dev ;;
    zlib) echo zlib1g-dev ;;
    libcrypto) echo libssl-dev ;;
    libbrotlidec) echo libbrotli-dev ;;
    libxml-2.0) echo libxml2-dev ;;
    tesseract) echo libtesseract-dev ;;
    lept) echo libleptonica-dev ;;
    xlsxwriter) echo libxlsxwriter-dev ;;
    ncursesw) echo libncurses-dev ;;
    libxslt) echo libxslt1-dev ;;
    libgcrypt) echo libgcrypt20-dev ;;
    *) echo "$1-dev" ;;
    esac
}

missing() {
    echo "adwatch: package '$1' is missing: run 'make deps'"
    exit 1
}

# The first that is missing is told; a make that goes on would tell the next.
check_tools() {
    command -v "$1" >/dev/null || missing "$1"
    shift
    command -v pkg-config >/dev/null || missing pkg-config
    for library; do
        pkg-config --exists "$library" ||
            missing "$(library_package "$library")"
    done
    # libcsv has no file for pkg-config.
    [ -e /usr/include/csv.h ] || missing libcsv-dev
    exit 0
}

# A nodejs from elsewhere has npm in it: what counts is the command.
installed() {
    case $1 in
    nodejs | npm) command -v "${1%js}" >/dev/null && return ;;
    esac
    dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'
}

if [ "${1:-}" = --missing ]; then
    shift
    check_tools "$@"
fi

case ${1:-} in
demo) needed="$BUILD $DEMO" ;;
'' | check) needed="$BUILD $DEMO $CHECK" ;;
bench) needed="$BUILD $BENCH" ;;
*)
    echo "usage: deps.sh [demo | check | bench]" >&2
    exit 2
    ;;
esac

missing=
for package in $needed; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "adwatch: installing with apt:$missing" >&2
sudo=
if [ "$(id -u)" -ne 0 ]; then
    echo "adwatch: this may ask for your password (sudo)" >&2
    sudo=sudo
fi
log=$(mktemp)
if ! { $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "adwatch: apt could not install the packages" >&2
    exit 1
fi
rm -f "$log"
