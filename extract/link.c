#include "extract/link.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct aw_linker {
    CURLU *base; /* NULL: not known */
    bool based;  /* a <base> was seen */
    struct aw_buf href;
    struct aw_buf url;
};

static CURLU *parse(CURLU *base, const char *text)
{
    CURLU *url = base ? curl_url_dup(base) : curl_url();

    if (url && curl_url_set(url, CURLUPART_URL, text, CURLU_URLENCODE) != 0) {
        curl_url_cleanup(url);
        return NULL;
    }
    return url;
}

static bool is_edge(char c)
{
    return (unsigned char)c <= ' ';
}

/* Fills linker->href; false where nothing is left or it is too long. */
static bool clean(struct aw_linker *linker, struct aw_str href)
{
    bool path = true;

    while (href.len > 0 && is_edge(href.ptr[0]))
        href = aw_str_sub(href, 1, href.len);
    while (href.len > 0 && is_edge(href.ptr[href.len - 1]))
        href.len--;
    aw_buf_reset(&linker->href);
    for (size_t i = 0; i < href.len && href.ptr[i] != '#'; i++) {
        char c = href.ptr[i];

        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        path = path && c != '?';
        aw_buf_putc(&linker->href, path && c == '\\' ? '/' : c);
    }
    return linker->href.len > 0 && linker->href.rc == AW_OK;
}

/* The length of "scheme", without its colon; 0 where there is none. */
static size_t scheme_len(struct aw_str href)
{
    size_t n = 0;

    if (href.len == 0 || !aw_ascii_alpha(href.ptr[0]))
        return 0;
    while (n < href.len &&
           (aw_ascii_alpha(href.ptr[n]) || aw_ascii_digit(href.ptr[n]) ||
            href.ptr[n] == '+' || href.ptr[n] == '-' || href.ptr[n] == '.'))
        n++;
    return n < href.len && href.ptr[n] == ':' ? n : 0;
}

bool aw_link_absolute(struct aw_str url)
{
    return scheme_len(url) > 0;
}

static bool is_fetchable(struct aw_str href)
{
    struct aw_str scheme = aw_str_sub(href, 0, scheme_len(href));

    return scheme.len == 0 || aw_str_eq_nocase(scheme, AW_STR("http")) ||
           aw_str_eq_nocase(scheme, AW_STR("https"));
}

static void set_base(struct aw_linker *linker, struct aw_str href)
{
    CURLU *base;

    if (!clean(linker, href) || !is_fetchable(aw_buf_str(&linker->href)))
        return;
    base = parse(linker->base, linker->href.ptr);
    if (!base)
        return;
    curl_url_cleanup(linker->base);
    linker->base = base;
}

aw_rc aw_linker_new(struct aw_linker **out, struct aw_str url,
                    struct aw_err *err)
{
    struct aw_linker *linker = calloc(1, sizeof *linker);

    if (!linker)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_init(&linker->href, AW_LINK_BYTES_MAX);
    aw_buf_init(&linker->url, AW_LINK_BYTES_MAX);
    set_base(linker, url);
    *out = linker;
    return AW_OK;
}

void aw_linker_free(struct aw_linker *linker)
{
    if (!linker)
        return;
    curl_url_cleanup(linker->base);
    aw_buf_deinit(&linker->href);
    aw_buf_deinit(&linker->url);
    free(linker);
}

void aw_linker_base(struct aw_linker *linker, struct aw_str href)
{
    if (linker->based)
        return;
    linker->based = true;
    set_base(linker, href);
}

static bool join(struct aw_linker *linker)
{
    CURLU *url = parse(linker->base, linker->href.ptr);
    char *text = NULL;

    aw_buf_reset(&linker->url);
    if (url && curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK)
        aw_buf_puts(&linker->url, text);
    curl_free(text);
    curl_url_cleanup(url);
    return linker->url.len > 0 && linker->url.rc == AW_OK;
}

bool aw_linker_resolve(struct aw_linker *linker, struct aw_str href,
                       struct aw_str *out)
{
    struct aw_str cleaned;

    if (!clean(linker, href))
        return false;
    cleaned = aw_buf_str(&linker->href);
    if (!is_fetchable(cleaned))
        return false;
    if (!linker->base && scheme_len(cleaned) == 0) {
        *out = cleaned;
        return true;
    }
    if (!join(linker))
        return false;
    *out = aw_buf_str(&linker->url);
    return aw_str_starts_nocase(*out, AW_STR("http"));
}
