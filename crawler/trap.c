#include "crawler/trap.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "crawler/url.h"

#define SHOWN_MAX 80 /* bytes of a piece in a reason */
#define SKETCH 64    /* smallest hashes kept of a set */
#define DIMS 8       /* parameters of a path that are told apart */
#define WAYS 8       /* records among which one key may lie */

/* A set of hashes, kept by its smallest ones. */
struct sketch {
    uint32_t count;
    uint32_t largest; /* of items, once there are SKETCH */
    uint32_t items[SKETCH];
};

/* A parameter of a path, and whether it had more than one value. */
struct dim {
    uint32_t name;
    uint32_t value;
    bool varies;
};

/* What is known of a shape of URLs, or of the queries of a path. */
struct record {
    uint64_t key; /* 0: free */
    struct sketch urls;
    struct sketch values; /* of parameters: hashes of "name=value" */
    struct dim dims[DIMS];
};

/* How many pages in a row led to a page by lengthening its path. */
struct chain {
    uint32_t page;
    uint32_t length;
};

struct aw_trap {
    struct record *records;
    struct chain *chains;
};

/* A URL taken apart, and why it is a trap. */
struct question {
    struct aw_str url, found_on;
    struct aw_url_parts parts;
    struct aw_str segments[AW_TRAP_SEGMENTS_MAX];
    size_t segment_count;
    struct aw_str params[AW_TRAP_PARAMS_MAX];
    size_t param_count;
    struct aw_buf *reason;
};

/* ---- sets ---- */

static bool is_in(const struct sketch *s, uint32_t hash)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->items[i] == hash)
            return true;
    return false;
}

static void find_largest(struct sketch *s)
{
    s->largest = 0;
    for (uint32_t i = 0; i < SKETCH; i++)
        if (s->items[i] > s->largest)
            s->largest = s->items[i];
}

static void sketch_add(struct sketch *s, uint32_t hash)
{
    if ((s->count == SKETCH && hash >= s->largest) || is_in(s, hash))
        return;
    if (s->count < SKETCH) {
        s->items[s->count++] = hash;
    } else {
        for (uint32_t i = 0; i < SKETCH; i++)
            if (s->items[i] == s->largest)
                s->items[i] = hash;
    }
    if (s->count == SKETCH)
        find_largest(s);
}

/* How many were added: hashes lie evenly, so that SKETCH of them below
 * largest tell of all. */
static uint64_t sketch_size(const struct sketch *s)
{
    if (s->count < SKETCH)
        return s->count;
    return ((uint64_t)(SKETCH - 1) << 32) / ((uint64_t)s->largest + 1);
}

static uint32_t hash32(struct aw_str text)
{
    return (uint32_t)(aw_hash64(text) >> 32);
}

/* The record of key; where there is none, a new one in the place of that with
 * the fewest URLs. */
static struct record *record_of(struct aw_trap *trap, uint64_t key)
{
    struct record *bucket =
        &trap->records[key % (AW_TRAP_RECORDS / WAYS) * WAYS];
    struct record *least = bucket;

    key |= 1;
    for (size_t i = 0; i < WAYS; i++) {
        if (bucket[i].key == key)
            return &bucket[i];
        if (bucket[i].urls.count < least->urls.count)
            least = &bucket[i];
    }
    *least = (struct record){.key = key};
    return least;
}

/* ---- taking apart ---- */

static struct aw_str shown(struct aw_str s)
{
    return aw_str_sub(s, 0, SHOWN_MAX);
}

#define FOUND(q, ...) (aw_buf_printf((q)->reason, "trap: " __VA_ARGS__), true)

static bool is_too_deep(struct question *q)
{
    struct aw_str rest = aw_str_sub(q->parts.path, 1, q->parts.path.len);
    struct aw_str segment;

    while (aw_str_split(&rest, '/', &segment)) {
        if (segment.len == 0 && !rest.ptr)
            break; /* a slash at the end */
        if (q->segment_count == AW_TRAP_SEGMENTS_MAX)
            return FOUND(q, "more than %d path segments",
                         AW_TRAP_SEGMENTS_MAX);
        q->segments[q->segment_count++] = segment;
    }
    return false;
}

static bool has_too_many_params(struct question *q)
{
    struct aw_str rest = q->parts.query;
    struct aw_str param;

    if (rest.len == 0)
        return false;
    while (aw_str_split(&rest, '&', &param)) {
        if (param.len == 0)
            continue;
        if (q->param_count == AW_TRAP_PARAMS_MAX)
            return FOUND(q, "more than %d parameters", AW_TRAP_PARAMS_MAX);
        q->params[q->param_count++] = param;
    }
    return false;
}

static bool is_too_long(struct question *q)
{
    if (q->url.len <= AW_TRAP_URL_MAX)
        return false;
    return FOUND(q, "URL of more than %d bytes", AW_TRAP_URL_MAX);
}

/* ---- told by the URL alone ---- */

/* Numbers and shards stand more than once in ordinary paths. */
static bool is_plain(struct aw_str segment)
{
    for (size_t i = 0; segment.len > 2 && i < segment.len; i++)
        if (!aw_ascii_digit(segment.ptr[i]))
            return false;
    return true;
}

static bool repeats_a_segment(struct question *q)
{
    for (size_t i = 0; i < q->segment_count; i++) {
        struct aw_str segment = q->segments[i];
        int times = 0;

        for (size_t j = 0; j < q->segment_count; j++)
            times += aw_str_eq(q->segments[j], segment);
        if (times >=
            (is_plain(segment) ? AW_TRAP_PLAIN_REPEATS : AW_TRAP_REPEATS))
            return FOUND(q, "path segment '%.*s' stands %d times",
                         AW_STR_ARG(shown(segment)), times);
    }
    return false;
}

/* Whether len segments from `from` stand AW_TRAP_REPEATS times in a row. */
static bool is_row(const struct question *q, size_t from, size_t len)
{
    for (size_t i = from; i < from + len * (AW_TRAP_REPEATS - 1); i++)
        if (!aw_str_eq(q->segments[i], q->segments[i + len]))
            return false;
    return true;
}

static bool repeats_a_row(struct question *q)
{
    for (size_t len = 2; len * AW_TRAP_REPEATS <= q->segment_count; len++)
        for (size_t i = 0; i + len * AW_TRAP_REPEATS <= q->segment_count; i++)
            if (is_row(q, i, len)) {
                const char *start = q->segments[i].ptr;
                const struct aw_str *last = &q->segments[i + len - 1];
                struct aw_str row = {start,
                                     (size_t)(last->ptr - start) + last->len};

                return FOUND(q, "'%.*s' stands %d times in a row in the path",
                             AW_STR_ARG(shown(row)), AW_TRAP_REPEATS);
            }
    return false;
}

static struct aw_str name_of(struct aw_str param)
{
    const char *sign = param.len ? memchr(param.ptr, '=', param.len) : NULL;

    if (sign)
        param.len = (size_t)(sign - param.ptr);
    return param;
}

static bool is_list(struct aw_str name)
{
    return aw_str_ends(name, AW_STR("[]")) ||
           aw_str_ends(name, AW_STR("%5B%5D"));
}

static bool repeats_a_param(struct question *q)
{
    for (size_t i = 0; i < q->param_count; i++) {
        struct aw_str name = name_of(q->params[i]);
        int times = 0;

        for (size_t j = 0; j < q->param_count; j++)
            times += aw_str_eq(name_of(q->params[j]), name);
        if (times >= AW_TRAP_SAME_PARAM && !is_list(name))
            return FOUND(q, "parameter '%.*s' stands %d times",
                         AW_STR_ARG(shown(name)), times);
    }
    return false;
}

/* ---- told by what was asked before ---- */

/* The numbers of a URL: how many are there of each kind. */
struct numbers {
    int all;
    int dates;  /* 2031, 203105, 20310506 */
    int smalls; /* one or two digits */
};

static int64_t number_at(struct aw_str text, size_t from, size_t len)
{
    int64_t number = 0;

    if (!aw_str_to_int(aw_str_sub(text, from, len), &number))
        return -1;
    return number;
}

static bool is_date(struct aw_str digits)
{
    int64_t year = number_at(digits, 0, 4);
    int64_t month = digits.len > 4 ? number_at(digits, 4, 2) : 1;
    int64_t day = digits.len > 6 ? number_at(digits, 6, 2) : 1;

    return (digits.len == 4 || digits.len == 6 || digits.len == 8) &&
           year >= 1900 && year < 2200 && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
}

static size_t digits_at(struct aw_str text, size_t from)
{
    size_t end = from;

    while (end < text.len && aw_ascii_digit(text.ptr[end]))
        end++;
    return end - from;
}

/* Appends target with N for each number, and counts them. Digits of an escape
 * are none. */
static struct numbers put_shape(struct aw_buf *out, struct aw_str target)
{
    struct numbers numbers = {0};

    for (size_t i = 0; i < target.len;) {
        size_t len = digits_at(target, i);

        if (len > 0) {
            numbers.all++;
            numbers.dates += is_date(aw_str_sub(target, i, len));
            numbers.smalls += len <= 2;
            aw_buf_putc(out, 'N');
            i += len;
        } else {
            len = target.ptr[i] == '%' ? 3 : 1;
            aw_buf_put(out, aw_str_sub(target, i, len));
            i += len;
        }
    }
    return numbers;
}

/* One date with no number beside it: of "/2031/05/06/12.html" the 12 is the
 * number of an article. */
static bool is_dated(const struct numbers *numbers)
{
    return numbers->dates == 1 && numbers->smalls <= 2 &&
           numbers->all == 1 + numbers->smalls;
}

/* Counts the URL for its shape, and as a dated one. A shape that is dated in
 * half of its URLs or fewer has ids, of which some look like dates. */
static bool is_over(struct aw_trap *trap, struct question *q,
                    struct aw_str shape, bool dated, struct aw_str shown_shape)
{
    uint64_t key = aw_hash64(shape);
    struct record *all = record_of(trap, key);
    struct record *dates;

    sketch_add(&all->urls, hash32(q->parts.target));
    if (sketch_size(&all->urls) > AW_TRAP_NUMBERED_MAX)
        return FOUND(q, "more than about %d pages like '%.*s' for a number",
                     AW_TRAP_NUMBERED_MAX, AW_STR_ARG(shown_shape));
    if (!dated)
        return false;
    dates = record_of(trap, key + 2); /* never in the bucket of key */
    sketch_add(&dates->urls, hash32(q->parts.target));
    return sketch_size(&dates->urls) > AW_TRAP_DATED_MAX &&
           sketch_size(&dates->urls) * 2 > sketch_size(&all->urls) &&
           FOUND(q, "more than about %d pages like '%.*s' for a date",
                 AW_TRAP_DATED_MAX, AW_STR_ARG(shown_shape));
}

static bool is_generated(struct aw_trap *trap, struct question *q)
{
    struct aw_buf shape;
    struct numbers numbers;
    size_t host = q->parts.host.len;
    bool found = false;

    aw_buf_init(&shape, (size_t)2 * AW_TRAP_URL_MAX);
    aw_buf_put(&shape, q->parts.host);
    numbers = put_shape(&shape, q->parts.target);
    if (numbers.all > 0 && shape.rc == AW_OK)
        found = is_over(trap, q, aw_buf_str(&shape), is_dated(&numbers),
                        aw_str_sub(aw_buf_str(&shape), host, SHOWN_MAX));
    aw_buf_deinit(&shape);
    return found;
}

/* Notes the value of a parameter; a path with more parameters than DIMS is
 * judged by the first ones. */
static void note_dim(struct record *record, struct aw_str param)
{
    uint32_t name = hash32(name_of(param)) | 1;
    uint32_t value = hash32(param);

    for (size_t i = 0; i < DIMS; i++) {
        struct dim *dim = &record->dims[i];

        if (dim->name == 0)
            *dim = (struct dim){name, value, false};
        if (dim->name == name) {
            dim->varies = dim->varies || dim->value != value;
            return;
        }
    }
}

static int count_varying(const struct record *record)
{
    int n = 0;

    for (size_t i = 0; i < DIMS; i++)
        n += record->dims[i].varies;
    return n;
}

static uint64_t path_key(const struct question *q)
{
    return aw_hash64(q->parts.host) * 31 + aw_hash64(q->parts.path);
}

static bool is_faceted(struct aw_trap *trap, struct question *q)
{
    uint64_t combination = 0; /* in any order */
    uint64_t combinations;
    struct record *record;

    if (q->param_count < 3)
        return false;
    record = record_of(trap, path_key(q));
    for (size_t i = 0; i < q->param_count; i++) {
        note_dim(record, q->params[i]);
        sketch_add(&record->values, hash32(q->params[i]));
        combination += aw_hash64(q->params[i]);
    }
    sketch_add(&record->urls, (uint32_t)(combination >> 32));
    combinations = sketch_size(&record->urls);
    if (combinations <= AW_TRAP_FACETS_MAX || count_varying(record) < 3 ||
        combinations < AW_TRAP_FACETS_FACTOR * sketch_size(&record->values))
        return false;
    return FOUND(q, "more than about %d combinations of parameters of '%.*s'",
                 AW_TRAP_FACETS_MAX, AW_STR_ARG(shown(q->parts.path)));
}

static size_t count_slashes(struct aw_str path)
{
    size_t n = 0;

    for (size_t i = 0; i < path.len; i++)
        n += path.ptr[i] == '/';
    return n;
}

/* url is that of the page before with more path below its folder, or with
 * more query. */
static bool is_longer(const struct aw_url_parts *url,
                      const struct aw_url_parts *before)
{
    struct aw_str folder = before->path;

    if (!aw_str_eq(url->host, before->host))
        return false;
    if (aw_str_eq(url->path, before->path))
        return url->query.len > before->query.len &&
               aw_str_starts(url->query, before->query);
    while (folder.len > 0 && folder.ptr[folder.len - 1] != '/')
        folder.len--;
    return aw_str_starts(url->path, folder) &&
           count_slashes(url->path) > count_slashes(before->path);
}

static struct chain *chain_of(struct aw_trap *trap, struct aw_str url)
{
    return &trap->chains[aw_hash64(url) % AW_TRAP_CHAINS];
}

static uint32_t length_at(struct aw_trap *trap, struct aw_str url)
{
    const struct chain *chain = chain_of(trap, url);

    return chain->page == hash32(url) ? chain->length : 0;
}

/* The shortest way to a page counts. */
static bool is_chained(struct aw_trap *trap, struct question *q)
{
    struct chain *chain = chain_of(trap, q->url);
    struct aw_url_parts before;
    struct aw_err ignored;
    uint32_t length = 0;

    if (q->found_on.len > 0 &&
        aw_url_parse(q->found_on, &before, &ignored) == AW_OK &&
        is_longer(&q->parts, &before))
        length = length_at(trap, q->found_on) + 1;
    if (chain->page == hash32(q->url) && chain->length <= length)
        length = chain->length;
    *chain = (struct chain){hash32(q->url), length};
    if (length <= AW_TRAP_CHAIN_MAX)
        return false;
    return FOUND(q,
                 "%u pages in a row, each longer by a piece than the one "
                 "before: '%.*s'",
                 length, AW_STR_ARG(shown(q->parts.target)));
}

/* ---- all ---- */

bool aw_trap_check(struct aw_trap *trap, struct aw_str url,
                   struct aw_str found_on, struct aw_buf *reason)
{
    struct question q = {.url = url, .found_on = found_on, .reason = reason};
    struct aw_err ignored;

    if (aw_url_parse(url, &q.parts, &ignored) != AW_OK)
        return false;
    return is_too_long(&q) || is_too_deep(&q) || has_too_many_params(&q) ||
           repeats_a_segment(&q) || repeats_a_row(&q) || repeats_a_param(&q) ||
           is_chained(trap, &q) || is_faceted(trap, &q) ||
           is_generated(trap, &q);
}

aw_rc aw_trap_new(struct aw_trap **out, struct aw_err *err)
{
    struct aw_trap *trap = calloc(1, sizeof *trap);

    if (trap) {
        trap->records = calloc(AW_TRAP_RECORDS, sizeof *trap->records);
        trap->chains = calloc(AW_TRAP_CHAINS, sizeof *trap->chains);
    }
    if (!trap || !trap->records || !trap->chains) {
        aw_trap_free(trap);
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    }
    *out = trap;
    return AW_OK;
}

void aw_trap_free(struct aw_trap *trap)
{
    if (!trap)
        return;
    free(trap->records);
    free(trap->chains);
    free(trap);
}
