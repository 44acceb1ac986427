# A site of `pages` pages in DIR, with `size` bytes of text each (12,600 where
# nothing is said: about 14 KB of HTML): Chinese text of common words from a fixed seed, ten links each, so that all are reached from page 0. One
# page in a hundred is an advertisement with claims; the other words are
# neutral.   awk -v dir=DIR -v pages=N -f site.awk

function word() { return words[int(rand() * count) + 1] }

function sentence(    i, s) {
    s = ""
    for (i = 6 + int(rand() * 14); i > 0; i--)
        s = s word() (rand() < 0.1 ? "，" : "")
    return s "。"
}

function link(to) { return "<li><a href=\"/p" to ".html\">" sentence() "</a></li>" }

BEGIN {
    srand(20261123)
    if (!size)
        size = 12600
    count = split("居民 社区 公园 道路 施工 通知 学校 家长 老师 孩子 " \
        "天气 下雨 医院 医生 挂号 交通 公交 线路 调整 时间 上午 下午 活动 报名 " \
        "电话 地址 服务 中心 市场 价格 蔬菜 水果 超市 会员 优惠 银行 " \
        "产品 公司 项目 合同 客户 " \
        "工作 我们 大家 可以 已经 " \
        "进行 需要 为了 因为 所以 如果 但是 一个 这个 那个 很多 非常 希望", words, " ")
    for (p = 0; p < pages; p++) {
        file = dir "/p" p ".html"
        body = ""
        bytes = 0
        while (bytes < size) {
            text = "<p class=\"text\">" (p % 100 == 50 ? \
                "我公司理财产品火热发售，欢迎来电咨询，名额有限，立即加入。" : \
                sentence() sentence() sentence()) "</p>\n"
            body = body text
            bytes += length(text)
        }
        heading = sentence()
        if (p % 100 == 50) {
            heading = "稳健理财产品，诚邀投资，欢迎来电咨询"
            body = body "<p>立即咨询，热线 0537-0000000：本公司理财保本保息，年化收益18%，到期保证兑付，签约送礼品。</p>\n"
        }
        links = ""
        for (i = 1; i <= 10; i++)
            links = links link(p * 10 + i < pages ? p * 10 + i : int(rand() * pages))
        print "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>第" p \
            "页</title></head><body><h1>" heading "</h1>\n" body "<ul>" links \
            "</ul></body></html>" > file
        close(file)
    }
}
