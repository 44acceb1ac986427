#include "reports/night.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "base/clock.h"
#include "reports/text.h"

#define GAP 2
#define NAME_MOST 40    /* columns of a source's name */
#define REASONS_MOST 20 /* of a source; --json has more, --skipped all */
#define NAME_MAX_BYTES 4096
#define NUMBER_MAX 32

/* ---- the table ---------------------------------------------------------- */

struct column {
    const char *title;
    size_t offset; /* of its number in struct aw_coverage */
};

#define COLUMN(title, what)                       \
    {                                             \
        title, offsetof(struct aw_coverage, what) \
    }
static const struct column columns[] = {
    COLUMN("planned", planned),
    COLUMN("fetched", fetched),
    COLUMN("not changed", unchanged),
    COLUMN("read", read),
    COLUMN("robots.txt", refused),
    COLUMN("skipped", skipped),
    COLUMN("failed", failed),
    COLUMN("rendered", rendered),
    COLUMN("left", left),
    COLUMN("new findings", findings),
    COLUMN("MB", bytes),
};
#define COLUMNS (sizeof columns / sizeof *columns)

static void print_number(char out[NUMBER_MAX], const struct column *column,
                         const struct aw_coverage *c)
{
    const char *at = (const char *)c + column->offset;
    int64_t value = *(const int64_t *)(const void *)at;

    if (column->offset == offsetof(struct aw_coverage, bytes))
        (void)snprintf(out, NUMBER_MAX, "%.1f", (double)value / 1e6);
    else
        (void)snprintf(out, NUMBER_MAX, "%" PRId64, value);
}

/* No number of a source is longer than that of all. */
static int width_of(const struct column *column, const struct aw_night *night)
{
    char number[NUMBER_MAX];
    size_t title = strlen(column->title);
    size_t longest;

    print_number(number, column, &night->did);
    longest = strlen(number);
    return (int)(title > longest ? title : longest);
}

/* As it is shown: what does harm takes a column in its tame form. */
static int shown_width(struct aw_str name)
{
    struct aw_buf tame;
    int width;

    aw_buf_init(&tame, NAME_MAX_BYTES);
    aw_text_tame(&tame, name);
    width = aw_text_width(aw_buf_str(&tame));
    aw_buf_deinit(&tame);
    return width;
}

static int name_width(const struct aw_night *night)
{
    int width = (int)strlen("source");

    for (const struct aw_night_source *s = night->sources; s; s = s->next) {
        int wide = shown_width(s->name);

        width = wide > width ? wide : width;
    }
    return width < NAME_MOST ? width : NAME_MOST;
}

static void put_head(struct aw_buf *out, const struct aw_night *night,
                     int name)
{
    aw_text_cell(out, AW_STR("source"), name);
    for (size_t i = 0; i < COLUMNS; i++)
        aw_buf_printf(out, "%*s%s",
                      GAP + width_of(&columns[i], night) -
                          (int)strlen(columns[i].title),
                      "", columns[i].title);
    aw_buf_putc(out, '\n');
}

static void put_row(struct aw_buf *out, const struct aw_night *night, int name,
                    struct aw_str text, const struct aw_coverage *c)
{
    char number[NUMBER_MAX];

    aw_text_cell(out, text, name);
    for (size_t i = 0; i < COLUMNS; i++) {
        print_number(number, &columns[i], c);
        aw_buf_printf(out, "%*s", GAP + width_of(&columns[i], night), number);
    }
    aw_buf_putc(out, '\n');
}

static void put_table(struct aw_buf *out, const struct aw_night *night)
{
    int name = name_width(night);

    put_head(out, night, name);
    for (const struct aw_night_source *s = night->sources; s; s = s->next)
        if (s->is_now)
            put_row(out, night, name, s->name, &s->now);
    put_row(out, night, name, AW_STR("all"), &night->did);
}

/* ---- what stands around it ---------------------------------------------- */

static void put_span(struct aw_buf *out, int64_t ms)
{
    int64_t s = ms > 0 ? ms / 1000 : 0;

    if (s >= 3600)
        aw_buf_printf(out, "%" PRId64 " h %" PRId64 " min", s / 3600,
                      s % 3600 / 60);
    else if (s >= 60)
        aw_buf_printf(out, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
    else
        aw_buf_printf(out, "%" PRId64 " s", s);
}

static void put_run(struct aw_buf *out, const struct aw_night *night,
                    int64_t now_ms)
{
    const struct aw_run *run = &night->run;
    char began[AW_TIME_MAX];

    aw_time_beijing(run->started_ms, began);
    aw_buf_printf(out, "run %" PRId64 " of %s: %.*s, ", run->id, began,
                  AW_STR_ARG(run->state));
    put_span(out,
             (run->ended_ms > 0 ? run->ended_ms : now_ms) - run->started_ms);
    aw_buf_putc(out, '\n');
}

static void put_pair(struct aw_buf *out, struct aw_str name,
                     struct aw_str text)
{
    aw_buf_puts(out, "  ");
    aw_text_tame(out, name);
    aw_buf_puts(out, ": ");
    aw_text_tame(out, text);
    aw_buf_putc(out, '\n');
}

static void put_warnings(struct aw_buf *out, const struct aw_night *night)
{
    bool any = false;

    for (const struct aw_night_source *s = night->sources; s; s = s->next) {
        if (s->warning.len == 0)
            continue;
        if (!any)
            aw_buf_puts(out, "look at these\n");
        any = true;
        put_pair(out, s->name, s->warning);
    }
    if (any)
        aw_buf_putc(out, '\n');
}

/* A reason may quote a line of some robots.txt. */
static void put_reasons(struct aw_buf *out, const struct aw_night_source *s)
{
    size_t shown = 0;
    size_t hidden = 0;

    aw_buf_puts(out, "  ");
    aw_text_tame(out, s->name);
    aw_buf_putc(out, '\n');
    for (const struct aw_night_count *r = s->reasons; r; r = r->next) {
        if (shown == REASONS_MOST) {
            hidden++;
            continue;
        }
        shown++;
        aw_buf_printf(out, "    %6" PRId64 "  %-7.*s  ", r->count,
                      AW_STR_ARG(r->state));
        aw_text_tame(out, r->reason);
        aw_buf_putc(out, '\n');
    }
    if (hidden > 0)
        aw_buf_printf(out, "            and %zu other reasons\n", hidden);
}

static void put_all_reasons(struct aw_buf *out, const struct aw_night *night)
{
    bool any = false;

    for (const struct aw_night_source *s = night->sources; s; s = s->next) {
        if (!s->reasons)
            continue;
        if (!any)
            aw_buf_puts(out, "\nreasons\n");
        any = true;
        put_reasons(out, s);
    }
}

static void put_notes(struct aw_buf *out, const struct aw_night *night)
{
    if (night->notes)
        aw_buf_puts(out, "\nnotes\n");
    for (const struct aw_night_note *n = night->notes; n; n = n->next)
        put_pair(out, n->source, n->text);
}

/* To be kept elsewhere: `audit verify --head` finds a cut-off end by it. */
static void put_audit_head(struct aw_buf *out,
                           const struct aw_audit_head *head)
{
    if (head->id > 0)
        aw_buf_printf(out, "\nhead of the audit chain\n  %" PRId64 ":%s\n",
                      head->id, head->hash);
}

void aw_night_text(struct aw_buf *out, const struct aw_night *night,
                   int64_t now_ms)
{
    put_run(out, night, now_ms);
    aw_buf_putc(out, '\n');
    put_warnings(out, night);
    put_table(out, night);
    put_all_reasons(out, night);
    put_notes(out, night);
    aw_buf_puts(out, "\nfindings, of all runs\n");
    for (const struct aw_night_count *c = night->findings; c; c = c->next)
        aw_buf_printf(out, "  %-10.*s %" PRId64 "\n", AW_STR_ARG(c->state),
                      c->count);
    put_audit_head(out, &night->audit);
}
