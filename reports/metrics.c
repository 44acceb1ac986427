#include "reports/metrics.h"

#include <inttypes.h>
#include <stddef.h>

/* Backslash, quote and line feed: what both formats escape in a label. */
static void put_label(struct aw_buf *out, struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '\\' || c == '"')
            aw_buf_putc(out, '\\');
        if (c == '\n')
            aw_buf_puts(out, "\\n");
        else
            aw_buf_putc(out, c);
    }
}

static void put_head(struct aw_buf *out, const char *name, const char *type,
                     const char *unit, const char *help)
{
    aw_buf_printf(out, "# TYPE adwatch_%s %s\n", name, type);
    if (unit)
        aw_buf_printf(out, "# UNIT adwatch_%s %s\n", name, unit);
    aw_buf_printf(out, "# HELP adwatch_%s %s\n", name, help);
}

static void put_info(struct aw_buf *out, const struct aw_metrics *m)
{
    put_head(out, "run_info", "gauge", NULL, "The last run; always 1.");
    aw_buf_printf(out,
                  "adwatch_run_info{run=\"%" PRId64 "\",state=\"%s\","
                  "version=\"" AW_VERSION "\"} 1\n",
                  m->run, m->state);
}

static void put_time(struct aw_buf *out, const char *name, int64_t ms,
                     const char *help)
{
    put_head(out, name, "gauge", "seconds", help);
    aw_buf_printf(out, "adwatch_%s %" PRId64 ".%03d\n", name, ms / 1000,
                  (int)(ms % 1000));
}

static void put_gauge(struct aw_buf *out, const char *name, int64_t value,
                      const char *help)
{
    put_head(out, name, "gauge", NULL, help);
    aw_buf_printf(out, "adwatch_%s %" PRId64 "\n", name, value);
}

/* ---- by source ---------------------------------------------------------- */

struct family {
    const char *name, *type, *unit, *suffix, *help;
    size_t offset; /* of its number in struct aw_coverage */
};

#define AT(what) offsetof(struct aw_coverage, what)
static const struct family families[] = {
    {"planned", "counter", NULL, "_total", "URLs taken up.", AT(planned)},
    {"requests", "counter", NULL, "_total", "Requests for pages.",
     AT(requests)},
    {"bytes", "counter", "bytes", "_total", "Bodies, on the wire.", AT(bytes)},
    {"findings", "counter", NULL, "_total", "New findings.", AT(findings)},
    {"rendered", "counter", NULL, "_total",
     "Pages that a browser looked at as well.", AT(rendered)},
    {"unrendered", "counter", NULL, "_total",
     "Pages that a browser was to look at, and did not.", AT(unrendered)},
    {"left", "gauge", NULL, "", "URLs left for the next run, once it ended.",
     AT(left)},
};

static int64_t number_at(const struct aw_coverage *c, size_t offset)
{
    return *(const int64_t *)(const void *)((const char *)c + offset);
}

static void put_family(struct aw_buf *out, const struct aw_metrics *m,
                       const struct family *family)
{
    const struct aw_coverage *c;

    put_head(out, family->name, family->type, family->unit, family->help);
    for (size_t i = 0; (c = m->source_at(m->self, i)); i++) {
        aw_buf_printf(out, "adwatch_%s%s{source=\"", family->name,
                      family->suffix);
        put_label(out, c->name);
        aw_buf_printf(out, "\"} %" PRId64 "\n", number_at(c, family->offset));
    }
}

static void put_outcome(struct aw_buf *out, const struct aw_coverage *c,
                        const char *outcome, int64_t count)
{
    aw_buf_puts(out, "adwatch_pages_total{source=\"");
    put_label(out, c->name);
    aw_buf_printf(out, "\",outcome=\"%s\"} %" PRId64 "\n", outcome, count);
}

/* Each URL that is done with has just one outcome. */
static void put_pages(struct aw_buf *out, const struct aw_metrics *m)
{
    const struct aw_coverage *c;

    put_head(out, "pages", "counter", NULL, "URLs by what became of them.");
    for (size_t i = 0; (c = m->source_at(m->self, i)); i++) {
        put_outcome(out, c, "read", c->read);
        put_outcome(out, c, "unchanged", c->unchanged);
        put_outcome(out, c, "other", c->fetched - c->read - c->unchanged);
        put_outcome(out, c, "refused", c->refused);
        put_outcome(out, c, "skipped", c->skipped);
        put_outcome(out, c, "failed", c->failed);
    }
}

void aw_metrics_put(struct aw_buf *out, const struct aw_metrics *m)
{
    put_info(out, m);
    put_time(out, "run_started_seconds", m->started_ms,
             "When the last run was started, or taken up again.");
    put_time(out, "run_ended_seconds", m->ended_ms,
             "When the last run ended; 0: it goes on, or is broken.");
    put_time(out, "last_success_seconds", m->success_ms,
             "When the last run that went to its end did; 0: none.");
    put_gauge(out, "queue", m->queued, "URLs that wait.");
    put_gauge(out, "under_way", m->under_way,
              "Requests, and pages with the readers.");
    put_pages(out, m);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        put_family(out, m, &families[i]);
    aw_buf_puts(out, "# EOF\n");
}
