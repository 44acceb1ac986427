#!/bin/sh
# Broken models, rules and documents: each is told, with its place and the
# status of the design, and none is taken for clear.   test_input.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
. "$here/lib.sh"

model=$(dirname "$adwatch")/model.awm
[ -e "$model" ] || model=$here/../../build/model.awm
offer='{"id":"a1","text":"本理财保本保息，年化18%，到期一分不少，加微信咨询"}'
printf '%s\n' "$offer" >"$work/offer.jsonl"

# refused STATUS TEXT COMMAND...: that status, TEXT on standard error, and
# nothing on standard output.
refused() {
    want=$1 text=$2
    shift 2
    got=0
    "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" -eq "$want" ] && [ ! -s "$work/out" ] && grep -qF -- "$text" "$work/err" || {
        echo "status $got, not $want with '$text':"
        cat "$work/out" "$work/err"
        return 1
    }
}

# ---- the model ---------------------------------------------------------------
bad=$work/bad.awm
with_model() { refused 5 "$1" "$adwatch" classify --model "$bad" "$work/offer.jsonl"; }
# flip FILE OFFSET: another byte there, whatever stood there.
flip() {
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf "$(printf '\\%03o' $(((byte + 1) % 256)))" |
        dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
size=$(stat -c %s "$model")
check "the model as it is" exits 0 "$adwatch" classify --model "$model" "$work/offer.jsonl"
for len in 0 1 40 63 64 4096 $((size / 2)) $((size - 1)); do
    head -c "$len" "$model" >"$bad"
    check "a model of $len bytes is refused with its name" with_model "/bad.awm': "
    check "and with what to do" with_model "run 'adwatch train'"
done
{ cat "$model"; echo; } >"$bad"
check "a model with something behind it" with_model 'cut off or has something behind it'
for at in 64 500 $((size / 3)) $((size - 1)); do
    cp "$model" "$bad"
    flip "$bad" "$at"
    check "a model with byte $at changed" with_model "/bad.awm': its checksum is wrong"
done
cp "$model" "$bad"
flip "$bad" 8
check "a model of another version" with_model 'it is of another version'
cp "$model" "$bad"
flip "$bad" 12
check "a model of another byte order" with_model 'another byte order'
cp "$model" "$bad"
flip "$bad" 30
check "a model of another shape" with_model 'it is of another shape'
cp "$model" "$bad"
flip "$bad" 0
check "a file that is none" with_model 'it is no model of adwatch'
rm "$bad"
check "no model" with_model "/bad.awm' (run 'adwatch train' to make it)"
mkdir "$bad"
check "a folder" with_model "/bad.awm': it is no file of"
rmdir "$bad"
truncate -s 20M "$bad"
check "a model that is too large" with_model 'it is no file of 1 to'

# ---- rules -------------------------------------------------------------------
checked() {
    got=0
    "$adwatch" lexicon check --lexicon "$work/lexicons" >"$work/out" 2>&1 || got=$?
    [ "$got" -eq 5 ] && grep -qF -- "$1" "$work/out"
}
with_rules() { # FILE TEXT: each command that reads rules says it, with status 5
    refused 5 "$2" "$adwatch" classify --lexicon "$work/lexicons" "$work/offer.jsonl" &&
        checked "$1"
}
broken() { # NAME FILE TEXT: FILE is what standard input says
    rm -rf "$work/lexicons"
    cp -R "$here/../../lexicons" "$work/lexicons"
    cat >"$work/lexicons/$2"
    check "$1" with_rules "$2" "$2:$3"
}
printf 'rules:\n  - id: CP-001\n\tversion: 1\n' | broken "a tab in YAML" claims/capital.yaml 3
printf 'rules:\n  - {id: "CP-001\n' | broken "a text that does not end" claims/capital.yaml ''
printf 'rules:\n  - colour: red\n' |
    broken "an unknown key" claims/capital.yaml '2: Unexpected key: colour'
printf 'rules:\n  - id: CP-001\n    version: 1\n' | broken "a key that is missing" claims/capital.yaml ''
printf 'contexts: []\n' | broken "contexts among claims" claims/capital.yaml 1
printf 'rules: [&a {}, *a]\n' | broken "an alias" claims/capital.yaml ''
printf 'rules:\n  - id: "CP-\377\376"\n' | broken "bytes that are no UTF-8" claims/capital.yaml ''
printf 'rules:\n  - id: "CP\000-001"\n' | broken "a NUL" claims/capital.yaml ''
printf '' | broken "an empty file" claims/capital.yaml 1
head -c 1100000 /dev/zero | tr '\0' '#' | broken "a file that is too large" claims/capital.yaml '1: the file is larger than'
sed "s/pattern: '/pattern: '(/" "$here/../../lexicons/claims/capital.yaml" |
    broken "a pattern that does not compile" claims/capital.yaml '1'
printf 'lists: 3\n' | broken "lists that are none" lists.yaml 1
printf 'provisions:\n  - title: a\n' | broken "a provision without an id" provisions/advertising.yaml ''

# ---- how grave: the table changes without a rebuild ----------------------------
grave() { "$adwatch" classify --lexicon "$work/lexicons" "$work/elder.jsonl" | jq -e "$1"; }
printf '%s\n' '{"id":"e","text":"叔叔阿姨们，养老公寓床位，保本保息，年化18%，加微信咨询"}' >"$work/elder.jsonl"
rm -rf "$work/lexicons"
cp -R "$here/../../lexicons" "$work/lexicons"
check "audience and trade are told with their words" grave '
    any(.claims[]; .quote == "保本保息" and .severity == 3 and
        ([.severity_parts[] | .points] | add) == .severity_points and
        any(.severity_parts[]; .part == "audience" and .word == "叔叔阿姨") and
        any(.severity_parts[]; .part == "sector" and .word == "养老公寓"))'
check "and in the reasons" grave 'all(.claims[]; .why[-1] | startswith("严重程度"))'
sed -i '/id: grave/{n;s/points: 8/points: 20/}' "$work/lexicons/severity.yaml"
check "another grade counts at once" grave 'all(.claims[]; .severity < 3)'
rm "$work/lexicons/severity.yaml"
check "without the table it is the rule's own" grave '
    any(.claims[]; .severity == 3) and all(.claims[]; has("severity_parts") | not)'
sed 's/part: audience/part: people/' "$here/../../lexicons/severity.yaml" |
    broken "a part that is none" severity.yaml ''
sed 's/points: 2/points: many/' "$here/../../lexicons/severity.yaml" |
    broken "points that are no number" severity.yaml ''
sed 's/老年朋友/老年朋友ＡＢ/' "$here/../../lexicons/severity.yaml" |
    broken "a word in a form that is never read" severity.yaml ''

# ---- documents ---------------------------------------------------------------
lines() { "$adwatch" classify --form jsonl "$@"; }
utf8() { # bytes that are none: offsets count each as one, the answer is UTF-8
    printf '{"id":"\377","text":"a\377\376\344\277保本保息，加微信"}\n' >"$work/bytes.jsonl"
    lines "$work/bytes.jsonl" >"$work/out" && iconv -f utf-8 -t utf-8 "$work/out" >"$work/same" &&
        jq -e 'any(.claims[]; .quote == "保本保息" and .start == 5 and .end == 9)' "$work/out"
}
check "bytes that are no UTF-8 are counted one by one" utf8
printf '\357\273\277%s\r\n' "$offer" >"$work/mark.json"
check "a byte order mark is no text" says '"id":"a1","verdict":"suspected"' \
    "$adwatch" classify "$work/mark.json"
printf '%s' "$offer" | iconv -t utf-16 >"$work/wide.jsonl"
check "UTF-16 is refused" refused 1 'wide.jsonl:1: there is a NUL' lines "$work/wide.jsonl"
printf '葱\000保本\n' >"$work/nul.txt"
check "a file with a NUL is not clear" refused 1 'nul.txt: no text in it' \
    "$adwatch" classify "$work/nul.txt"
said() { # STATUS TEXT INPUT
    printf '%b' "$3" >"$work/said.jsonl"
    refused "$1" "$2" lines "$work/said.jsonl"
}
check "a member that stands there twice" said 1 '1: "text" stands there twice' \
    '{"text":"葱","text":"保本"}\n'
check "an array" said 1 'said.jsonl:1: this is no JSON object' '[]\n'
check "a line cut off" said 1 'said.jsonl:2: this is no JSON object' '\n{"text":"葱"\n'
check "half a surrogate" said 1 'said.jsonl:1: this is no JSON object' '{"text":"\\ud800"}'
check "an empty object" said 1 'said.jsonl:1: "text" or "html" is missing' '{}'
check "a page without text" said 1 'said.jsonl:1: no text in it' '{"html":"<p> "}'
check "an unknown channel" said 1 "said.jsonl:1: channel 'moon' is none of" \
    '{"channel":"moon","text":"a"}'
deep() { # 100,000 brackets, alone and in a member
    awk 'BEGIN { for (i = 0; i < 1e5; i++) printf "["; print ""
        printf "{\"text\":\"a\",\"b\":"; for (i = 0; i < 9e4; i++) printf "[" 
        for (i = 0; i < 9e4; i++) printf "]"; print "}" }' >"$work/deep.jsonl"
    refused 1 'deep.jsonl:2: ' lines "$work/deep.jsonl"
}
check "brackets without end" deep
check "unknown members are passed over" says '"verdict":"clear"' \
    sh -c "echo '{\"text\":\"葱\",\"Text\":\"保本保息\",\"x\":{\"text\":[1]}}' | '$adwatch' classify"
check "no line is no document" exits 0 "$adwatch" classify --form jsonl /dev/null
: >"$work/empty.txt"
check "an empty file is told" refused 1 'empty.txt: no text in it' "$adwatch" classify "$work/empty.txt"
check "an empty text is clear" says '"verdict":"clear","score":0' \
    sh -c "echo '{\"text\":\"\"}' | '$adwatch' classify"
long() { # a line of 100 MB, told by its number; the next one is read
    { printf '{"text":"'; head -c 104857600 /dev/zero | tr '\0' x; printf '"}\n%s\n' "$offer"; } |
        lines >"$work/out" 2>"$work/err"
    [ $? -eq 3 ] && grep -q '^adwatch: -:1: a line is longer than 67108864 bytes$' "$work/err" &&
        [ "$(wc -l <"$work/out")" -eq 1 ] && grep -q '"id":"a1"' "$work/out"
}
check "a line of 100 MB" long
whole() {
    head -c 104857600 /dev/zero | tr '\0' x >"$work/long.txt"
    refused 1 'long.txt: more than 67108864 bytes' "$adwatch" classify "$work/long.txt"
    status=$?
    rm -f "$work/long.txt"
    return $status
}
check "a text of 100 MB" whole
finish
