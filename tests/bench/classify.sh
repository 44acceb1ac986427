#!/usr/bin/env bash
# classify against fastText's predict, on one core, by turns in one run.
#   classify.sh ADWATCH DIR [TEXTS.tsv]
# TEXTS.tsv has a text in the last column of each line: without it, the corpus
# is read ten times. fastText has a model of character trigrams, trained on the
# corpus, one thread, its defaults else. Processor time counts; what a start
# takes is measured with one line and taken off in the second figure.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
adwatch=$1 dir=$2 texts=${3:-}
rounds=5
mkdir -p "$dir"
cd "$dir"

corpus_texts() {
    sed -E 's/^.*"text":"(([^"\\]|\\.)*)".*$/\1/; s/\\["\\n]/ /g' \
        "$here"/corpus/*.jsonl
}
if [ -n "$texts" ]; then
    awk -F'\t' '{ print $NF }' "$texts" >lines.txt
else
    for _ in 1 2 3 4 5 6 7 8 9 10; do corpus_texts; done >lines.txt
fi
tr -d '"\\\000-\011\013-\037' <lines.txt >plain.txt
awk '{ print "{\"id\":" NR ",\"channel\":\"web\",\"text\":\"" $0 "\"}" }' \
    plain.txt >texts.jsonl
head -1 plain.txt >one.txt
head -1 texts.jsonl >one.jsonl
paste -d' ' <(sed -E 's/^.*"label":"([a-z]*)".*$/__label__\1/' \
    "$here"/corpus/*.jsonl) <(corpus_texts) >train.txt
fasttext supervised -input train.txt -output trigrams -minn 3 -maxn 3 \
    -thread 1 >fasttext.log 2>&1
"$adwatch" classify one.jsonl >verdicts.out # fills the cache

# Processor seconds of a command on one core.
seconds() {
    local TIMEFORMAT='%U %S'
    { time taskset -c 0 "$@" >verdicts.out 2>run.log; } 2>&1 |
        awk '{ print $1 + $2 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
: >a.all; : >a.one; : >f.all; : >f.one
for ((round = 0; round < rounds; round++)); do
    seconds "$adwatch" classify texts.jsonl >>a.all
    seconds fasttext predict trigrams.bin plain.txt >>f.all
    seconds "$adwatch" classify one.jsonl >>a.one
    seconds fasttext predict trigrams.bin one.txt >>f.one
done
awk -v n="$(wc -c <plain.txt)" -v a="$(median <a.all)" -v a1="$(median <a.one)" \
    -v f="$(median <f.all)" -v f1="$(median <f.one)" 'BEGIN {
    printf "classify: %.1f MB of text, medians of processor time\n", n / 1e6
    printf "  adwatch  %.2f s, start %.3f s: %.1f MB/s, without start %.1f\n",
        a, a1, n / a / 1e6, n / (a - a1) / 1e6
    printf "  fasttext %.2f s, start %.3f s: %.1f MB/s, without start %.1f\n",
        f, f1, n / f / 1e6, n / (f - f1) / 1e6
    printf "  %.1f times fasttext, without start %.1f times\n",
        f / a, (f - f1) / (a - a1) }'
rm -f trigrams.bin trigrams.vec
