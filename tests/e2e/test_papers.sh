#!/bin/sh
# Papers of a bundle, printed by a real browser; hostile words; the office's own
# templates.
#   test_papers.sh ADWATCH DIR
set -u
ADWATCH_RENDER=yes
slot=21
. "$(dirname "$0")/sites.sh"
TMPDIR=$(mktemp -d /tmp/aw-XXXXXX) # for profiles: a short one
export TMPDIR
trap 'end_all; rm -rf "$TMPDIR"' EXIT
mkdir -p "$work/in"
cat >"$ws/adwatch.yaml" <<'END'
agent: {name: adwatch, purpose: test, contact: 'mailto:test@example.invalid'}
sources:
  - name: a
    start: ['http://127.0.0.1:9/']
evidence:
  office: {name: 样例市市场监督管理局, telephone: 0537-5550100}
END
long=$(awk 'BEGIN { for (i = 0; i < 1000; i++) printf "长" }')
printf '<!doctype html><meta charset=utf-8><title>金汇财富 招商</title><p>本公司理财产品保本保息，年化收益18%%，零风险，到期保证兑付！</p><p>稳赚不赔，&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; \342\200\256零风险，保证兑付本金！%s</p><p>电话 0537-5550123</p>\n' \
    "$long" >"$work/in/hostile.html"
adwatch_in() { "$adwatch" -C "$ws" "$@"; }
adwatch_in ingest "$work/in" >"$work/ingest.out" 2>&1
finding=$(adwatch_in triage --json | jq -s '.[0].id')
adwatch_in decide "$finding" confirm --as wang >/dev/null
check "a bundle is made with papers" \
    adwatch_in bundle "$finding" --case '样市监〔2026〕1号'
zip=$(ls "$ws"/bundles/*.zip)
check "verify has nothing against them" "$adwatch" verify "$zip"

unzip -q "$zip" -d "$work/open"
papers=$(echo "$work"/open/*/data/09-文书)
text() { # PART: the words of that PDF, without what breaks lines
    pdftotext -raw "$papers"/*"$1".pdf - | tr -d ' \n\f'
}
holds() { # PART WORDS...
    text "$1" >"$work/text"
    shift
    for words; do
        grep -qF -- "$words" "$work/text" || { echo "no $words"; return 1; }
    done
}
check "移送函 says whose claims, what law, and what is missing" holds 移送函 \
    涉嫌违法广告线索移送函 样例市市场监督管理局 '样市监〔2026〕1号' 保本保息 \
    广告法 '<script>alert(1)</script>' ']]>' 待填写 收文单位
check "提取笔录 has officers, witness, steps, results" holds 提取笔录 \
    执法证号 见证人 提取步骤 提取结果 SHA-256 SM3 待填写
check "证据清单 has all that is asked for" holds 证据清单 制作方法 制作时间 \
    制作人 证明对象 SHA-256 SM3
check "监测情况说明 is there" holds 情况说明 监测怎样进行
no_verdict() {
    for pdf in "$papers"/*.pdf; do
        ! pdftotext -raw "$pdf" - | tr -d ' \n\f' |
            grep -E '违法事实成立|构成非法集资|系违法|属于违法|构成违法' || return 1
    done
}
check "no paper says that it is illegal" no_verdict
sound() { # A4, fonts embedded
    for pdf in "$papers"/*.pdf; do
        pdfinfo "$pdf" | grep -q '(A4)' || return 1
        pdffonts "$pdf" | awk 'NR > 2 && $(NF-4) != "yes" { bad = 1 }
            END { exit bad || NR < 3 }' || return 1
    done
}
is_text() { # no font is a drawing of letters, as Type 3 is
    for pdf in "$papers"/*.pdf; do
        ! pdffonts "$pdf" | grep 'Type 3' || return 1
    done
}
# What was handed in has no screenshots, so there is no paper of these.
check "four PDFs" test "$(ls "$papers"/*.pdf | wc -l)" -eq 4
check "all are A4 with their fonts in them" sound
if fc-list | grep -q WenQuanYi; then
    check "their letters are of TrueType fonts" is_text
fi
list_digest() { # the digest of the list, by other people's tools
    want=$(grep -o '<items sha256="[0-9a-f]*' "$papers/case.xml" | cut -d'"' -f2)
    got=$(cd "$work"/open/*/ && grep -v -e ' data/09-文书/' -e bundle-chain.json manifest-sha256.txt |
        LC_ALL=C sort -k2 | sha256sum | cut -d' ' -f1)
    [ "$want" = "$got" ] || { echo "$want $got"; return 1; }
}
check "the list's digest is that of the manifest's lines" list_digest
same_sm3() { # of each item, as the manifest has it
    sed -n 's|.*<file>\(data/.*\)</file>|\1|p; s|.*<sm3>\(.*\)</sm3>|\1|p' \
        "$papers/case.xml" | awk '/^data/ { file = $0; next } { print $0 "  " file }' |
        sort >"$work/listed"
    [ "$(wc -l <"$work/listed")" -gt 5 ] &&
        ! grep -vxFf "$work"/open/*/manifest-sm3.txt "$work/listed"
}
check "each SM3 in it is the manifest's" same_sm3

# ---- anew -------------------------------------------------------------------
check "paper makes them anew, to somebody" \
    "$adwatch" -C "$ws" paper "$zip" --to 样例处非办 --out "$work/anew"
papers=$work/anew/09-文书
check "with who gets it" holds 移送函 样例处非办：
cp -R "$here/../../papers" "$work/own"
sed -i 's/<h1>证据清单/<h1>本局证据目录/' "$work/own/证据清单.xsl"
check "the office's own template" env ADWATCH_RENDER=no \
    "$adwatch" paper "$zip" --templates "$work/own" --out "$work/own-out"
check "is used" grep -q 本局证据目录 "$work/own-out/09-文书/3-证据清单.html"
check "without a browser there is no PDF" \
    test ! -e "$work/own-out/09-文书/3-证据清单.pdf"
printf '<x>\n<y></x>' >"$work/own/证据清单.xsl"
check "a broken template is told with its line" says '证据清单.xsl:2:' \
    env ADWATCH_RENDER=no "$adwatch" paper "$zip" \
    --templates "$work/own" --out "$work/own-out"

# ---- a page that a browser showed -------------------------------------------
fresh seen
page shown.example index.html "<h1>金汇财富</h1>$claim"
start_node 127.0.6.95
resolve='shown.example 127.0.6.95'
configure 'pause_ms: 0' "$(start shown.example 'render: yes')"
printf '%s\n' 'render:' '  load_ms: 60000' >>"$ws/adwatch.yaml"
crawl
check "a run with a browser goes well" ran 0
finding=$(adwatch_in triage --json | jq -s '.[0].id')
adwatch_in decide "$finding" confirm --as wang >/dev/null
check "what was found is made a bundle" adwatch_in bundle "$finding"
unzip -q "$ws"/bundles/*.zip -d "$work/shown"
papers=$(echo "$work"/shown/*/data/09-文书)
check "提取笔录 tells address, clock, browser and comparison" holds 提取笔录 \
    "服务器地址127.0.6.95端口$port" 系统时钟 Chromium 与普通获取比对 可见文字
check "with no word that it was not recorded" \
    sh -c '! grep 存档未记录 "$1"' - "$papers/2-电子数据提取笔录.html"
pictures() { # as many in the PDF as screenshots in the bundle
    shots=$(ls "$papers"/../05-截图/*.png | wc -l)
    images=$(pdfimages -list "$papers"/4-*.pdf | awk 'NR > 2 && $3 == "image"' | wc -l)
    [ "$shots" -ge 2 ] && [ "$images" -ge "$shots" ] || { echo "$shots $images"; return 1; }
}
check "截图固定页 has each screenshot" pictures
check "with its place and its digest" holds 截图固定页 "http://shown.example:$port/" \
    "$(sha256sum "$papers"/../05-截图/*首屏.png | cut -c1-64)"
finish
