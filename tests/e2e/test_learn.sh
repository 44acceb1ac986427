#!/bin/sh
# What reviewers decided, learned from: shown, put into use, taken back.
#   test_learn.sh ADWATCH DIR
set -u
. "$(dirname "$0")/faults.sh"
ws=$work/ws
corpus=$here/../../corpus
mkdir -p "$ws" "$work/in"
cat >"$ws/adwatch.yaml" <<'END'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - name: a
    start: ['http://127.0.0.1:9/']
END
printf '本理财保本保息，年化收益18%%，到期一分不少，加微信咨询' >"$work/in/a.txt"
printf '本公司投资稳赚不赔，保证收益，年化20%%，快来投资' >"$work/in/b.txt"
adwatch_in() { "$adwatch" -C "$ws" "$@"; }
train() { # STATUS OPTION...: $work/out
    want=$1
    shift
    exits "$want" "$adwatch" -C "$ws" train "$@" >"$work/out" 2>&1
    train_rc=$?
    head -20 "$work/out"
    return $train_rc
}
out_says() { grep -qE -- "$1" "$work/out" || { cat "$work/out"; return 1; }; }
model() { adwatch_in doctor | sed -n 's/^model *//p'; }
decisions() { # JQ
    jq -e -s "$1" "$ws/learn/decisions.jsonl" || { cat "$ws/learn/decisions.jsonl"; return 1; }
}

adwatch_in ingest "$work/in" >/dev/null 2>&1
check "the queue may be by chance" adwatch_in triage --json --order random --seed 7
check "whose seed is told" says 'seed=7' "$adwatch" -C "$ws" triage --order random --seed 7
check "or the most uncertain first" says '"id":1' "$adwatch" -C "$ws" triage --json --order uncertain
check "there is no other order" exits 2 "$adwatch" -C "$ws" triage --order best
check "a seed is for chance alone" exits 2 "$adwatch" -C "$ws" triage --seed 7
check "without decisions there is nothing to learn" train 1 --decisions "$corpus"
check "which is said" out_says 'nothing to learn from'
check "one is confirmed" adwatch_in decide 1 confirm --as R-01
check "one is dismissed" adwatch_in decide 2 dismiss --as R-02 --reason 样例
shipped=$(model)

check "decisions are learned from" train 0 --decisions "$corpus"
check "they stand apart, with who and when" decisions 'length == 2 and
    (.[0] | .finding == 1 and .by == "R-01" and .label == "suspected" and (.spans | length > 0)
        and (.at | startswith("20"))) and
    (.[1] | .finding == 2 and .by == "R-02" and .label == "clear" and .spans == [])'
check "in the form of the corpus" "$adwatch" train --check "$ws/learn/decisions.jsonl"
check "what they change is shown" out_says '^F1 +[01]\.[0-9]{3} +[01]\.[0-9]{3} +[+-]0\.[0-9]{3}$'
check "on texts that were not trained on" out_says 'neither model was trained on'
check "nothing is in use by that" [ "$(model)" = "$shipped" ]

check "with --use it is" train 0 --decisions --use "$corpus"
learned=$(model)
check "by the whole workspace" [ "$learned" != "$shipped" ]
check "from its own folder" sh -c 'echo "$1" | grep -qF "$2/learn/model-"' - "$learned" "$ws"
hash=${learned##*sha256:}
printf '张家庄理财，保本保息，加微信' >"$work/in/c.txt"
adwatch_in ingest "$work/in/c.txt" >/dev/null 2>&1
check "findings are of that model" sh -c \
    '"$1" -C "$2" triage --json | jq -e -s "any(.[]; tostring | contains(\"$3\"))"' - "$adwatch" "$ws" "$hash"
check "another one after it" train 0 --decisions --use "$corpus"
check "is in use" [ "$(model)" != "$learned" ]
check "and taken back" train 0 --undo
check "for the one before" [ "$(model)" = "$learned" ]
check "that too" train 0 --undo
check "for the one that came with adwatch" [ "$(model)" = "$shipped" ]
check "there is no other to go back to" train 1 --undo

check "it may go elsewhere" train 0 --decisions --out "$work/mine.awm" "$corpus"
check "where it can be measured" "$adwatch" eval --model "$work/mine.awm" "$ws/learn/decisions.jsonl"
check "but not into use from there" train 2 --decisions --use --out "$work/mine.awm" "$corpus"
check "--use is not for the corpus alone" train 2 --use "$corpus"

finish
