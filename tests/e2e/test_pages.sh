#!/bin/sh
# Pages in many charsets and layouts against the text that a reader would copy
# out of them by hand.   test_pages.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
. "$here/lib.sh"
pages=$here/../pages

made() {
    /usr/bin/python3 -B "$pages/make.py" "$work/pages" &&
        [ "$(ls "$work/pages" | grep -c '\.html$')" -ge 69 ]
}
check "the pages are made" made

for page in "$work"/pages/*.html; do
    "$adwatch" extract --json --type "$(cat "${page%.html}.type")" "$page" \
        >"${page%.html}.json" 2>"${page%.html}.err"
done
/usr/bin/python3 -B "$pages/score.py" "$work/pages" >"$work/score"
tail -n 1 "$work/score"
keeps() { # PERCENT
    cat "$work/score"
    tail -n 1 "$work/score" | sed 's/.* \([0-9.]*\) %$/\1/' |
        awk -v least="$1" '{ ok = $1 >= least } END { exit !ok }'
}
check "99.5 % of the text is kept" keeps 99.5
charset() { # PAGE CHARSET WHY
    says "\"charset\":\"$2\",\"charset_why\":\"$3\"" cat "$work/pages/$1.json"
}
check "gb2312 is gb18030" charset gb-meta-0 gb18030 meta
check "a false declaration is corrected" charset gb-says-utf8-0 gb18030 corrected
check "what is not declared is detected" charset gb-none-0 gb18030 detected
check "Hong Kong's characters are Big5" charset big5-hkscs-0 big5 meta

finish
