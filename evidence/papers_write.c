#include "evidence/papers_private.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "evidence/papers.h"
#include "reports/text.h"

/* In a row of the store, or in environment.json. */
#define JSON_VALUES_MAX ((size_t)20000)
#define DAY_MAX 64

/* ---- writing ------------------------------------------------------------ */

static int write_out(void *self, const char *bytes, int len)
{
    struct aw_buf *out = self;

    aw_buf_append(out, bytes, (size_t)len);
    return out->rc == AW_OK ? len : -1;
}

void aw_xml_note(struct aw_xml *x, int written)
{
    if (x->rc == AW_OK && written < 0)
        x->rc = aw_buf_check(x->out, x->err) == AW_OK
                    ? aw_fail(x->err, AW_NOMEM, "out of memory")
                    : x->out->rc;
}

void aw_xml_open(struct aw_xml *x, const char *name)
{
    aw_xml_note(x, xmlTextWriterStartElement(x->writer, BAD_CAST name));
}

void aw_xml_close(struct aw_xml *x)
{
    aw_xml_note(x, xmlTextWriterEndElement(x->writer));
}

/* XML has no U+FFFE and no U+FFFF; U+FFFD has as many bytes. */
static void replace_nonchars(struct aw_buf *text)
{
    for (size_t i = 0; i + 2 < text->len; i++)
        if (memcmp(text->ptr + i, "\xEF\xBF", 2) == 0 &&
            (unsigned char)text->ptr[i + 2] >= 0xBE)
            text->ptr[i + 2] = '\xBD';
}

/* The text that a reader sees; the caller deinits it. */
static const xmlChar *tame(struct aw_xml *x, struct aw_str text,
                           struct aw_buf *out)
{
    aw_buf_init(out, AW_PAPERS_XML_MAX);
    aw_text_tame(out, text);
    if (x->rc == AW_OK)
        x->rc = aw_buf_check(out, x->err);
    replace_nonchars(out);
    return BAD_CAST(out->ptr ? out->ptr : "");
}

void aw_xml_attribute(struct aw_xml *x, const char *name, struct aw_str value)
{
    struct aw_buf room;
    const xmlChar *text = tame(x, value, &room);

    aw_xml_note(x,
                xmlTextWriterWriteAttribute(x->writer, BAD_CAST name, text));
    aw_buf_deinit(&room);
}

void aw_xml_attribute_int(struct aw_xml *x, const char *name, int64_t value)
{
    aw_xml_note(x,
                xmlTextWriterWriteFormatAttribute(x->writer, BAD_CAST name,
                                                  "%lld", (long long)value));
}

void aw_xml_content(struct aw_xml *x, struct aw_str value)
{
    struct aw_buf room;
    const xmlChar *text = tame(x, value, &room);

    if (*text)
        aw_xml_note(x, xmlTextWriterWriteString(x->writer, text));
    aw_buf_deinit(&room);
}

void aw_xml_element(struct aw_xml *x, const char *name, struct aw_str text)
{
    aw_xml_open(x, name);
    aw_xml_content(x, text);
    aw_xml_close(x);
}

void aw_xml_int(struct aw_xml *x, const char *name, int64_t value)
{
    aw_xml_note(x, xmlTextWriterWriteFormatElement(x->writer, BAD_CAST name,
                                                   "%lld", (long long)value));
}

/* ---- time --------------------------------------------------------------- */

/* "十一" for 11, up to 99. */
static void put_hanzi(struct aw_buf *out, int value)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};

    if (value >= 20)
        aw_buf_puts(out, digits[value / 10 % 10]);
    if (value >= 10)
        aw_buf_puts(out, "十");
    if (value % 10 > 0 || value == 0)
        aw_buf_puts(out, digits[value % 10]);
}

/* "二〇二六年十一月二十七日" of "2026-11-27 ...", as papers have it. */
static void put_hanzi_day(struct aw_buf *out, int year, int month, int day)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};

    for (int unit = 1000; unit > 0; unit /= 10)
        aw_buf_puts(out, digits[year / unit % 10]);
    aw_buf_puts(out, "年");
    put_hanzi(out, month);
    aw_buf_puts(out, "月");
    put_hanzi(out, day);
    aw_buf_puts(out, "日");
}

void aw_xml_moment(struct aw_xml *x, const char *name, int64_t wall_ms)
{
    char utc[AW_TIME_MAX];
    char beijing[AW_TIME_MAX];
    char day[DAY_MAX];
    struct aw_buf hanzi;
    int y = 0;
    int m = 0;
    int d = 0;

    aw_time_iso(wall_ms, utc);
    aw_time_beijing(wall_ms, beijing);
    y = (beijing[0] - '0') * 1000 + (beijing[1] - '0') * 100 +
        (beijing[2] - '0') * 10 + (beijing[3] - '0');
    m = (beijing[5] - '0') * 10 + (beijing[6] - '0');
    d = (beijing[8] - '0') * 10 + (beijing[9] - '0');
    (void)snprintf(day, sizeof day, "%d年%d月%d日", y, m, d);
    aw_buf_init(&hanzi, DAY_MAX);
    put_hanzi_day(&hanzi, y, m, d);
    aw_xml_open(x, name);
    aw_xml_attribute(x, "utc", aw_str_of(utc));
    aw_xml_attribute(x, "beijing", aw_str_of(beijing));
    aw_xml_attribute(x, "day", aw_str_of(day));
    aw_xml_attribute(x, "hanzi", aw_buf_str(&hanzi));
    aw_xml_close(x);
    aw_buf_deinit(&hanzi);
}

/* ---- what is JSON ------------------------------------------------------- */

struct aw_str aw_xml_text_of(const void *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return aw_str_of(cJSON_IsString(value) ? value->valuestring : NULL);
}

void *aw_xml_json(struct aw_xml *x, struct aw_str json, const char *what)
{
    cJSON *root = NULL;

    if (json.len > 0 && !aw_json_too_many(json, JSON_VALUES_MAX))
        root = cJSON_ParseWithLength(json.ptr, json.len);
    if (!root && json.len > 0 && x->rc == AW_OK)
        x->rc = aw_fail(x->err, AW_STORE, "%s is no JSON", what);
    return root;
}

/* ---- begin and end ------------------------------------------------------ */

aw_rc aw_xml_begin(struct aw_xml *x, struct aw_buf *out, struct aw_err *err)
{
    xmlOutputBufferPtr sink =
        xmlOutputBufferCreateIO(write_out, NULL, out, NULL);

    *x = (struct aw_xml){.out = out, .err = err, .rc = AW_OK};
    x->writer = sink ? xmlNewTextWriter(sink) : NULL;
    if (!x->writer) {
        if (sink)
            (void)xmlOutputBufferClose(sink);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    aw_xml_note(x, xmlTextWriterSetIndent(x->writer, 1));
    aw_xml_note(x,
                xmlTextWriterStartDocument(x->writer, "1.0", "UTF-8", NULL));
    return AW_OK;
}

aw_rc aw_xml_end(struct aw_xml *x)
{
    aw_xml_note(x, xmlTextWriterEndDocument(x->writer));
    xmlFreeTextWriter(x->writer);
    return x->rc == AW_OK ? aw_buf_check(x->out, x->err) : x->rc;
}
