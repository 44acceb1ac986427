#include <stdio.h>

#include "base/json.h"
#include "crawler/render_private.h"

/* These run in a world of our own (Page.createIsolatedWorld): they see the
 * page's elements, and nothing that its scripts have made of the language. */

/* Through the page once, so that what is loaded on sight is loaded. */
static const char scroll_script[] =
    "(async (most) => {"
    "  const e = document.scrollingElement || document.documentElement;"
    "  const step = Math.max(200, innerHeight * 0.8);"
    "  for (let y = 0; y < Math.min(e.scrollHeight, most); y += step) {"
    "    scrollTo(0, y);"
    "    await new Promise(r => setTimeout(r, 50));"
    "  }"
    "  scrollTo(0, 0);"
    "})";

/* The page as it stands, or a frame; what is in open shadow roots is written
 * as templates. A frame comes as one of the page behind it: its address, its
 * HTML with the base that its links have, and not shown where it has no room.
 */
static const char dom_script[] =
    "((most, framed) => {"
    "  const roots = [];"
    "  const walk = (n) => {"
    "    for (const e of n.querySelectorAll('*'))"
    "      if (e.shadowRoot) { roots.push(e.shadowRoot); walk(e.shadowRoot); }"
    "  };"
    "  walk(document);"
    "  const d = document.documentElement;"
    "  const h = !d ? '' : roots.length && d.getHTML"
    "    ? '<html>' + d.getHTML({shadowRoots: roots}) + '</html>'"
    "    : d.outerHTML;"
    "  if (framed) {"
    "    if (!document.body || !document.body.innerHTML) return {html: ''};"
    "    const escape = (t) => t.replace(/&/g, '&amp;')"
    "      .replace(/\"/g, '&quot;');"
    "    const url = escape(String(location.href).slice(0, 2048));"
    "    const base = escape(String(document.baseURI).slice(0, 2048));"
    "    const all = escape(h);"
    "    return {html: '\\n<div' + (innerWidth < 2 || innerHeight < 2"
    "      ? ' style=\"display:none\"' : '') + '><iframe src=\"' + url +"
    "      '\" srcdoc=\"' + (/^https?:/.test(base)"
    "        ? '<base href=&quot;' + base + '&quot;>' : '') +"
    "      all.slice(0, most).replace(/&[a-z]*$/, '') + '\"></iframe></div>',"
    "      cut: all.length > most ? 1 : 0};"
    "  }"
    "  const e = document.scrollingElement || d;"
    "  return {html: h.slice(0, most), cut: h.length > most ? 1 : 0,"
    "    title: String(document.title).slice(0, 1000),"
    "    url: String(location.href).slice(0, 8192),"
    "    height: Math.max(e ? e.scrollHeight : 0,"
    "      document.body ? document.body.scrollHeight : 0)};"
    "})";

/* The boxes of texts, white space left out on both sides, those of one line
 * joined; of one that stands in no text, that of an element which has it as
 * alt, title and so on. */
static const char boxes_script[] =
    "((quotes, most) => {"
    "  const space = /[\\s\\u00a0\\u00ad\\u200b-\\u200d\\u3000\\ufeff]/;"
    "  const nodes = [], from = [], chars = [];"
    "  const skip = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE']);"
    "  const add = (n) => {"
    "    const t = n.data;"
    "    for (let i = 0; i < t.length && chars.length < 2000000; i++)"
    "      if (!space.test(t[i])) {"
    "        nodes.push(n); from.push(i); chars.push(t[i]);"
    "      }"
    "  };"
    "  const stack = document.body ? [document.body] : [];"
    "  while (stack.length) {"
    "    const n = stack.pop();"
    "    if (n.nodeType === 3) { add(n); continue; }"
    "    if (skip.has(n.tagName)) continue;"
    "    for (let c = n.lastChild; c; c = c.previousSibling) stack.push(c);"
    "    if (n.shadowRoot) stack.push(n.shadowRoot);"
    "  }"
    "  const all = chars.join('');"
    "  const names = ['alt', 'title', 'aria-label', 'placeholder', 'value'];"
    "  const strip = (t) => Array.from(t).filter(c => "
    "!space.test(c)).join('');"
    "  let lines = '';"
    "  quotes.forEach((quote, number) => {"
    "    const q = strip(quote);"
    "    let left = most;"
    "    let last = null;"
    "    const flush = () => {"
    "      if (last) lines += [number, last.left + scrollX,"
    "        last.top + scrollY, last.right - last.left,"
    "        last.bottom - last.top].map(Math.round).join(' ') + '\\n';"
    "      last = null;"
    "    };"
    "    const put = (r) => {"
    "      if (r.width < 1 || r.height < 1 || left <= 0) return;"
    "      if (last && Math.abs(r.top - last.top) < 3 &&"
    "          Math.abs(r.bottom - last.bottom) < 3 &&"
    "          r.left >= last.left - 2 && r.left <= last.right + 2) {"
    "        last.right = Math.max(last.right, r.right);"
    "        return;"
    "      }"
    "      flush();"
    "      left--;"
    "      last = {left: r.left, top: r.top, right: r.right,"
    "        bottom: r.bottom};"
    "    };"
    "    for (let at = q ? all.indexOf(q) : -1; at >= 0 && left > 0;"
    "        at = all.indexOf(q, at + q.length)) {"
    "      const range = document.createRange();"
    "      const end = at + q.length - 1;"
    "      try {"
    "        range.setStart(nodes[at], from[at]);"
    "        range.setEnd(nodes[end], from[end] + 1);"
    "      } catch (x) { continue; }"
    "      for (const r of range.getClientRects()) put(r);"
    "      flush();"
    "    }"
    "    if (left < most || !q) return;"
    "    for (const e of document.querySelectorAll("
    "        names.map(n => '[' + n + ']').join(',')))"
    "      if (names.some(n => strip(e.getAttribute(n) || '').includes(q)))"
    "        { put(e.getBoundingClientRect()); flush(); }"
    "  });"
    "  return lines;"
    "})";

static void put_evaluate(struct aw_buf *out, int64_t world,
                         struct aw_str expression, bool wait)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "expression", expression);
    aw_json_int(out, "contextId", world);
    aw_json_bool(out, "returnByValue", true);
    aw_json_bool(out, "awaitPromise", wait);
    aw_json_close(out, '}');
}

void aw_render_script_scroll(struct aw_buf *out,
                             const struct aw_render_page *page)
{
    struct aw_buf call;

    aw_buf_init(&call, AW_RENDER_COMMAND_MAX);
    aw_buf_printf(&call, "%s(%lld)", scroll_script,
                  (long long)page->browser->pool->config.limits->height_max);
    put_evaluate(out, page->world, aw_buf_str(&call), true);
    aw_buf_deinit(&call);
}

static void put_dom(struct aw_buf *out, int64_t world, int64_t most,
                    bool framed)
{
    struct aw_buf call;

    aw_buf_init(&call, AW_RENDER_COMMAND_MAX);
    aw_buf_printf(&call, "%s(%lld, %s)", dom_script, (long long)most,
                  framed ? "true" : "false");
    put_evaluate(out, world, aw_buf_str(&call), false);
    aw_buf_deinit(&call);
}

void aw_render_script_dom(struct aw_buf *out,
                          const struct aw_render_page *page)
{
    put_dom(out, page->world, page->browser->pool->config.limits->html_max,
            false);
}

void aw_render_script_frame(struct aw_buf *out, int64_t world, int64_t most)
{
    put_dom(out, world, most, true);
}

void aw_render_script_boxes(struct aw_buf *out,
                            const struct aw_render_page *page)
{
    struct aw_buf call;

    aw_buf_init(&call, AW_RENDER_COMMAND_MAX);
    aw_buf_printf(&call, "%s(", boxes_script);
    aw_buf_putc(&call, '[');
    for (size_t i = 0; i < page->quote_count; i++)
        aw_json_text(&call, NULL, page->quotes[i]);
    aw_buf_printf(&call, "], %d)", AW_RENDER_BOXES_OF_QUOTE);
    put_evaluate(out, page->world, aw_buf_str(&call), false);
    aw_buf_deinit(&call);
}

/* Five numbers of a line; false where it is anything else, or what cannot be
 * on a page of this size. */
static bool read_box(struct aw_str line, size_t quotes,
                     struct aw_render_box *box)
{
    int64_t n[5];
    struct aw_str word = {0};

    for (size_t i = 0; i < 5; i++)
        if (!aw_str_split(&line, ' ', &word) || !aw_str_to_int(word, &n[i]) ||
            n[i] < -100000 || n[i] > 10000000)
            return false;
    if (line.ptr || n[0] < 0 || (size_t)n[0] >= quotes)
        return false;
    *box = (struct aw_render_box){(size_t)n[0], (int)n[1], (int)n[2],
                                  (int)n[3], (int)n[4]};
    return true;
}

/* What lies outside of the picture is no box in it. */
static bool is_in_view(const struct aw_render_box *box,
                       const struct aw_render_view *view)
{
    return box->x < view->width && box->y < view->height &&
           box->x + box->width > 0 && box->y + box->height > 0;
}

aw_rc aw_render_read_boxes(struct aw_str lines, struct aw_render_page *page,
                           struct aw_render_view *view, struct aw_err *err)
{
    struct aw_str line;

    view->boxes =
        aw_arena_array(&page->arena, AW_RENDER_BOXES_MAX, sizeof *view->boxes);
    if (!view->boxes)
        return aw_arena_fail(&page->arena, err);
    view->box_count = 0;
    while (aw_str_split(&lines, '\n', &line) &&
           view->box_count < AW_RENDER_BOXES_MAX) {
        struct aw_render_box *box = &view->boxes[view->box_count];

        if (line.len == 0)
            continue;
        if (!read_box(line, page->quote_count, box))
            return aw_fail(err, AW_INVALID, "the page's boxes are none");
        view->box_count += is_in_view(box, view);
    }
    return AW_OK;
}
