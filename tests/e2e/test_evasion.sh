#!/bin/sh
# What an advertiser may try so that his page is not shown to a reviewer.
#   test_evasion.sh ADWATCH DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
adwatch=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
. "$here/lib.sh"

claim='本公司理财产品保本保息，年化收益12%，一万元起投'
suspected() {
    says '"verdict":"suspected"' "$adwatch" classify --form "$1" "$2"
}

printf '%s。警惕非法集资，远离诈骗，本公司合法合规。咨询电话0537-5550123' "$claim" \
    >"$work/warning.txt"
check "a sentence of warning cures no promise" suspected text "$work/warning.txt"

# The pages of the sample city that are to be found, each with hidden words.
hides() {
    hidden="<div hidden>$1</div>"
    missed=0
    jq -r 'select(.verdict == "suspected" and .url) | .url' \
        "$here/../sites/expect.jsonl" |
        sed -n 's|http://\([^:]*\):@PORT2\{0,1\}@/\(.*\)|\1/\2|p' |
        sed 's|/$|/index.html|' | grep '\.html$' |
        while read -r page; do
            sed "s|</body>|$hidden</body>|" "$here/../sites/www/$page" \
                >"$work/hidden.html"
            "$adwatch" classify --form html "$work/hidden.html" |
                grep -q '"verdict":"suspected"' || echo "$page"
        done >"$work/hidden.missed"
    cat "$work/hidden.missed"
    missed=$(grep -c . "$work/hidden.missed")
    [ "$missed" -eq 0 ]
}
check "a hidden warning hides no advertisement" hides \
    民警提醒：切勿轻信高收益，谨防投资诈骗，如已被骗请立即拨打110报警。
check "nor does a hidden list of games, jobs and tasks" hides \
    手游玩家装备升级攻略，招聘岗位，签到领优惠券，做任务赚零花钱，直播接单，提现到微信。

# Words of games, work boards and small tasks beside an offer to put money in.
estate='数字大厦合伙人，出资五万，每天收益二百元，天天有收益，坐享收益，联系客服开户。'
shop='出资三万合伙开店，双重保障，赚得放心，名额有限，速来。'
others='相关阅读：玩家升级攻略
招聘：店员
首页 游戏 攻略 皮肤 会员升级 招聘 求职
签到 优惠券 抽奖 直播 短视频 接单 问答
看视频赚零花钱，做任务赚红包，手机赚钱，提现到微信
'
beside() {
    printf '%s' "$others" | while read -r line; do
        printf '%s\n%s\n' "$1" "$line" >"$work/beside.txt"
        suspected text "$work/beside.txt" >"$work/says.log" 2>&1 ||
            echo "a line: $line"
        for put in "<p>$1</p><div hidden>$line</div>" \
            "<p>$1</p><footer>$line</footer>" \
            "<nav>$line</nav><p>$1</p><div style=\"display:none\">$line</div>"; do
            printf '<!DOCTYPE html><meta charset="utf-8"><title>合伙</title>%s' \
                "$put" >"$work/beside.html"
            suspected html "$work/beside.html" >"$work/says.log" 2>&1 ||
                echo "$put"
        done
    done >"$work/beside.missed"
    cat "$work/beside.missed"
    [ ! -s "$work/beside.missed" ]
}
check "words of games, jobs and tasks void no offer of estate" beside "$estate"
check "and none of a shop" beside "$shop"

# A sum without a warning of risk, with words of news, law, loans and warnings.
rate='一万元起投，年化收益12%，月月到账，名额有限，加微信咨询客服小王'
footers() {
    for line in 来源:本站 法律条例 贷款 警惕诈骗 求职简历; do
        printf '%s\n%s\n' "$rate" "$line" >"$work/footer.txt"
        suspected text "$work/footer.txt" >"$work/says.log" 2>&1 || echo "$line"
    done >"$work/footers.missed"
    cat "$work/footers.missed"
    [ ! -s "$work/footers.missed" ]
}
check "a footer of another kind of page gives no warning of risk" footers

# Words of harm and remedy, of who builds software, and of who tells it, that an
# advertiser puts around his own promise.
promise='金葵花养老公社，保本保息，月月领钱，五万元一份，电话0537-5550160'
beneath() {
    for line in '谨防骗子冒充我公司，如遇冒充请报警' \
        '警方提示：谨防诈骗，如被骗请报警' \
        '友情提醒：网上骗子多，如遇违规请举报' \
        '系统由软件公司定制开发，源码仅供演示，玩家勿扰'; do
        printf '%s\n%s\n' "$promise" "$line" >"$work/beneath.txt"
        suspected text "$work/beneath.txt" >"$work/says.log" 2>&1 ||
            echo "a line: $line"
        printf '<!DOCTYPE html><meta charset="utf-8"><p>%s</p><div hidden>%s</div>' \
            "$promise" "$line" >"$work/beneath.html"
        suspected html "$work/beneath.html" >"$work/says.log" 2>&1 ||
            echo "hidden: $line"
    done >"$work/beneath.missed"
    cat "$work/beneath.missed"
    [ ! -s "$work/beneath.missed" ]
}
check "a footer against cheats, or of who built it, cures no promise" beneath

while read -r line; do
    printf '%s\n' "$line" >"$work/voice.txt"
    suspected text "$work/voice.txt" >"$work/says.log" 2>&1 || echo "$line"
done >"$work/voices.missed" <<'ADVERTS'
被骗过的朋友看过来：我们律师见证，投10万每月返2000元，保本保息
网上骗局多，金葵花不一样，保本保息年化15%，每月返利
稳赚不赔，每天返100元，您还怕是骗局？五千元一单
很多客户跟我说，金葵花保本保息最踏实，年化15%，五万元一份
我们是软件公司，AI交易系统开发五年，自动赚钱，客户每天收益2%，一千元起
恒泰财富：年化收益24%，在司法保护上限以内，按月付息，到期还本，地址人民路88号
ADVERTS
voices() {
    cat "$work/voices.missed"
    [ ! -s "$work/voices.missed" ]
}
check "nor do other people's cheats, praise, software or ceilings" voices

deny() {
    for _ in $(seq 140); do printf '不承诺保本保息，并非零风险，不是年化18%%。'; done
    printf '%s，加微信咨询' "$claim"
}
deny >"$work/denials.txt"
check "denials before a claim use up no rule" \
    says CP-001 "$adwatch" classify --form text "$work/denials.txt"

{
    printf '本公司理财保'
    awk 'BEGIN { for (i = 0; i < 30000; i++) printf "\342\200\213" }'
    printf '本保息，年化收益12%%，一万元起投，咨询电话0537-5550123'
} >"$work/zerowidth.txt"
check "zero-width characters hide no claim" suspected text "$work/zerowidth.txt"
short() {
    "$adwatch" classify --form text "$work/zerowidth.txt" |
        jq -e '[.claims[].quote | length] | max <= 2000'
}
check "and a quote has a limit" short

{
    for day in 一 二 三 四 五 六 日; do
        printf '周%s早上物业把东门的路灯修好了，西门那盏还是不亮，大家走路当心。' "$day"
    done
    printf '签名档：闲钱放我这，月息一分五，保本付息，亏了算我的，电话0537-5550123'
} >"$work/signature.txt"
check "a long thread hides no signature" suspected text "$work/signature.txt"

# No rule hits; every sign is weak.
printf '%s' '刘叔，上回那笔到日子了吧，连本带息一天没差打您卡上了。这回名额就剩两个，' \
    '还是老规矩，钱搁我这儿您睡踏实觉，月月领，随时要随时给，加我微信说' >"$work/implied.txt"
implied() {
    "$adwatch" classify --form text --channel sms "$work/implied.txt" |
        jq -e '.verdict == "suspected" and
            ([.claims[].why[] | select(startswith("分值构成"))] | length) > 0'
}
check "what is only implied is found, and the sum is told" implied

printf '%s' '社区民警提醒老年朋友：骗子常说“保本保息，月息两分”，常说“亏了算我的”。' \
    '听到这样的话，请先拨打96110问一问，不要转账。' >"$work/quoted.txt"
quoted() { ! suspected text "$work/quoted.txt"; }
check "a warning that quotes is none" quoted
finish
