/* question.c - what a query string asks of the queue. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "review/second.h"
#include "web/row.h"
#include "web/target.h"

#define SCORE_LEN 8 /* "0.9731" */

struct reading {
    struct aw_question *out;
    aw_query_fn *query;
    void *self;
};

static struct aw_str get(const struct reading *r, const char *name)
{
    return r->query(r->self, name);
}

/* Texts that are taken as they are. */
static const struct {
    const char *name;
    size_t at; /* in struct aw_question */
} texts[] = {
    {"class", offsetof(struct aw_question, class)},
    {"channel", offsetof(struct aw_question, channel)},
    {"sector", offsetof(struct aw_question, sector)},
    {"place", offsetof(struct aw_question, place)},
    {"host", offsetof(struct aw_question, host)},
    {"source", offsetof(struct aw_question, source)},
    {"q", offsetof(struct aw_question, text)},
    {"after", offsetof(struct aw_question, after)},
};

static const struct {
    const char *name;
    size_t at;
    int64_t least, most;
} numbers[] = {
    {"publisher", offsetof(struct aw_question, publisher), 0, INT64_MAX},
    {"group", offsetof(struct aw_question, group), 1, INT64_MAX},
    {"age_min", offsetof(struct aw_question, age_min), 0, 36500},
    {"age_max", offsetof(struct aw_question, age_max), 0, 36500},
};

static const struct {
    const char *name;
    size_t at;
} scores[] = {
    {"score_min", offsetof(struct aw_question, score_min)},
    {"score_max", offsetof(struct aw_question, score_max)},
};

static void *member(struct aw_question *question, size_t at)
{
    return (char *)question + at;
}

static void read_texts(const struct reading *r)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct aw_str *text = member(r->out, texts[i].at);

        *text = get(r, texts[i].name);
    }
}

static aw_rc read_number(const struct reading *r, const char *name,
                         int64_t least, int64_t most, int64_t *out,
                         struct aw_err *err)
{
    struct aw_str text = get(r, name);
    int64_t value;

    if (text.len == 0)
        return AW_OK;
    if (!aw_str_to_int(text, &value) || value < least || value > most)
        return aw_fail(err, AW_INVALID, "'%s' is no number from %lld to %lld",
                       name, (long long)least, (long long)most);
    *out = value;
    return AW_OK;
}

static aw_rc read_score(const struct reading *r, const char *name, double *out,
                        struct aw_err *err)
{
    struct aw_str text = get(r, name);
    char copy[SCORE_LEN + 1];
    char *end = copy;
    double value = -1;

    if (text.len == 0)
        return AW_OK;
    if (text.len <= SCORE_LEN) {
        (void)snprintf(copy, sizeof copy, "%.*s", AW_STR_ARG(text));
        if (strspn(copy, "0123456789.") == text.len)
            value = strtod(copy, &end);
    }
    if (end != copy + text.len || !(value >= 0 && value <= 1))
        return aw_fail(err, AW_INVALID, "'%s' is no score from 0 to 1", name);
    *out = value;
    return AW_OK;
}

static aw_rc read_state(const struct reading *r, struct aw_err *err)
{
    struct aw_str name = get(r, "state");

    r->out->states = 1u << AW_QUEUE_NEW;
    if (name.len == 0)
        return AW_OK;
    r->out->states = 0;
    if (aw_str_eq(name, AW_STR("all")))
        return AW_OK;
    for (int i = 0; i < AW_QUEUE_STATE_COUNT; i++)
        if (aw_str_eq(name,
                      aw_str_of(aw_queue_state_name((enum aw_queue_state)i))))
            r->out->states = 1u << i;
    return r->out->states ? AW_OK
                          : aw_fail(err, AW_INVALID,
                                    "'state' is none of new, second, "
                                    "confirmed, dismissed, escalated, all");
}

static aw_rc read_order(const struct reading *r, struct aw_err *err)
{
    static const char *const names[] = {[AW_QUEUE_URGENT] = "urgent",
                                        [AW_QUEUE_NEWEST] = "newest",
                                        [AW_QUEUE_UNCERTAIN] = "uncertain",
                                        [AW_QUEUE_RANDOM] = "random"};
    struct aw_str name = get(r, "order");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (aw_str_eq(name, aw_str_of(names[i]))) {
            r->out->order = (enum aw_queue_order)i;
            return AW_OK;
        }
    return name.len == 0 ? AW_OK
                         : aw_fail(err, AW_INVALID,
                                   "'order' is none of urgent, newest, "
                                   "uncertain, random");
}

static aw_rc read_assigned(const struct reading *r, const struct aw_user *user,
                           struct aw_err *err)
{
    struct aw_str who = get(r, "assigned");

    if (aw_str_eq(who, AW_STR("me")))
        r->out->assigned = user->id;
    else if (aw_str_eq(who, AW_STR("none")))
        r->out->assigned = 0;
    else
        return read_number(r, "assigned", 1, INT64_MAX, &r->out->assigned,
                           err);
    return AW_OK;
}

static aw_rc read_numbers(const struct reading *r, struct aw_err *err)
{
    int64_t limit = (int64_t)r->out->limit, seed = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && rc == AW_OK;
         i++)
        rc = read_number(r, numbers[i].name, numbers[i].least, numbers[i].most,
                         member(r->out, numbers[i].at), err);
    for (size_t i = 0; i < sizeof scores / sizeof *scores && rc == AW_OK; i++)
        rc = read_score(r, scores[i].name, member(r->out, scores[i].at), err);
    if (rc == AW_OK)
        rc = read_number(r, "limit", 1, AW_QUEUE_LIMIT_MAX, &limit, err);
    if (rc == AW_OK)
        rc = read_number(r, "seed", 0, INT64_MAX, &seed, err);
    r->out->limit = (size_t)limit;
    r->out->seed = (uint64_t)seed;
    return rc;
}

aw_rc aw_question_read(struct aw_question *out, aw_query_fn *query, void *self,
                       const struct aw_user *user, struct aw_err *err)
{
    struct reading r = {out, query, self};
    aw_rc rc;

    *out = AW_QUESTION_ALL;
    out->within = user->place;
    out->veiled_from = aw_second_veil(user);
    read_texts(&r);
    out->flat = aw_str_eq(get(&r, "flat"), AW_STR("1"));
    rc = read_state(&r, err);
    if (rc == AW_OK)
        rc = read_order(&r, err);
    if (rc == AW_OK)
        rc = read_assigned(&r, user, err);
    return rc == AW_OK ? read_numbers(&r, err) : rc;
}

static struct aw_str of_target(void *self, const char *name)
{
    return aw_target_query(self, name);
}

aw_rc aw_question_parse(struct aw_question *out, struct aw_str query,
                        const struct aw_user *user, struct aw_arena *arena,
                        struct aw_err *err)
{
    struct aw_target *target = aw_arena_alloc(arena, sizeof *target);
    struct aw_buf raw;
    struct aw_str text = {0};
    aw_rc rc;

    if (!target)
        return aw_arena_fail(arena, err);
    if (aw_str_starts(query, AW_STR("?")))
        query = aw_str_sub(query, 1, query.len);
    aw_buf_init(&raw, AW_HTTP_HEAD_MAX);
    aw_buf_puts(&raw, "/?");
    aw_buf_put(&raw, query);
    rc = aw_buf_check(&raw, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&raw), &text, err);
    aw_buf_deinit(&raw);
    if (rc == AW_OK)
        rc = aw_target_parse(target, text, arena, err);
    return rc == AW_OK ? aw_question_read(out, of_target, target, user, err)
                       : rc;
}
