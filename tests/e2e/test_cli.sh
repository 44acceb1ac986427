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
check "no start loads the libraries of OCR" \
    sh -c "! ldd '$adwatch' | grep -e libtesseract -e liblept"
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
printf 'User-agent: *\nDisallow: //x\n' >"$work/robots.txt"
check "robots: a path of two slashes" exits 1 "$adwatch" robots "$work/robots.txt" adwatch //x
printf 'User-agent: *\nDisallow: /*?utm_\n' >"$work/robots.txt"
check "robots: what the crawler drops counts" exits 1 \
    "$adwatch" robots "$work/robots.txt" adwatch 'http://h.invalid/x?utm_source=1'
printf 'User-agent: *\nDisallow: /a\n' >"$work/robots.txt"
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
cached() { # COMMAND...: with a cache that is as the command leaves it
    "$adwatch" classify "$work/a.jsonl" >"$work/fresh.out"
    "$@" || return
    "$adwatch" classify "$work/a.jsonl" | cmp - "$work/fresh.out"
}
kept_ones() { # all of them have something in them
    for one in "$ADWATCH_CACHE"/prefilter-*.cache; do test -s "$one" || return; done
}
check "classify: keeps its prefilters" kept_ones
check "classify: a damaged cache changes nothing" cached \
    truncate -s 1000 "$ADWATCH_CACHE"/prefilter-*.cache
check "classify: nor does one that is no folder" cached \
    sh -c "rm -r '$ADWATCH_CACHE' && : >'$ADWATCH_CACHE'"
rm -f "$ADWATCH_CACHE"
check "classify: nor none" cached env ADWATCH_CACHE= "$adwatch" classify "$work/a.jsonl"
check "classify --fail-on gives 4" exits 4 "$adwatch" classify --fail-on suspected "$work/a.jsonl"
printf 'not json\n{"text":3}\n' >"$work/bad.jsonl"
check "classify: bad lines are told with their number" says 'bad.jsonl:1:' \
    "$adwatch" classify --form jsonl "$work/bad.jsonl"
check "classify: all bad is a failure" exits 1 "$adwatch" classify "$work/bad.jsonl"
cat "$work/a.jsonl" >>"$work/bad.jsonl"
check "classify: some bad is partly done" exits 3 "$adwatch" classify --form jsonl "$work/bad.jsonl"
check "classify: a missing lexicon is a config error" exits 5 \
    "$adwatch" classify --lexicon "$work/none" "$work/a.jsonl"

# A line, a file or a picture that is not read is never told as clear.
told() { printf '%b' "$2" | says "$1" "$adwatch" classify --form jsonl; }
refused() { told "$1" "$2" && printf '%b' "$2" | exits 1 "$adwatch" classify --form jsonl; }
check "classify: html of another type is named" refused '"html" is no string' '{"html":5}'
check "classify: so is text" refused '"text" is no string' '{"text":[],"html":"x"}'
check "classify: a null is absent" told '"verdict":"clear"' '{"text":"葱","html":null}'
check "classify: nulls alone are no document" refused 'is missing' '{"text":null}'
check "classify: a number is an id" told '"id":"7"' '{"id":7,"text":"葱"}'
check "classify: one that would be rounded is refused" refused 'as a string' \
    '{"id":12345678901234567890,"text":"葱"}'
check "classify: an escaped NUL cuts no text" refused 'a NUL' '{"text":"葱\\u0000保本"}'
check "classify: a backslash before u0000 is no NUL" told '"verdict":"clear"' \
    '{"text":"\\\\u0000"}'
check "classify: a raw NUL cuts no text" refused 'a NUL' '{"text":"葱\0000保本"}'
check "classify: what stands behind the object is an error" refused 'no JSON object' \
    '{"text":"葱"} {"text":"保本"}'
check "classify: an empty text is clear" told '"verdict":"clear"' '{"text":""}'
many() {
    awk 'BEGIN { printf "{\"text\":\"x\",\"a\":["; for (i = 0; i < 3e5; i++)
        printf "1,"; print "1]}" }'
}
many >"$work/many.jsonl"
check "classify: a line of very many values is refused" says 'more than 100000 values' \
    "$adwatch" classify "$work/many.jsonl"
mkdir "$work/folder.txt"
check "classify: a folder is told" says 'cannot read' "$adwatch" classify "$work/folder.txt"
check "classify: and is a failure" exits 1 "$adwatch" classify "$work/folder.txt"
check "classify: or partly done" exits 3 "$adwatch" classify "$work/folder.txt" "$work/a.jsonl"
printf '\211PNG\r\n\032\n\000\000\000\015IHDR' >"$work/a.png"
check "classify: a picture is not clear" says 'a.png: no text in it' \
    "$adwatch" classify "$work/a.png"
check "classify: it is a failure" exits 1 "$adwatch" classify "$work/a.png"
check "extract: a picture that is none is told" says 'its header is bad' \
    "$adwatch" extract "$work/a.png"
printf '\177ELF\002\001\001\000\000\000' >"$work/a.bin"
check "extract: no text is said" says 'no text in it' "$adwatch" extract "$work/a.bin"
silent() { [ -z "$("$adwatch" extract --json "$work/a.png" 2>"$work/err")" ]; }
check "extract: and is a failure" exits 1 "$adwatch" extract --json "$work/a.png"
check "extract: with nothing printed" silent
printf '葱\001<b>一斤</b>' >"$work/named.html"
check "extract: a page is told by its name" says '葱' "$adwatch" extract "$work/named.html"

# What a page or a robots.txt holds does nothing to the terminal.
tame() { ! "$@" 2>&1 | LC_ALL=C grep -q "$(printf '\033\\|\302\233\\|\342\200\256')"; }
printf '<p>\033[31m葱\302\2332J\342\200\256x</p>' >"$work/esc.html"
check "extract prints no control characters" tame "$adwatch" extract "$work/esc.html"
printf 'User-agent: *\nDisallow: /a*\033]0;x\033\\\n Allow: /\n' >"$work/esc.txt"
check "robots --why prints none" tame "$adwatch" robots --why "$work/esc.txt" x \
    '/a%1B]0;x%1B%5C'
printf 'agent: {name: a, purpose: b, contact: c}\nsources: [{name: "a\\u009b2J\\u202e", start: ["http://127.0.0.1:9/"]}]\n' \
    >"$work/ws/adwatch.yaml"
"$adwatch" -C "$work/ws" crawl >"$work/esc.out" 2>&1 || true
check "status has a run to tell" says 'failed   robots.txt: address not allowed' "$adwatch" -C "$work/ws" status
check "status prints none" tame "$adwatch" -C "$work/ws" status
check "why prints none" tame "$adwatch" -C "$work/ws" why
printf '<title>甲</title><p>保<b>本</b>保息<p style="display:none">暗' |
    iconv -f utf-8 -t gb18030 >"$work/a.html"
blocks() {
    "$adwatch" extract --json "$work/a.html" | jq -e '
        .charset == "gb18030" and .title == "甲" and
        any(.blocks[]; .text == "保本保息" and .hidden == false) and
        any(.blocks[]; .text == "暗" and .hidden)'
}
check "extract: blocks of a GB page" blocks
printf '<urlset><url><loc>http://a.example/?a&b</loc><lastmod>2026-01-02T08:00+08:00</lastmod></url>' |
    gzip >"$work/map.xml.gz"
entries() {
    "$adwatch" extract --json "$work/map.xml.gz" | jq -e '
        .sitemap == "urlset" and .links == ["http://a.example/?a&b"] and
        .link_details == [{url: "http://a.example/?a&b", kind: "sitemap",
            lastmod: "2026-01-02T00:00:00Z"}]'
}
check "extract: entries of a packed sitemap" entries
printf 'http://a.example/1\nhttp://a.example/2\n' >"$work/map.txt"
check "extract: a list of URLs" says 'sitemap: text, 2 links' \
    "$adwatch" extract --sitemap "$work/map.txt"
printf '<!DOCTYPE r [<!ENTITY a "ha">]><urlset><url><loc>&a;</loc></url>' >"$work/bomb.xml"
check "extract: entities are refused" says 'declares entities' \
    "$adwatch" extract "$work/bomb.xml"
facts() {
    printf '<link rel=canonical href=/c><p onclick="location=\047/d\047">葱' |
        "$adwatch" extract --json --url http://a.example/b --type text/html - | jq -e '
        .canonical == "http://a.example/c" and (.text_digest | length == 64) and
        .link_details == [{url: "http://a.example/d", kind: "script"}]'
}
check "extract: canonical, digest and kinds of links" facts
check "extract: no file" exits 1 "$adwatch" extract "$work/none.html"

# Rules and corpus.
check "lexicon check" exits 0 "$adwatch" lexicon check
corpus_asked() { "$adwatch" lexicon check 2>/dev/null | grep -Eq ' [1-9][0-9]* texts of the corpus tried, 0 errors'; }
check "and asks the corpus" corpus_asked
cp -R "$here/../../lexicons" "$work/lexicons"

# lexicon test: step by step, also what takes a hit away and where that stands.
offer='本社理财保·本保息，不承诺分红，扫码'
shown() { "$adwatch" lexicon test "$offer" | grep -Eq "$1"; }
check "lexicon test: the hard view" shown '^   hard: 本社理财保本保息，'
check "lexicon test: a claim with its place" shown '^      hard view, characters 4 to 9: 保本保息$'
check "lexicon test: what takes a hit away" shown '^      taken away by negation: .*negation.yaml:[0-9]{1,3}[)]$'
check "lexicon test: what weighs it" shown '^      weighed by advert-call: .*weight.yaml:[0-9]+[)], [+]1$'
check "lexicon test: the verdict" shown '^3. verdict: suspected, score 0[.]'
check "lexicon test: the model's part" shown '全文判断：'
as_json() {
    "$adwatch" lexicon test --json "$offer" | jq -e '
        .plain != .hard and .verdict.verdict == "suspected" and
        any(.hits[]; .outcome == "claim" and .view == "hard" and .line > 1) and
        any(.hits[]; .outcome == "void" and .by.id == "negation" and .by.line > 1)'
}
check "lexicon test --json" as_json
check "lexicon test: a text is asked for" exits 2 "$adwatch" lexicon test
check "lexicon test: no more words than one" exits 2 "$adwatch" lexicon test a b

# A rule that a reviewer adds counts at once, and the kept prefilter with it.
printf '{"id":"1","text":"投资青蛙池，呱呱叫就进账"}\n' >"$work/frog.jsonl"
frog() { "$adwatch" classify --no-model --lexicon "$work/lexicons" "$work/frog.jsonl" | jq -e "$1"; }
kept() { find "$ADWATCH_CACHE" -name 'prefilter-*.cache' | wc -l; }
check "no rule knows the frogs" frog '.claims == []'
before=$(kept)
cat >"$work/lexicons/claims/local.yaml" <<'RULE'
rules:
  - id: GR-900
    version: 1
    class: guaranteed_return
    severity: 3
    provision: advertising-law-25-1
    code: ZH39
    pattern: '呱呱叫[^，。]{0,4}进账'
    why: '说叫了就进账'
    hit:
      - '投资青蛙池，呱呱叫就进账'
RULE
check "a rule added to the folder counts" frog 'any(.claims[]; .rule == "GR-900")'
check "and the prefilter is made anew" [ "$(kept)" -gt "$before" ]
check "and used again" frog 'any(.claims[]; .rule == "GR-900")'
rm "$work/lexicons/claims/local.yaml"
sed -i 's/severity: 3/severity: 9/' "$work/lexicons/claims/capital.yaml"
check "a bad rule is named with file and line" says 'capital.yaml:' \
    "$adwatch" lexicon check --lexicon "$work/lexicons"
check "and is status 5" exits 5 "$adwatch" lexicon check --lexicon "$work/lexicons"
printf 'agent: {name: a, purpose: b, contact: c}\nsources: [{name: a, start: [http://a.example/]}]\nlexicon: ../lexicons\n' \
    >"$work/ws/adwatch.yaml"
told_once() { [ "$("$adwatch" -C "$work/ws" crawl 2>&1 | grep -c capital.yaml)" -eq 1 ]; }
check "crawl tells it once" told_once
check "and with the same status" exits 5 "$adwatch" -C "$work/ws" crawl
check "the corpus has no mistake" exits 0 "$adwatch" train --check "$here/../../corpus"
check "a precision is for a model that is made" \
    exits 2 "$adwatch" train --precision .9 --check "$here/../../corpus"
check "a precision is a share" \
    exits 2 "$adwatch" train --precision 95 --out "$work/no.awm" "$here/../../corpus"

# eval, on four texts of its own.
example() { # ID KIND LABEL TEXT [CLASS QUOTE]
    printf '{"id":"%s","channel":"web","kind":"%s","label":"%s","text":"%s","spans":[%s]}\n' \
        "$1" "$2" "$3" "$4" "${5:+{\"class\":\"$5\",\"quote\":\"$6\"\}}"
}
{
    example web-1 advert suspected '青蛙理财保本保息，年化18%，到期一分不少，加微信咨询' \
        capital_protection 保本保息
    example web-2 advert suspected '周三的池塘边见，老规矩' assured_promise 老规矩
    example web-3 warning clear '警惕以保本保息为名的骗局，请拨打举报电话'
    example web-4 other clear '今天食堂吃红烧肉'
} >"$work/held.jsonl"
measured() { "$adwatch" eval --json "$@" "$work/held.jsonl" | jq -e "$want"; }
want='.texts == 4 and .suspected.right == 1 and .suspected.missed == 1 and
    .by_kind.advert.right == 1 and .by_kind.warning.wrong == 0 and
    ([.by_kind[].judged_as[]] | add) == 4 and
    ([.calibration.bins[].texts] | add) == 4 and (.calibration.bins | length) == 10 and
    .average_precision > 0.6 and .capacity[-1].looked == 4'
check "eval: by kind, calibration and capacity" measured
want='.capacity | length == 1 and .[0].looked == 1 and .[0].right == 1 and .[0].recall == 0.5'
check "eval --capacity: one row" measured --capacity 1
check "eval: the tables" says 'expected calibration error' "$adwatch" eval "$work/held.jsonl"
check "eval --capacity: a number is asked for" exits 2 \
    "$adwatch" eval --capacity 0 "$work/held.jsonl"
drawn() {
    "$adwatch" eval --curve "$work/a.svg" "$work/held.jsonl" &&
        python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$work/a.svg" &&
        grep -q 'chosen threshold: precision 1.000, recall 0.500' "$work/a.svg" &&
        [ ! -e "$work/a.svg.tmp" ]
}
check "eval --curve: a picture" drawn
check "eval --curve: a folder that is not there" exits 1 \
    "$adwatch" eval --curve "$work/none/a.svg" "$work/held.jsonl"
sed -n 3,4p "$work/held.jsonl" >"$work/lawful.jsonl"
check "eval --curve: none without suspected texts" says 'a curve needs some' \
    "$adwatch" eval --curve "$work/b.svg" "$work/lawful.jsonl"
check "eval --curve: and no file" test ! -e "$work/b.svg"
want='(.false_alarms == []) and (.missed | length == 1) and .missed[0].id == "web-2" and
    .missed[0].text == "周三的池塘边见，老规矩" and .missed[0].verdict.verdict == "clear"'
check "eval --worst" measured --worst 5
check "eval --worst: for people" says 'web-2  score 0.0000, labelled suspected, advert; judged clear' \
    "$adwatch" eval --worst 1 "$work/held.jsonl"
check "eval --worst: a number is asked for" exits 2 \
    "$adwatch" eval --worst many "$work/held.jsonl"
"$adwatch" train --out "$work/small.awm" "$work/held.jsonl" >"$work/train.out" 2>&1
want='.texts == 4 and .against.texts == 4 and (.against.difference | length == 3) and
    .against.this_alone.texts + .against.other_alone.texts <= 4 and .against.mcnemar_p <= 1'
check "eval --against" measured --against "$work/small.awm"
check "eval --against: itself" says 'this model alone is right on 0 texts' \
    "$adwatch" eval --model "$work/small.awm" --against "$work/small.awm" "$work/held.jsonl"
check "eval --against: no model, no comparison" exits 5 \
    "$adwatch" eval --against "$work/none.awm" "$work/held.jsonl"
check "eval --against: not with --cross" says 'does not go with --cross' \
    "$adwatch" eval --cross --against "$work/small.awm" "$work/held.jsonl"
check "eval --against: that is a usage error" exits 2 \
    "$adwatch" eval --cross --against "$work/small.awm" "$work/held.jsonl"
check "eval: a corpus that is not there" exits 1 "$adwatch" eval "$work/none.jsonl"
# Names come from strangers: what is said of them moves no cursor.
no_control() { # FILE
    [ -s "$1" ] && ! LC_ALL=C tr -d '\n' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]'
}
hostile=$(printf 'none\033[2J\nok    seals        sealed')
"$adwatch" verify "$hostile" 2>"$work/hostile.err"
check "an error that quotes a hostile name is one tame line" no_control "$work/hostile.err"
check "and no more" [ "$(wc -l <"$work/hostile.err")" -eq 1 ]
check "doctor" exits 0 "$adwatch" doctor
# ---- these tests themselves ---------------------------------------------------

ports_of() { # FOLDER PORTS: what a clone there takes, or what it is told to
    mkdir -p "$work/$1" && cp "$(dirname "$0")/lib.sh" "$work/$1" &&
        printf '%s\n' 'work=$(dirname "$0")' '. "$work/lib.sh"' 'test_port 5' \
            >"$work/$1/ports.sh" && ADWATCH_TEST_PORTS=$2 sh "$work/$1/ports.sh"
}
own_ports() {
    [ "$(for clone in a b c; do ports_of "clone-$clone" ''; done | sort -u | wc -l)" -gt 1 ]
}
check "clones have ports of their own" own_ports
check "the same ones each time" [ "$(ports_of clone-a '')" = "$(ports_of clone-a '')" ]
check "or those that are named" [ "$(ports_of clone-a 20000)" = 20005 ]
check "no test has a port of its own making" sh -c \
    "! grep -nE '^[a-z ]*(port|plain|bad|tls|closed|DEMO_PORT)=[0-9]' '$(dirname "$0")'/test_*.sh"

finish
