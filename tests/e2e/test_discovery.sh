#!/bin/sh
# What is found and followed: sitemaps, links, the beat, landing pages,
# redirects.   test_discovery.sh ADWATCH DIR
set -u
slot=3
. "$(dirname "$0")/sites.sh"

links=''
site() { # HOST ROBOTS: with a start page that has $links
    page "$1" index.html "$links"
    printf "$2" >"$www/$1/robots.txt"
}

# ---- sitemaps --------------------------------------------------------------

maps=http://maps.example:$port
site maps.example "Sitemap: $maps/index.xml\nsitemap: /list.txt\nSitemap: $maps/feed.rss
Sitemap: $maps/feed.atom\nSitemap: $maps/bomb.xml\nSitemap: $maps/old.xml.gz\n"
page maps.example moved.html
cd "$www/maps.example" || exit 1
cat >index.xml <<XML
<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>$maps/part.xml.gz</loc></sitemap></sitemapindex>
XML
cat >part.xml <<XML
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>$maps/part.html</loc></url>
<url><loc>http://off.example:$port/off.html</loc></url></urlset>
XML
gzip part.xml
echo "<urlset><url><loc>$maps/moved.html</loc></url></urlset>" >new.xml
gzip new.xml
printf '%s\n' "$maps/list.html" "http://off.example:$port/list.html" >list.txt
cat >feed.rss <<XML
<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><title>a</title><link>$maps/rss.html</link></item></channel></rss>
XML
cat >feed.atom <<XML
<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<entry><title>a</title><link href="$maps/atom.html"/></entry></feed>
XML
cat >bomb.xml <<XML
<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<urlset><url><loc>$maps/bomb.html?&c;</loc></url></urlset>
XML
cd - >/dev/null || exit 1
for name in part list rss atom; do page maps.example $name.html; done
site nomaps.example "Sitemap: http://nomaps.example:$port/list.txt\n"
echo "http://nomaps.example:$port/list.html" >"$www/nomaps.example/list.txt"

# ---- links -----------------------------------------------------------------

links='<img src=/src.png srcset="/one.png 1x, /two.png 2x">
    <button onclick="location.href='"'/onclick.html'"'">进</button>
    <div data-href="/data.html">进</div>
    <script type="application/ld+json">{"@type":"WebPage","url":"http://links.example:'$port'/jsonld.html"}</script>
    <a href=/refresh.html>a</a> <p>网址：http://links.example:'$port'/text.html 。</p>
    <a rel="sponsored nofollow" href=/rel.html>b</a> <a href=/meta.html>c</a>
    <a href=/tag.html>d</a> <a href=/other.html>e</a> <a href=/both.html>f</a>
    <a href=/canon.html>g</a> <a href=/gbk.html>h</a> <a href="ftp://links.example/x">i</a>
    <a href="//links.example:'$port'\back/slash.html">j</a>'
site links.example ''
page links.example refresh.html '<meta http-equiv=refresh content="0; url=/refreshed.html">'
page links.example meta.html '<meta name=robots content="noindex, nofollow"><a href=/m1.html>x</a>'
page links.example tag.html '<a href=/t1.html>x</a>'
page links.example other.html '<a href=/o1.html>x</a>'
page links.example both.html '<a href=/b1.html>x</a>'
page links.example canon.html '<link rel=canonical href="/real.html?utm_source=x#top">'
printf '<meta charset=gbk><title>站内搜索</title><p>搜索结果<a href="/s?q=理财&amp;n=1">理财</a>' |
    iconv -f utf-8 -t gbk >"$www/links.example/gbk.html"
for name in onclick data jsonld refreshed text rel o1 b1 t1 m1 s back/slash; do
    page links.example $name.html
done

# ---- the beat --------------------------------------------------------------

links=''
for url in same.html print/a.html keep/list_1.html keep/x_1.html; do
    links="$links <a href=/$url>x</a>"
    page beat.example $url
done
for url in host.example:$port/a.html www.site.example:$port/a.html \
    prefix.example:$port/in/a.html prefix.example:$port/out/a.html \
    glob.example:$port/p_1.html glob.example:$port/q_1.html \
    regex.example:$port/n123.html regex.example:$port/nabc.html; do
    links="$links <a href=http://$url>x</a>"
    page "${url%%:*}" "${url#*/}"
done
site beat.example ''
links="<a href=http://news.wide.example:$port/a.html>x</a>
    <a href=http://wide.example:$port/a.html>x</a> <a href=http://narrow.example:$port/a.html>x</a>"
site www.wide.example ''
links='<a href=/yes/a.html>x</a><a href=/no/a.html>x</a>'
site listed.example ''
for url in news.wide.example/a.html wide.example/a.html narrow.example/a.html \
    listed.example/yes/a.html listed.example/no/a.html; do
    page "${url%%/*}" "${url#*/}"
done

# ---- landing pages, redirects ----------------------------------------------

shop=http://shop.example:$port
links="<a href=/ad1.html>1</a> <a href=/ad2.html>2</a> <a href=/plain.html>3</a>"
site ads.example ''
page ads.example ad1.html "$claim<a href=$shop/buy.html>买</a><a href=/in.html>内</a>"
page ads.example ad2.html "$claim<a href=$shop/buy.html>买</a><a href=$shop/go>去</a>"
page ads.example plain.html "<a href=http://elsewhere.example:$port/a.html>x</a>"
page ads.example in.html
page shop.example buy.html "<a href=/more.html>x</a><a href=http://ads.example:$port/behind.html>y</a>"
page shop.example more.html
page shop.example landed.html
page ads.example behind.html
page elsewhere.example a.html
links="<a href=http://gone.example:$port/x>x</a><a href=/go/off>x</a>"
site hops.example ''
page target.example off.html "<a href=/far.html>x</a><a href=http://hops.example:$port/back.html>y</a>"
page target.example far.html
page hops.example back.html

# ---- images: all are HTML in truth, the jpg by their type too ---------------

images=
for n in $(seq 0 9); do
    type=png
    [ "$n" -lt 5 ] || type=jpg
    images="$images<img src=/i$n.$type>"
    page pics.example "i$n.$type" "$claim<a href=/behind$n.html>x</a><img src=/more$n.png>"
done
links='<a href=/ad.html>ad</a>'
site pics.example ''
page pics.example ad.html "$claim$images"

start_nginx "log_format lines escape=json '{\"begin\":\$msec,\"end\":\$msec,\"status\":\$status,'
        '\"host\":\"\$host\",\"url\":\"\$request_uri\"}';
    types { text/xml xml rss; application/atom+xml atom; application/gzip gz;
            text/plain txt; text/html html;
            image/png png; }
    default_type text/html; charset off;
    server { listen 127.0.6.1:$port; root $www/\$host; access_log $log lines; }
    server {
        listen 127.0.6.1:$port; server_name links.example; root $www/links.example;
        access_log $log lines;
        location = /tag.html { add_header X-Robots-Tag 'noindex, nofollow'; }
        location = /other.html { add_header X-Robots-Tag 'otherbot: nofollow'; }
        location = /both.html {
            add_header X-Robots-Tag 'otherbot: noindex';
            add_header X-Robots-Tag 'nofollow';
        }
        location = /s { default_type text/html; return 200 'ok'; }
    }
    server {
        listen 127.0.6.1:$port; server_name maps.example; root $www/maps.example;
        access_log $log lines;
        location = /old.xml.gz { return 301 $maps/new.xml.gz; }
    }
    server {
        listen 127.0.6.1:$port; server_name hops.example; root $www/hops.example;
        access_log $log lines;
        location = /go/off { return 302 http://target.example:$port/off.html; }
    }
    server {
        listen 127.0.6.1:$port; server_name shop.example; root $www/shop.example;
        access_log $log lines;
        location = /go { return 302 $shop/landed.html; }
    }"
resolve=$(cd "$www" && for name in *; do echo "$name 127.0.6.1"; done)
configure 'pause_ms: 0' "$(start maps.example
start nomaps.example 'sitemaps: no'
start links.example 'images: no'
start beat.example "include: ['host:host.example', 'site:site.example',
      'prefix:http://prefix.example:$port/in/', '*glob.example:*/p_?.html',
      'regex:regex\\.example:[0-9]+/n[0-9]+\\.html\$'],
      exclude: ['*/print/*', 'regex:/x_[0-9]']"
start www.wide.example 'scope: site'
start listed.example "scope: listed, include: ['*/yes/*']"
start ads.example
start pics.example
start hops.example)"
crawl
check "the run is done" ran 0

check "sitemaps that robots.txt names are asked for" asked maps.example/index.xml \
    maps.example/list.txt maps.example/feed.rss maps.example/feed.atom
check "an index leads to its parts, packed ones too" asked maps.example/part.xml.gz
check "all kinds of entries are fetched" asked maps.example/part.html maps.example/list.html \
    maps.example/rss.html maps.example/atom.html
check "also where a sitemap has moved" asked maps.example/moved.html
check "why tells that a sitemap named a page" why maps.example/part.html \
    '.via == "link" and (.found_on | endswith("/part.xml.gz"))'
check "entries off the beat are not" not_asked off.example/off.html off.example/list.html
check "a sitemap that declares entities is refused, and told" why maps.example/bomb.xml \
    '.state == "failed" and (.reason | contains("entit"))'
check "nothing of it is asked for" log_holds 'all(.[]; .url | startswith("/bomb.html") | not)'
check "sitemaps: no" not_asked nomaps.example/list.txt nomaps.example/list.html

check "links of onclick, data-href, JSON-LD, refresh and text are followed" asked \
    links.example/onclick.html links.example/data.html links.example/jsonld.html \
    links.example/refreshed.html links.example/text.html
check "backslashes are slashes" asked links.example/back/slash.html
check "pictures are not fetched where the source says so" not_asked links.example/src.png links.example/one.png \
    links.example/two.png
check "rel=nofollow is not followed" not_asked links.example/rel.html
check "nor what a page with meta robots nofollow links to" not_asked links.example/m1.html
check "nor one with X-Robots-Tag" not_asked links.example/t1.html
check "but one that names another agent" asked links.example/o1.html
check "each X-Robots-Tag stands for itself" not_asked links.example/b1.html
check "rel=canonical is kept" why links.example/canon.html \
    '.canonical == "http://links.example\($port)/real.html?utm_source=x"'
check "and is no link" not_asked links.example/real.html
check "a query goes out in the charset of its page" asked 'links.example/s?q=%C0%ED%B2%C6&n=1'

check "include: host, site, prefix, glob, regex" asked host.example/a.html www.site.example/a.html \
    prefix.example/in/a.html glob.example/p_1.html regex.example/n123.html
check "and nothing beside them" not_asked prefix.example/out/a.html glob.example/q_1.html \
    regex.example/nabc.html
check "the host of the start page" asked beat.example/same.html beat.example/keep/list_1.html
check "but what exclude names" not_asked beat.example/print/a.html beat.example/keep/x_1.html
check "scope: site goes over its hosts" asked news.wide.example/a.html wide.example/a.html
check "and no further" not_asked narrow.example/a.html
check "scope: listed takes what is listed" asked listed.example/ listed.example/yes/a.html
check "and nothing else" not_asked listed.example/no/a.html

check "a landing page of two advertisements is fetched once" asked shop.example/buy.html
check "it is kept with both" why shop.example/buy.html \
    '(.landing_of | sort) == ["http://ads.example\($port)/ad1.html", "http://ads.example\($port)/ad2.html"]
     and .via == "landing"'
check "and they with it" why ads.example/ad1.html \
    '.landings == ["http://shop.example\($port)/buy.html"]'
check "links within the site are none" asked ads.example/in.html
check "what lies behind it is not followed" not_asked shop.example/more.html ads.example/behind.html
check "nor what a page without finding leads to" not_asked elsewhere.example/a.html
check "a landing page behind a redirect is fetched" asked shop.example/go shop.example/landed.html
check "and kept with the advertisement" why shop.example/landed.html \
    '.landing_of == ["http://ads.example\($port)/ad2.html"]'
check "a redirect off the beat is followed" asked target.example/off.html
check "and its links on the beat" asked hops.example/back.html
check "but not those off it" not_asked target.example/far.html gone.example/x

check "six images of a page are asked for" asked pics.example/i0.png \
    pics.example/i1.png pics.example/i2.png pics.example/i3.png \
    pics.example/i4.png pics.example/i5.jpg
check "and no more" not_asked pics.example/i6.jpg pics.example/i7.jpg \
    pics.example/i8.jpg pics.example/i9.jpg
check "HTML with the type of an image is not read" why pics.example/i0.png \
    '.state == "done" and .kind == "other"'
check "an image whose type is HTML is" why pics.example/i5.jpg '.finding > 0'
check "but leads nowhere" not_asked pics.example/behind0.html \
    pics.example/behind5.html pics.example/more0.png pics.example/more5.png
check "the archive is whole" exits 0 "$adwatch" archive check "$ws/archive"
finish
