#include "evidence/verify_private.h"

#include <stdlib.h>

#include "evidence/parsed.h"

/* A capture as captures.json tells it; its URL is that of its record, which
 * the item of the captures sees to. */
struct page {
    int64_t id;
    struct aw_str url, title;
};

struct aw_told_pages {
    const struct aw_redactions *redactions;
    struct page *items; /* by id */
    struct page *named; /* by URL and title */
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    int64_t one = ((const struct page *)a)->id;
    int64_t two = ((const struct page *)b)->id;

    return (one > two) - (one < two);
}

static int by_name(const void *a, const void *b)
{
    const struct page *one = a;
    const struct page *two = b;
    int order = aw_str_cmp(one->url, two->url);

    return order != 0 ? order : aw_str_cmp(one->title, two->title);
}

static void take(struct aw_told_pages *pages, const struct aw_parsed *list)
{
    const struct aw_parsed *item;

    for (item = aw_parsed_first(list); item; item = aw_parsed_next(item)) {
        struct page page = {-1, aw_parsed_str(item, "url"),
                            aw_parsed_str(item, "title")};

        (void)aw_parsed_whole(item, "id", &page.id);
        pages->items[pages->count] = page;
        pages->named[pages->count++] = page;
    }
    qsort(pages->items, pages->count, sizeof *pages->items, by_id);
    qsort(pages->named, pages->count, sizeof *pages->named, by_name);
}

aw_rc aw_told_pages_new(struct aw_told_pages **out, struct aw_verifying *v,
                        struct aw_err *err)
{
    const struct aw_parsed *list;
    struct aw_told_pages *pages;
    size_t room;
    aw_rc rc = aw_verifying_load(v, err);

    if (rc != AW_OK)
        return rc;
    list = aw_parsed_array(v->captures, "captures");
    room = (size_t)aw_parsed_count(list) + 1;
    pages = calloc(1, sizeof *pages);
    if (pages) {
        pages->redactions = v->redactions;
        pages->items = calloc(room, sizeof *pages->items);
        pages->named = calloc(room, sizeof *pages->named);
    }
    if (!pages || !pages->items || !pages->named) {
        aw_told_pages_free(pages);
        return aw_fail(err, AW_NOMEM, "no memory for the captures");
    }
    take(pages, list);
    *out = pages;
    return AW_OK;
}

void aw_told_pages_free(struct aw_told_pages *pages)
{
    if (!pages)
        return;
    free(pages->items);
    free(pages->named);
    free(pages);
}

aw_rc aw_told_pages_check(const struct aw_told_pages *pages,
                          const struct aw_parsed *finding, struct aw_err *err)
{
    struct page key = {-1, aw_parsed_str(finding, "url"),
                       aw_parsed_str(finding, "title")};
    const struct page *last;

    (void)aw_parsed_whole(finding, "capture", &key.id);
    last = bsearch(&key, pages->items, pages->count, sizeof key, by_id);
    if (!last || !aw_redactions_same(pages->redactions, key.url, last->url))
        return aw_fail(err, AW_INVALID,
                       "its URL is not that of its capture %lld",
                       (long long)key.id);
    /* The title may be that of the first capture, the last has another. */
    return aw_redactions_same(pages->redactions, key.title, last->title) ||
                   bsearch(&key, pages->named, pages->count, sizeof key,
                           by_name)
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "no capture of its page has its title");
}
