/* queue_search.c - what was searched for is kept: the next page of it, and the
 * counts beside it, look through the findings that came since alone. */
#include <stdlib.h>

#include "base/utf8.h"
#include "review/plain.h"
#include "review/queue_private.h"
#include "store/queue_rows.h"
#include "store/sorting.h"

#define TEXT_MAX ((size_t)AW_QUEUE_TEXT_MAX * 4) /* bytes */

#define ID_MAX (INT64_C(1) << 32)

/* Ids that a search found, a bit for each: a common text stands in most
 * findings, and several times in each. */
struct hits {
    uint64_t *bits;
    int64_t last; /* later ones were not asked for */
};

static aw_rc hits_init(struct hits *hits, int64_t last, struct aw_err *err)
{
    if (last >= ID_MAX)
        return aw_fail(err, AW_LIMIT, "finding %lld is beyond all limits",
                       (long long)last);
    hits->last = last;
    hits->bits = calloc((size_t)last / 64 + 1, sizeof *hits->bits);
    return hits->bits ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

static aw_rc add_hit(void *self, int64_t id, struct aw_err *err)
{
    struct hits *hits = self;

    (void)err;
    if (id > 0 && id <= hits->last)
        hits->bits[id / 64] |= UINT64_C(1) << id % 64;
    return AW_OK;
}

static void forget(struct aw_queue_search *search)
{
    free(search->text);
    free(search->bits);
    *search = (struct aw_queue_search){0};
}

void aw_queue_search_free(struct aw_queue *q)
{
    for (size_t i = 0; i < AW_QUEUE_SEARCHES; i++)
        forget(&q->searches[i]);
}

/* The search of that text, or the one that was not used for longest, made
 * empty. */
static struct aw_queue_search *
search_of(struct aw_queue *q, struct aw_str text, struct aw_err *err)
{
    struct aw_queue_search *oldest = &q->searches[0];

    for (size_t i = 0; i < AW_QUEUE_SEARCHES; i++) {
        struct aw_queue_search *search = &q->searches[i];

        if (search->text &&
            aw_str_eq((struct aw_str){search->text, search->len}, text))
            return search;
        if (search->used < oldest->used)
            oldest = search;
    }
    forget(oldest);
    oldest->text = malloc(text.len);
    if (!oldest->text) {
        (void)aw_fail(err, AW_NOMEM, "out of memory");
        return NULL;
    }
    memcpy(oldest->text, text.ptr, text.len);
    oldest->len = text.len;
    return oldest;
}

static bool widen(struct aw_queue_search *search, size_t words)
{
    uint64_t *grown;

    if (words <= search->words)
        return true;
    grown = realloc(search->bits, words * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + search->words, 0, (words - search->words) * sizeof *grown);
    search->bits = grown;
    search->words = words;
    return true;
}

/* A word of ids, from the first one on. */
static void mark_word(const struct aw_queue *q, struct aw_queue_search *search,
                      uint64_t word, int64_t first)
{
    for (; word; word &= word - 1) {
        uint32_t number = aw_queue_find(q, first + __builtin_ctzll(word));

        if (number != AW_QUEUE_NONE)
            search->bits[number / 64] |= UINT64_C(1) << number % 64;
    }
}

/* Findings sorted after the last refresh are not entries yet, and those behind
 * `ready` were not looked at for what they say in disguise: they are looked
 * through again the next time. */
static aw_rc mark(struct aw_queue *q, struct aw_queue_search *search,
                  const struct hits *hits, int64_t ready, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    (void)pthread_rwlock_rdlock(&q->lock);
    if (!widen(search, q->count / 64 + 1))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    for (int64_t at = 0; rc == AW_OK && at <= hits->last / 64; at++)
        mark_word(q, search, hits->bits[at], at * 64);
    if (rc == AW_OK) {
        int64_t last = q->count > 0 ? q->entries[q->count - 1].id : 0;

        search->upto = ready < last ? ready : last;
    }
    (void)pthread_rwlock_unlock(&q->lock);
    return rc;
}

/* All was read anew: numbers of entries are others. */
static void check_reading(struct aw_queue *q, struct aw_queue_search *search)
{
    (void)pthread_rwlock_rdlock(&q->lock);
    if (search->reading != q->reading) {
        free(search->bits);
        search->bits = NULL;
        search->words = 0;
        search->upto = 0;
        search->reading = q->reading;
    }
    (void)pthread_rwlock_unlock(&q->lock);
}

static aw_rc bring_up(struct aw_queue *q, struct aw_store *store,
                      struct aw_queue_search *search, struct aw_err *err)
{
    struct hits hits = {0};
    int64_t sorted = 0, ready = 0;
    aw_rc rc = q->fold ? aw_store_folded(store, &ready, err) : AW_OK;

    if (rc == AW_OK)
        rc = aw_store_sorted_last(store, &sorted, err);
    if (!q->fold || ready > sorted)
        ready = sorted;
    check_reading(q, search);
    if (rc != AW_OK || (search->bits && sorted <= search->upto))
        return rc;
    rc = hits_init(&hits, sorted, err);
    if (rc == AW_OK)
        rc = aw_store_queue_search(store,
                                   (struct aw_str){search->text, search->len},
                                   search->upto, add_hit, &hits, err);
    if (rc == AW_OK)
        rc = mark(q, search, &hits, ready, err);
    free(hits.bits);
    return rc;
}

static aw_rc search_plain(struct aw_queue *q, struct aw_store *store,
                          struct aw_str text, uint64_t **bits, size_t *words,
                          struct aw_err *err)
{
    struct aw_queue_search *search = search_of(q, text, err);
    aw_rc rc;

    if (!search)
        return err->rc;
    search->used = ++q->uses;
    rc = bring_up(q, store, search, err);
    if (rc != AW_OK)
        return rc;
    *bits = malloc(search->words * sizeof **bits);
    if (!*bits)
        return aw_fail(err, AW_NOMEM, "out of memory");
    memcpy(*bits, search->bits, search->words * sizeof **bits);
    *words = search->words;
    return AW_OK;
}

aw_rc aw_queue_search(struct aw_queue *q, struct aw_store *store,
                      struct aw_str text, uint64_t **bits, size_t *words,
                      struct aw_err *err)
{
    struct aw_buf plain;
    struct aw_str trimmed;
    aw_rc rc = AW_OK;

    if (aw_utf8_count(text) > AW_QUEUE_TEXT_MAX)
        return aw_fail(err, AW_INVALID,
                       "a text to search for has at most %d characters",
                       AW_QUEUE_TEXT_MAX);
    aw_buf_init(&plain, TEXT_MAX);
    aw_plain_put(&plain, text, AW_PLAIN_TEXT);
    trimmed = aw_str_trim(aw_buf_str(&plain));
    if (trimmed.len > 0) { /* blanks ask for nothing */
        (void)pthread_mutex_lock(&q->searching);
        rc = search_plain(q, store, trimmed, bits, words, err);
        (void)pthread_mutex_unlock(&q->searching);
    }
    aw_buf_deinit(&plain);
    return rc;
}
