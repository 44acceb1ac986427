#!/bin/sh
# A bundle's way to others: a copy without personal data, what its recipient
# wants, and who had it.   test_handover.sh ADWATCH DIR
set -u
adwatch=$1
work=$2
rm -rf "$work"
mkdir -p "$work"
. "$(dirname "$0")/lib.sh"

ws=$work/ws
third=13900005678
own=13800001234
USER=王芳
export USER
mkdir -p "$ws"
cat >"$ws/adwatch.yaml" <<'EOF'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - {name: none, start: ['http://127.0.0.1:9/']}
EOF
run() { "$adwatch" -C "$ws" "$@"; }

cat >"$work/page.html" <<EOF
<!DOCTYPE html><meta charset=utf-8><title>样例理财</title>
<p>本理财保本保息，年化收益18%，到期一分不少，稳赚不赔。</p>
<p>咨询热线：$own</p>
<p>客户张先生（139<b>0000</b>5678）去年投了十万，$third 可以作证。</p>
EOF

check "a page is handed in" run ingest "$work/page.html"
check "it is confirmed" run decide 1 confirm --as 王芳 \
    --reason "举报人电话 $third 已核实"
user() { echo 'a long enough password' | run user add "$@"; }
check "an officer is known" user 李小红 --role reviewer --certificate 样0001
check "and who makes it" user 王芳 --role reviewer
check "it is bundled, with a copy" run bundle 1 --redact \
    --officer 李小红
whole=$(ls "$ws"/bundles/*Z.zip)
copy=$(ls "$ws"/bundles/*-redacted.zip)
bundle=$(basename "$whole" .zip)

# ---- the copy ------------------------------------------------------------------

# All that is in a bundle, records of WARC and WACZ unpacked too.
texts() { # BUNDLE
    rm -rf "$work/open"
    mkdir "$work/open"
    unzip -q "$1" -d "$work/open" || return 1
    find "$work/open" -name '*.wacz' -exec unzip -qo {} -d {}.d \;
    find "$work/open" -type f ! -name '*.gz' -exec cat {} +
    find "$work/open" -name '*.gz' -exec zcat {} \;
}
holds() { texts "$1" | grep -aqF -- "$2"; }
lacks() { ! holds "$1" "$2"; }
lists() { unzip -p "$copy" '*/redactions.json' | grep -qF -- "$1"; }
check "the whole one holds the number" holds "$whole" "$third"
check "the copy does not" lacks "$copy" "$third"
check "nor in parts" lacks "$copy" "139<b>"
check "it keeps what the advertiser offers" holds "$copy" "$own"
check "and has marks" holds "$copy" "客户■先生"
check "and a list of both" holds "$copy" "\"value\":\"$own\""
check "the whole one is true" run verify "$whole"
check "the copy is true" "$adwatch" verify "$copy"
check "the copy tells what it is" says "a copy of $bundle" \
    "$adwatch" verify "$copy"
check "what a decision says of others is told" lists '"decisions":[{"id":1}'
page=$(unzip -p "$copy" '*/data/00-*.html')
shows() { printf '%s' "$page" | grep -qF -- "$1"; }
check "its page for people tells that it is a copy" shows "脱敏副本"
check "its own name" shows "$bundle-redacted"
check "and where the list is" shows "10-隐私"
record() { unzip -p "$copy" '*/data/09-*/2-*.html'; }
check "the office's officers stay" says "李小红" record
digests() {
    unzip -p "$copy" '*/data/09-*/3-*.html' |
        grep -qF "$(unzip -p "$copy" '*/data/06-*/capture-1.txt' |
            sha256sum | cut -c1-64)"
}
check "the list of evidence has the copy's digests" digests
check "it is not redacted twice" exits 1 run redact "$copy"
check "nor over one that is there" exits 1 run redact "$bundle"
printf '%s\n' "$third" >"$work/keep"
other=$work/other # where this bundle is in no chain
mkdir -p "$other"
cp "$ws/adwatch.yaml" "$other/"
check "what is named stays" "$adwatch" -C "$other" redact "$whole" \
    --keep "$work/keep"
copy=$(ls "$other"/bundles/*-redacted.zip)
check "and is in the copy" holds "$copy" "$third"

mkdir "$work/false"
cp "$whole" "$work/false/"
printf x | dd of="$work/false/$bundle.zip" bs=1 seek=300 conv=notrunc 2>/dev/null
check "no copy is made of what is false" says 'is false, no copy' \
    run redact "$work/false/$bundle.zip"

# ---- what the recipient wants --------------------------------------------------

check "what is missing is told" exits 1 "$adwatch" transfer check "$whole" \
    --to 公安机关
check "item by item" says '"item":"second-seal"' "$adwatch" transfer check \
    "$whole" --to police --json
check "what a person does is told" says '须人工办理' "$adwatch" transfer \
    check "$whole" --to 处非牵头部门
check "nobody's list is a usage error" exits 2 "$adwatch" transfer check \
    "$whole" --to 某人

# ---- its way -------------------------------------------------------------------

mkdir "$work/out"
check "a copy is exported" run custody "$bundle" export --to "$work/out"
check "it is the same" cmp "$whole" "$work/out/$bundle.zip"
check "not twice" exits 1 run custody "$bundle" export --to "$work/out"
check "it is handed over" run custody "$bundle" hand-over --to 样例市公安局 \
    --person 李某 --contact 0537-0000000 --purpose 线索移送
sent=$(run custody "$bundle" | awk '/移交/ { print $1 }')
digest=$(sha256sum "$whole" | cut -c1-64 | tr a-f A-F)
check "and received" run custody "$bundle" receipt --of "$sent" \
    --number '样公收1号' --digest "$digest" --day "$(TZ=UTC-8 date +%F)"
check "an option of another act is a usage error" exits 2 run custody "$bundle" \
    open --of 1
check "all is in order" run custody "$bundle"
for act in 制作 打开 导出 移交 签收; do
    check "$act is told" says "$act" run custody "$bundle"
done
check "the audit chain holds" run audit verify
check "a receipt of other bytes is told" exits 1 run custody "$bundle" receipt \
    --of "$sent" --number 2 --digest "$(printf x | sha256sum | cut -c1-64)"
check "and stays told" exits 1 run custody "$bundle"

printf x | dd of="$whole" bs=1 seek=200 conv=notrunc 2>/dev/null
check "a file that was touched is told" says 'no seal or stamp says why' \
    run custody "$bundle"
check "and handed over with that said" exits 1 run custody "$bundle" \
    hand-over --to 样例市公安局 --person 李某

finish
