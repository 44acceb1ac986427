"""Pages in many charsets and layouts, each with the text that a reader of it
would copy out by hand.   make.py DIR

Writes NAME.html (bytes), NAME.gold (UTF-8, one piece of text a line) and
NAME.type (the Content-Type that a server would send). The same every time.
"""
import html
import os
import random
import sys

from texts import HONG_KONG, RARE, SIMPLIFIED, TRADITIONAL


class Page:
    """What a layout puts into a page, and what it puts into the gold text."""

    def __init__(self, texts, rng):
        self.texts, self.rng, self.gold = texts, rng, []
        self.text = rng.choice(texts)

    def say(self, text):
        self.gold.append(text)
        return html.escape(text, quote=False)

    def attr(self, text):
        self.gold.append(text)
        return html.escape(text)

    def head(self):
        return self.say(self.text[0])

    def line(self):
        return self.say(self.rng.choice(self.rng.choice(self.texts)[1:]))

    def short(self):
        return self.say(self.rng.choice(self.texts)[0])

    def cut(self):
        """A sentence with markup inside of its words."""
        text = self.rng.choice(self.rng.choice(self.texts)[1:])
        self.gold.append(text)
        a, b = sorted(self.rng.sample(range(1, len(text)), 2))
        inner = self.rng.choice(['b', 'strong', 'em', 'span', 'u', 'i'])
        return (f'{html.escape(text[:a], False)}<{inner}>'
                f'{html.escape(text[a:b], False)}</{inner}>'
                f'{html.escape(text[b:], False)}')

    def refs(self):
        """A sentence in character references of all forms."""
        text = self.rng.choice(self.rng.choice(self.texts)[1:])
        self.gold.append(text)
        forms = ['&#%d;', '&#x%X;', '&#%d', '&#X%x;']
        return ''.join(f % ord(c) if not c.isascii() else c for c, f in
                       zip(text, (forms[i % 4] for i in range(len(text)))))


# --- layouts ---

def portal(p, meta):
    def box():
        items = ''.join(
            f'<li><span class="date">11-{d:02d}</span><a href="/n/{d}.htm" '
            f'title="{p.attr(p.text[0])}">{p.line()}</a></li>\n'
            for d in range(10, 14))
        return f'<div class=box><h3>{p.short()}</h3><ul>\n{items}</ul></div>\n'
    return (f'<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n'
            f'<html><head>{meta}<title>{p.head()}</title>'
            f'<style>.box{{float:left;width:300px}} .date{{color:#999}}</style>'
            f'</head><body><div id=nav>'
            + ' | '.join(f'<a href="/{i}/">{p.short()}</a>' for i in range(4))
            + f'</div>{box()}{box()}{box()}<div class=foot>{p.line()}</div>'
            f'<script src="/stat.js"></script></body></html>')


def nineties(p, meta):
    return (f'<HTML><HEAD><TITLE>{p.head()}</TITLE>{meta}</HEAD>\n'
            f'<BODY BGCOLOR=#FFFFCC TEXT=#000000 LINK=blue>'
            f'<CENTER><FONT SIZE=6 COLOR=RED FACE="宋体">{p.short()}</FONT>'
            f'<HR WIDTH=80%><TABLE BORDER=0 WIDTH=760 CELLPADDING=0><TR>'
            f'<TD WIDTH=150 VALIGN=top BGCOLOR=#CCFFCC><TABLE><TR><TD>'
            f'{p.short()}<TR><TD><IMG SRC=dot.gif ALT="{p.attr(p.text[1])}">'
            f'{p.short()}</TABLE><TD><FONT COLOR=#000080>{p.cut()}</FONT><BR>'
            f'<P>&nbsp;&nbsp;{p.line()}<P>{p.cut()}<BLINK>{p.line()}</BLINK>'
            f'<MARQUEE>{p.line()}</MARQUEE></TABLE></CENTER></BODY></HTML>')


def forum(p, meta):
    def post():
        return (f'<table class=t_msg cellspacing=1><tr><td rowspan=2 width=20% '
                f'class=user><b>{p.say("河边柳")}</b><br>{p.say("积分 1024")}'
                f'<td>{p.cut()}<br><br><div class=quote>{p.line()}</div>'
                f'{p.line()}<tr><td class=sign>{p.short()}</table>\n')
    return (f'<html><head>{meta}<title>{p.head()}</title></head><body>'
            f'<form><input type=text name=q placeholder="{p.attr("搜帖子")}">'
            f'<input type=submit value="{p.attr("搜索")}"></form>'
            f'{post()}{post()}{post()}<textarea rows=4>{p.line()}</textarea>')


def article(p, meta):
    return (f'<!DOCTYPE html><html lang=zh-CN><head>{meta}'
            f'<title>{p.head()}</title><meta name=description content="'
            f'{p.attr(p.text[1])}"><meta property=og:title content="'
            f'{p.attr(p.text[0])}"></head><body><header><nav><a href=/>'
            f'{p.short()}</a></nav></header><main><article><h1>{p.short()}</h1>'
            f'<p>{p.cut()}<p>{p.refs()}<p>{p.cut()}<figure><img src=a.jpg alt="'
            f'{p.attr(p.text[2])}"><figcaption>{p.line()}</figcaption></figure>'
            f'</article><aside>{p.line()}</aside></main><footer>{p.line()}')


def soup(p, meta):
    return (f'<title>{p.head()}</title>{meta}<div><p>{p.line()}<b>{p.line()}'
            f'<i>{p.line()}</b>{p.line()}</i></div></span><li>{p.line()}<li>'
            f'{p.line()}<!-- <p>不算 --><td>{p.line()}</table><h2>{p.short()}'
            f'</h3><a href=x>{p.line()}<a href=y>{p.line()}<p title=\'a>b\'>'
            f'{p.line()}<{p.say("大于小于")}> {p.say("年龄<十八岁")}<br/ >'
            f'{p.cut()}</body></html>{p.line()}')


def form(p, meta):
    options = ''.join(f'<option value={i}>{p.short()}' for i in range(4))
    return (f'<html><head>{meta}<title>{p.head()}</title></head><body><form>'
            f'<fieldset><legend>{p.short()}</legend><label>{p.line()}<input '
            f'placeholder="{p.attr(p.text[1])}"></label><select><optgroup '
            f'label="{p.attr("选一项")}">{options}</select><button>{p.short()}'
            f'</button><input type=button value="{p.attr("重填")}"><a href=# '
            f'aria-label="{p.attr(p.text[2])}">?</a></fieldset></form>'
            f'<dl><dt>{p.short()}<dd>{p.line()}</dl><pre>{p.line()}\n'
            f'{p.line()}</pre></body></html>')


def scripted(p, meta):
    def js(text):
        return text.replace('\\', '\\\\').replace("'", "\\'")
    one, two = p.line(), p.line()
    three, four = p.text[1], p.text[2]
    p.gold += [three, four]
    return (f'<html><head>{meta}<title>{p.head()}</title></head><body>'
            f"<script>document.write('<div>{js(one)}</div>');</script>"
            f"<p>{p.line()}</p><script>document.getElementById('x').innerHTML="
            f"'{js(two)}';window.__DATA__={{list:[{{title:'{js(three)}'}}]}};"
            f'</script><script type="application/json">{{"k":"{four}"}}'
            f'</script><noscript>{p.line()}</noscript><template>{p.line()}'
            f'</template><svg><text x=1 y=2>{p.short()}</text></svg>')


def frames(p, meta):
    return (f'<html><head>{meta}<title>{p.head()}</title></head>'
            f'<frameset cols="150,*"><frame src="l.htm"><frame src="r.htm">'
            f'<noframes><body>{p.line()}<a href=r.htm>{p.short()}</a></body>'
            f'</noframes></frameset></html>')


def hidden(p, meta):
    return (f'<html><head>{meta}<title>{p.head()}</title><style>.k{{display:'
            f'none}}</style></head><body><p>{p.cut()}<div class=k>{p.line()}'
            f'</div><div style="position:absolute;left:-9999px">{p.line()}'
            f'</div><p style="color:#fff">{p.line()}<font size=1>{p.line()}'
            f'</font><p>{p.refs()}<map><area href=a alt="{p.attr(p.text[3])}">'
            f'</map><ruby>{p.short()}</ruby></body></html>')


def wml(p, _meta):
    return (f'<!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" "x.dtd">\n'
            f'<wml><head><meta http-equiv="Cache-Control" content="no-cache"/>'
            f'</head><card id="a" title="{p.attr(p.text[0])}"><p>{p.line()}'
            f'<br/>{p.cut()}</p><p><a href="b.wml">{p.short()}</a> '
            f'<![CDATA[{p.line()}]]></p></card></wml>')


def xhtml(p, meta):
    meta = meta.replace('>', ' />')
    return (f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n'
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{meta}<title>'
            f'{p.head()}</title><script type="text/javascript" src="a.js" />'
            f'</head><body><a name="top" /><h1>{p.short()}</h1><div '
            f'class="clear" /><p>{p.cut()}</p><p>{p.refs()}</p><ul><li>'
            f'{p.line()}</li></ul></body></html>')


LAYOUTS = [portal, nineties, forum, article, soup, form, scripted, frames,
           hidden]

# --- charsets: a name, its texts, how a page of it is made ---


def plain(codec, label, http=None, texts=SIMPLIFIED):
    def make(p, layout):
        meta = (f'<meta http-equiv="Content-Type" content="text/html; '
                f'charset={label}">' if label else '')
        return layout(p, meta).encode(codec, 'xmlcharrefreplace'), http
    return texts, make


def html5(codec, label, texts=SIMPLIFIED):
    return texts, lambda p, layout: (
        layout(p, f"<meta charset='{label}'>").encode(codec), None)


def after_title(p, layout):
    """GB bytes long before the tag: a comment, a script, then the title."""
    page = layout(p, '<meta http-equiv=content-type content="text/html; '
                     'charset=GB2312">')
    top = ('<!-- 本页由样例建站助手生成 -->\n<script>var msg="欢迎光临";'
           + '// 样例\n' * 200 + '</script>\n')
    return (top + page).encode('gb18030'), None


def with_mark(codec, mark):
    return SIMPLIFIED, lambda p, layout: (
        mark + layout(p, '').encode(codec), None)


def mixed(outer, inner, label):
    """A piece in another charset, as a template that was pasted in."""
    def make(p, layout):
        page = layout(p, f'<meta charset={label}>').encode(outer)
        piece = (f'\n<div id="ad"><a href="/ad">{p.short()}</a><br>'
                 f'<b>{p.line()}</b></div>\n').encode(inner)
        return page + piece, None
    return SIMPLIFIED, make


def broken(codec, label, bad):
    """Bytes that are none, between the tags of whole texts."""
    def make(p, layout):
        page = layout(p, f'<meta charset={label}>').encode(codec)
        parts = page.split(b'><')
        for i in range(3, len(parts), 5):
            parts[i] = parts[i] + b'>' + bad + b'<b'
        return b'><'.join(parts), None
    return SIMPLIFIED, make


def torn(codec, label, lost):
    """The transfer broke off inside of the last character."""
    def make(p, layout):
        page = layout(p, f'<meta charset={label}>').encode(codec)
        tail = '<p>完'.encode(codec)
        return page + tail[:-lost], None
    return SIMPLIFIED, make


def xml(codec, label, layout, mime):
    def make(p, _layout):
        page = layout(p, f'<meta charset="{label}">')
        return (f'<?xml version="1.0" encoding="{label}"?>\n{page}'
                .encode(codec), mime)
    return SIMPLIFIED, make


def sloppy(meta):
    return SIMPLIFIED, lambda p, layout: (layout(p, meta).encode('gb18030'),
                                          None)


CASES = {
    'utf8-meta': html5('utf-8', 'utf-8'),
    'utf8-none': plain('utf-8', None),
    'utf8-bom': with_mark('utf-8', b'\xef\xbb\xbf'),
    'utf8-says-gb2312': plain('utf-8', 'gb2312'),
    'utf8-http-gbk': plain('utf-8', None, 'text/html; charset=GBK'),
    'utf8-says-latin1': plain('utf-8', 'iso-8859-1'),
    'gb-meta': plain('gb18030', 'gb2312'),
    'gb-late-meta': (SIMPLIFIED, after_title),
    'gb-html5': html5('gb18030', 'gbk'),
    'gb-none': plain('gb18030', None),
    'gb-http': plain('gb18030', None, 'text/html;charset="gb2312"'),
    'gb-says-utf8': plain('gb18030', 'utf-8'),
    'gb-http-utf8': plain('gb18030', 'gb2312', 'text/html; charset=UTF-8'),
    'gb-says-big5': plain('gb18030', 'big5'),
    'gb-says-1252': plain('gb18030', 'windows-1252'),
    'gb-says-latin1': plain('gb18030', 'iso-8859-1'),
    'gb-rare': plain('gb18030', 'gb18030', texts=RARE),
    'gb-traditional': plain('gbk', 'gbk', texts=TRADITIONAL),
    'gb-label': plain('gb18030', 'csGB2312'),
    'gb-quote': sloppy('<meta http-equiv="Content-Type" content="text/html; '
                       'charset="gb2312" />'),
    'gb-spaces': sloppy('<META CONTENT = "text/html ; charset = GB2312 " '
                        'HTTP-EQUIV = Content-Type >'),
    'gb-unknown': sloppy('<meta charset=zh_cn>'),
    'big5-meta': plain('big5', 'big5', texts=TRADITIONAL),
    'big5-none': plain('big5', None, texts=TRADITIONAL),
    'big5-says-gb': plain('big5', 'gb2312', texts=TRADITIONAL),
    'big5-says-utf8': plain('big5', 'utf-8', texts=TRADITIONAL),
    'big5-hkscs': plain('big5hkscs', 'big5-hkscs', texts=HONG_KONG),
    'utf16le-bom': with_mark('utf-16-le', b'\xff\xfe'),
    'utf16be-bom': with_mark('utf-16-be', b'\xfe\xff'),
    'utf16le-http': plain('utf-16-le', None, 'text/html; charset=utf-16le'),
    'utf8-says-utf16': plain('utf-8', 'utf-16'),
    'hz': plain('hz', 'hz-gb-2312'),
    'gb-with-utf8': mixed('gb18030', 'utf-8', 'gb2312'),
    'utf8-with-gb': mixed('utf-8', 'gb18030', 'utf-8'),
    'gb-broken': broken('gb18030', 'gb2312', b'\xff\xff'),
    'utf8-broken': broken('utf-8', 'utf-8', b'\xe4\xbf'),
    'gb-torn': torn('gb18030', 'gbk', 1),
    'utf8-torn': torn('utf-8', 'utf-8', 2),
    'wml-gb': xml('gb18030', 'gb2312', wml, 'text/vnd.wap.wml'),
    'wml-utf8': xml('utf-8', 'utf-8', wml, ''),
    'xhtml': xml('utf-8', 'utf-8', xhtml, 'application/xhtml+xml'),
    'xhtml-gb': xml('gb18030', 'gb2312', xhtml,
                    'application/xhtml+xml'),
}

ROUNDS = 3  # pages of each charset, each in another layout


def main(folder):
    os.makedirs(folder, exist_ok=True)
    turn = 0
    for name, (texts, make) in CASES.items():
        for n in range(ROUNDS):
            layout = LAYOUTS[turn % len(LAYOUTS)]
            page = Page(texts, random.Random(turn))
            data, mime = make(page, layout)
            path = os.path.join(folder, f'{name}-{n}')
            with open(path + '.html', 'wb') as out:
                out.write(data)
            with open(path + '.gold', 'w', encoding='utf-8') as out:
                out.write('\n'.join(page.gold) + '\n')
            with open(path + '.type', 'w', encoding='ascii') as out:
                out.write('text/html' if mime is None else mime)
            turn += 1


if __name__ == '__main__':
    main(sys.argv[1])
