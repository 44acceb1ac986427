#include "web/row.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "review/sort.h"
#include "store/queue_rows.h"

#define DETAIL_MAX 160 /* bytes */

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_null(struct aw_buf *out, const char *name)
{
    aw_json_raw(out, name, AW_STR("null"));
}

/* ---- why it is urgent ----------------------------------------------------
 *
 * Each reason in words, as claims have theirs, and its number for who says it
 * in another language. */

static int64_t number_of(enum aw_why why, const struct aw_urgency_facts *f)
{
    switch (why) {
    case AW_WHY_SEVERITY:
        return f->severity;
    case AW_WHY_REACH:
        return f->sites;
    case AW_WHY_NEW_DOMAIN:
        return f->host_days;
    case AW_WHY_REPEAT_PUBLISHER:
        return f->confirmed;
    case AW_WHY_CLOCK:
        return f->days_left;
    case AW_WHY_SIMILAR:
        return f->similar;
    default:
        return 0;
    }
}

static void say_reach(struct aw_buf *out, const struct aw_urgency_facts *f)
{
    const struct {
        int count, least, most;
        const char *format;
    } parts[] = {{f->sites, 2, AW_SITES_MOST, "各地%d%s个网站"},
                 {f->times, 2, AW_TIMES_MOST, "交来%d%s次"},
                 {f->adverts, 1, AW_TIMES_MOST, "%d%s条广告指向它"}};
    bool first = true;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].count < parts[i].least)
            continue;
        if (!first)
            aw_buf_puts(out, "，");
        first = false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        aw_buf_printf(out, parts[i].format, parts[i].count,
                      parts[i].count < parts[i].most ? "" : "+");
#pragma GCC diagnostic pop
    }
}

static void say_clock(struct aw_buf *out, int days_left)
{
    if (days_left > 0)
        aw_buf_printf(out, "剩%d个工作日", days_left);
    else if (days_left == 0)
        aw_buf_puts(out, "今天到期");
    else
        aw_buf_printf(out, "超期%d个工作日", -days_left);
}

static void say(struct aw_buf *out, enum aw_why why,
                const struct aw_queue_item *item)
{
    const struct aw_urgency_facts *f = &item->facts;

    switch (why) {
    case AW_WHY_SEVERITY:
        aw_buf_printf(out, "%d级", f->severity);
        break;
    case AW_WHY_SCORE:
        aw_buf_printf(out, "%.2f", f->score);
        break;
    case AW_WHY_REACH:
        say_reach(out, f);
        break;
    case AW_WHY_AUDIENCE:
        aw_buf_put(out, item->audience_name);
        break;
    case AW_WHY_NEW_DOMAIN:
        aw_buf_printf(out, "%d天前首次发现该网站", f->host_days);
        break;
    case AW_WHY_REPEAT_PUBLISHER:
        aw_buf_printf(out, "该发布者在各地已确认%lld条",
                      (long long)f->confirmed);
        break;
    case AW_WHY_CLOCK:
        say_clock(out, f->days_left);
        break;
    case AW_WHY_SIMILAR:
    default:
        aw_buf_printf(out, "各地共%lld条", (long long)f->similar);
        break;
    }
}

/* What is more than a number, for another language. */
static void put_known(struct aw_buf *out, enum aw_why why,
                      const struct aw_queue_item *item)
{
    if (why == AW_WHY_AUDIENCE) {
        aw_json_text(out, "audience", item->audience);
    } else if (why == AW_WHY_REACH) {
        aw_json_int(out, "sites", item->facts.sites);
        aw_json_int(out, "times", item->facts.times);
        aw_json_int(out, "adverts", item->facts.adverts);
    }
}

static void put_why(struct aw_buf *out, const struct aw_queue_item *item)
{
    aw_json_open(out, "why", '[');
    for (int i = 0; i < AW_WHY_COUNT; i++) {
        enum aw_why why = (enum aw_why)i;
        struct aw_buf detail;

        if (item->urgency.points[i] == 0)
            continue;
        aw_buf_init(&detail, DETAIL_MAX);
        say(&detail, why, item);
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "code", aw_str_of(aw_why_code(why)));
        aw_json_int(out, "points", item->urgency.points[i]);
        aw_json_text(out, "detail", aw_buf_str(&detail));
        aw_json_int(out, "number", number_of(why, &item->facts));
        put_known(out, why, item);
        aw_json_close(out, '}');
        aw_buf_deinit(&detail);
    }
    aw_json_close(out, ']');
}

/* ---- whose, where, with whom ---------------------------------------------
 */

static void put_classes(struct aw_buf *out, const struct aw_queue_item *item,
                        struct aw_str gravest)
{
    aw_json_open(out, "classes", '[');
    for (int i = 0; i < AW_SORT_CLASS_COUNT; i++)
        if (item->classes >> i & 1)
            aw_json_text(out, NULL, aw_str_of(aw_sort_class_name(i)));
    if (item->classes == 0 && gravest.len > 0) /* not sorted yet */
        aw_json_text(out, NULL, gravest);
    aw_json_close(out, ']');
}

static void put_claim(struct aw_buf *out, const struct aw_shown_row *row)
{
    aw_json_open(out, "claim", '{');
    aw_json_text(out, "class", row->class);
    aw_json_text(out, "quote", row->quote);
    aw_json_text(out, "before", row->before);
    aw_json_text(out, "after", row->after);
    aw_json_close(out, '}');
}

static void put_sectors(struct aw_buf *out, const struct aw_queue_item *item)
{
    aw_json_open(out, "sectors", '[');
    for (size_t i = 0; i < item->sector_count; i++)
        aw_json_text(out, NULL, item->sectors[i]);
    aw_json_close(out, ']');
}

static void put_place(struct aw_buf *out, const struct aw_queue_item *item)
{
    if (item->place.len == 0) {
        put_null(out, "place");
        return;
    }
    aw_json_open(out, "place", '{');
    aw_json_text(out, "code", item->place);
    aw_json_text(out, "name", item->place_name);
    aw_json_close(out, '}');
}

static void put_publisher(struct aw_buf *out, const struct aw_queue_item *item)
{
    if (item->publisher == AW_ROW_PUBLISHER_APART)
        return;
    if (item->publisher == 0) {
        put_null(out, "publisher");
        return;
    }
    aw_json_open(out, "publisher", '{');
    aw_json_int(out, "id", item->publisher);
    aw_json_text(out, "name", item->publisher_name);
    aw_json_int(out, "findings", item->publisher_findings);
    aw_json_close(out, '}');
}

/* What is decided is no longer due. */
static void put_clock(struct aw_buf *out, const struct aw_queue_item *item)
{
    if (!item->facts.is_open) {
        put_null(out, "due");
        put_null(out, "days_left");
        return;
    }
    put_time(out, "due", item->due_ms);
    aw_json_int(out, "days_left", item->days_left);
    if (!item->due_known)
        aw_json_bool(out, "due_by_weekends_alone", true);
}

static void put_group(struct aw_buf *out, const struct aw_queue_item *item)
{
    aw_json_open(out, "group", '{');
    aw_json_int(out, "id", item->group);
    aw_json_int(out, "findings", item->group_findings);
    aw_json_int(out, "sites", item->group_sites);
    aw_json_close(out, '}');
}

static void put_person(struct aw_buf *out, const char *name, int64_t id,
                       struct aw_str who, int64_t until_ms)
{
    if (id == 0) {
        put_null(out, name);
        return;
    }
    aw_json_open(out, name, '{');
    aw_json_int(out, "id", id);
    aw_json_text(out, "name", who);
    if (until_ms != 0)
        put_time(out, "until", until_ms);
    aw_json_close(out, '}');
}

aw_rc aw_row_json(struct aw_buf *out, struct aw_store *store,
                  const struct aw_queue_item *item, int64_t now_ms,
                  struct aw_arena *arena, struct aw_err *err)
{
    struct aw_shown_row row;
    aw_rc rc = aw_store_shown_row(store, item->id, now_ms, arena, &row, err);

    if (rc != AW_OK)
        return rc;
    aw_json_int(out, "id", item->id);
    aw_json_int(out, "version", item->version);
    aw_json_text(out, "state", aw_str_of(aw_queue_state_name(item->state)));
    aw_json_int(out, "urgency", item->urgency.total);
    put_why(out, item);
    aw_json_real(out, "score", item->score);
    aw_json_int(out, "severity", row.severity);
    aw_json_text(out, "url", row.url);
    aw_json_text(out, "host", row.host);
    aw_json_text(out, "source", row.source);
    aw_json_text(out, "channel", row.channel);
    aw_json_text(out, "title", row.title);
    put_classes(out, item, row.class);
    put_claim(out, &row);
    put_sectors(out, item);
    put_place(out, item);
    put_publisher(out, item);
    put_time(out, "first_seen", item->first_seen_ms);
    put_time(out, "last_seen", row.last_seen_ms);
    if (row.gone_ms != 0)
        put_time(out, "gone", row.gone_ms);
    else
        put_null(out, "gone");
    put_clock(out, item);
    put_group(out, item);
    put_person(out, "assigned", item->assigned, row.assigned_name, 0);
    put_person(out, "lease", row.lease_user, row.lease_name,
               row.lease_until_ms);
    return aw_buf_check(out, err);
}
