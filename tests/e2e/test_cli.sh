#!/bin/sh
# The contracts of the command line.   test_cli.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
. "$here/lib.sh"

check "no command is a usage error" exits 2 "$adwatch"
check "an unknown command is a usage error" exits 2 "$adwatch" fly
check "an unknown option is a usage error" exits 2 "$adwatch" crawl --fly
check "a missing word is a usage error" exits 2 "$adwatch" bundle
check "--version" says adwatch "$adwatch" --version
for command in $("$adwatch" man --list); do
    check "$command --help" exits 0 "$adwatch" "$command" --help
    check "$command has a man page without complaint" \
        sh -c "'$adwatch' man $command | mandoc -Tlint -Wwarning"
    check "$command is completed" says "    $command) options=" \
        "$adwatch" completion
done
check "the main man page without complaint" \
    sh -c "'$adwatch' man | mandoc -Tlint -Wwarning"

# Config.
check "no workspace is a config error" exits 5 "$adwatch" -C "$work/none" crawl
check "init makes one" exits 0 "$adwatch" init "$work/ws"
check "init touches no workspace that is there" exits 1 "$adwatch" init "$work/ws"
printf 'agent: {name: a, purpose: b, contact: c}\nsources: [{name: a, start: [http://a.example/]}]\nfoo: 1\n' \
    >"$work/ws/adwatch.yaml"
check "an unknown key is named with its line" says "adwatch.yaml:3: unexpected key 'foo'" \
    "$adwatch" -C "$work/ws" crawl
check "and is a config error" exits 5 "$adwatch" -C "$work/ws" crawl

# url, robots.
check "url prints the canonical form" says "http://example.com/a/c%20d?q=~" \
    "$adwatch" url 'HTTP://Example.COM:80/a/./b/../c d?utm_source=x&q=%7e#top'
check "url refuses ftp" exits 1 "$adwatch" url ftp://example.com/
printf 'User-agent: *\nDisallow: /a\nAllow: /a/b\n' >"$work/robots.txt"
check "robots: allowed" exits 0 "$adwatch" robots "$work/robots.txt" adwatch /a/b/c
check "robots: disallowed" exits 1 "$adwatch" robots "$work/robots.txt" adwatch /a/c
check "robots says so" says disallowed "$adwatch" robots "$work/robots.txt" x /ax

# classify, extract.
printf '%s\n' '{"id":"a1","channel":"sms","text":"本理财保·本保息，年化18%，到期一分不少，加微信咨询"}' \
    >"$work/a.jsonl"
offsets() {
    "$adwatch" classify "$work/a.jsonl" | jq -e --slurpfile in "$work/a.jsonl" '
        .id == "a1" and .verdict == "suspected" and (.claims | length > 0) and
        all(.claims[]; . as $c |
            ($in[0].text | explode | .[$c.start:$c.end] | implode) == $c.quote)'
}
check "classify: quotes are the original's text at its offsets" offsets
check "classify: a clear text" says '"verdict":"clear"' \
    sh -c "echo 今天食堂吃红烧肉 | '$adwatch' classify"
check "classify --fail-on gives 4" exits 4 "$adwatch" classify --fail-on suspected "$work/a.jsonl"
printf 'not json\n{"text":3}\n' >"$work/bad.jsonl"
check "classify: bad lines are told with their number" says 'bad.jsonl:1:' \
    "$adwatch" classify --form jsonl "$work/bad.jsonl"
check "classify: all bad is a failure" exits 1 "$adwatch" classify "$work/bad.jsonl"
cat "$work/a.jsonl" >>"$work/bad.jsonl"
check "classify: some bad is partly done" exits 3 "$adwatch" classify --form jsonl "$work/bad.jsonl"
check "classify: a missing lexicon is a config error" exits 5 \
    "$adwatch" classify --lexicon "$work/none" "$work/a.jsonl"
printf '<title>甲</title><p>保<b>本</b>保息<p style="display:none">暗' |
    iconv -f utf-8 -t gb18030 >"$work/a.html"
blocks() {
    "$adwatch" extract --json "$work/a.html" | jq -e '
        .charset == "gb18030" and .title == "甲" and
        any(.blocks[]; .text == "保本保息" and .hidden == false) and
        any(.blocks[]; .text == "暗" and .hidden)'
}
check "extract: blocks of a GB page" blocks
check "extract: no file" exits 1 "$adwatch" extract "$work/none.html"

# Rules and corpus.
check "lexicon check" exits 0 "$adwatch" lexicon check
cp -R "$here/../../lexicons" "$work/lexicons"
sed -i 's/severity: 3/severity: 9/' "$work/lexicons/claims/capital.yaml"
check "a bad rule is named with file and line" says 'capital.yaml:' \
    "$adwatch" lexicon check --lexicon "$work/lexicons"
check "and is status 5" exits 5 "$adwatch" lexicon check --lexicon "$work/lexicons"
check "the corpus has no mistake" exits 0 "$adwatch" train --check "$here/../../corpus"
check "doctor" exits 0 "$adwatch" doctor
finish
