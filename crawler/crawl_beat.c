#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "crawler/crawl_private.h"
#include "crawler/listing.h"
#include "crawler/url.h"

#define FOLLOWS_MAX ((size_t)64 << 20) /* the config is smaller */
#define FOUND_ON_MAX ((size_t)4 * AW_URL_MAX)
#define SOURCE_SALT INT64_C(0x5851F42D)
#define CHECKED_SALT INT64_C(0x6A09E667F3BCC908)
#define TRAPPED_SLOTS ((size_t)1 << 16)
#define TRAP_WORDS ": trap: " /* between the host and what trap.h says */
#define URLS_OVER \
    "not queued, as all further links: too many for its pages_max"

static const char *const more_hosts[AW_HOST_NOTES] = {
    [AW_HOST_TRAP] = "there are traps on more hosts: adwatch status --skipped",
    [AW_HOST_OVER] =
        "more hosts are over " AW_OVER_HOST ": adwatch status --skipped",
};

/* ---- setting up --------------------------------------------------------- */

static void put_texts(struct aw_buf *out, char *const *texts, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        aw_buf_printf(out, "%s\n", texts[i]);
    aw_buf_puts(out, "\n");
}

/* Pages that did not change have no links looked at again, unless it is for
 * other ones than at their last visit; nor are they read by another mapping.
 */
static aw_rc set_follows(struct aw_beat *beat, struct aw_err *err)
{
    const struct aw_source *source = beat->source;
    char digest[AW_SHA256_HEX_MAX];
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, FOLLOWS_MAX);
    aw_buf_printf(&text, "%d %d %d %d\n", (int)source->scope, source->depth,
                  source->landing, source->images);
    put_texts(&text, source->start, source->start_count);
    put_texts(&text, source->include, source->include_count);
    put_texts(&text, source->exclude, source->exclude_count);
    aw_buf_put(&text, beat->mapping);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        aw_sha256_hex(aw_buf_str(&text), digest);
    if (rc == AW_OK)
        (void)snprintf(beat->follows, sizeof beat->follows, "%.*s",
                       AW_RULES_PART, digest);
    aw_buf_deinit(&text);
    return rc;
}

static aw_rc set_mapping(struct aw_crawl *c, struct aw_beat *beat,
                         struct aw_err *err)
{
    return beat->source->listing ? aw_listing_mapping(beat->source, &c->arena,
                                                      &beat->mapping, err)
                                 : AW_OK;
}

static aw_rc init_beat(struct aw_crawl *c, unsigned i, struct aw_err *err)
{
    const struct aw_source *source = &c->in->config->sources[i];
    struct aw_beat *beat = &c->beats[i];
    int64_t most = source->pages_max > 0
                       ? source->pages_max * AW_SOURCE_URLS_FACTOR
                       : AW_SOURCE_URLS_MAX;
    aw_rc rc;

    beat->source = source;
    beat->did.name = aw_str_of(source->name);
    beat->urls_max = source->start_count + most;
    rc = set_mapping(c, beat, err);
    if (rc == AW_OK)
        rc = set_follows(beat, err);
    return rc == AW_OK ? aw_scope_new(&beat->scope, c->in->config, i, c->sites,
                                      &c->arena, err)
                       : rc;
}

aw_rc aw_beats_init(struct aw_crawl *c, struct aw_err *err)
{
    const struct aw_config *config = c->in->config;
    aw_rc rc = aw_sites_new(&c->sites, err);

    if (rc == AW_OK)
        rc = aw_seen_new(&c->trapped, TRAPPED_SLOTS, err);
    if (rc != AW_OK)
        return rc;
    c->beats =
        aw_arena_array(&c->arena, config->source_count, sizeof *c->beats);
    if (!c->beats)
        return aw_arena_fail(&c->arena, err);
    c->beat_count = config->source_count;
    for (unsigned i = 0; i < config->source_count && rc == AW_OK; i++)
        rc = init_beat(c, i, err);
    return rc;
}

void aw_beats_deinit(struct aw_crawl *c)
{
    for (size_t i = 0; i < c->beat_count; i++)
        aw_scope_free(c->beats[i].scope);
    aw_sites_free(c->sites);
    aw_seen_free(c->trapped);
}

/* ---- beginning ---------------------------------------------------------- */

static int compare_beats(const void *a, const void *b)
{
    const struct aw_beat *x = a;
    const struct aw_beat *y = b;

    return (x->did.source > y->did.source) - (x->did.source < y->did.source);
}

struct aw_beat *aw_beat_find(struct aw_crawl *c, int64_t source)
{
    struct aw_beat key = {.did.source = source};

    return bsearch(&key, c->beats, c->beat_count, sizeof key, compare_beats);
}

static aw_rc recall(void *self, const struct aw_coverage *did,
                    struct aw_err *err)
{
    struct aw_beat *beat = aw_beat_find(self, did->source);

    (void)err;
    if (!beat)
        return AW_OK;
    beat->did = *did;
    beat->did.name = aw_str_of(beat->source->name);
    beat->did.left = 0;
    return AW_OK;
}

/* As long as there are not too many. */
static bool is_first_trap(struct aw_crawl *c, const struct aw_beat *beat,
                          struct aw_str host)
{
    int64_t hash = aw_store_url_hash(c->in->store, host);

    return beat->notes[AW_HOST_TRAP] <= AW_HOST_NOTES_MAX &&
           aw_seen_add(c->trapped,
                       (hash ^ beat->did.source * SOURCE_SALT) | 1);
}

static struct aw_beat *find_named(struct aw_crawl *c, struct aw_str name)
{
    for (size_t i = 0; i < c->beat_count; i++)
        if (aw_str_eq(c->beats[i].did.name, name))
            return &c->beats[i];
    return NULL;
}

/* A run that is taken up again goes on counting what it told. */
static aw_rc recall_note(void *self, struct aw_str source, struct aw_str text,
                         struct aw_err *err)
{
    struct aw_crawl *c = self;
    struct aw_beat *beat = find_named(c, source);
    ptrdiff_t host = aw_str_find(text, AW_STR(TRAP_WORDS));

    (void)err;
    if (!beat)
        return AW_OK;
    if (host > 0 && is_first_trap(c, beat, aw_str_sub(text, 0, (size_t)host)))
        beat->notes[AW_HOST_TRAP]++;
    if (aw_str_starts(text, AW_STR("over " AW_OVER_HOST)))
        beat->notes[AW_HOST_OVER]++;
    return AW_OK;
}

/* In a new run, what waits already is planned. */
static aw_rc count_queued(void *self, int64_t source, int64_t count,
                          struct aw_err *err)
{
    struct aw_crawl *c = self;
    struct aw_beat *beat = aw_beat_find(c, source);

    (void)err;
    c->stats->queued += count;
    if (beat && !c->stats->resumed)
        AW_COUNT(c, beat, planned, count);
    return AW_OK;
}

/* What other rules read is read again, due or not. */
static aw_rc queue_due(struct aw_crawl *c, const struct aw_beat *beat,
                       struct aw_err *err)
{
    int64_t source = beat->did.source;
    char rules[AW_RULES_MAX];
    aw_rc rc;

    aw_visit_rules(c, beat, rules);
    rc = aw_store_pages_outdated(c->in->store, source, rules, err);
    return rc == AW_OK
               ? aw_store_urls_requeue(c->in->store, c->run, source,
                                       aw_clock_wall(c->in->clock), err)
               : rc;
}

aw_rc aw_beats_recall(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_store *store = c->in->store;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < c->beat_count && rc == AW_OK; i++) {
        struct aw_beat *beat = &c->beats[i];

        beat->did.run = c->run;
        rc = aw_store_source_id(store, aw_str_of(beat->source->name),
                                &beat->did.source, err);
        if (rc == AW_OK && !c->stats->resumed)
            rc = queue_due(c, beat, err);
    }
    qsort(c->beats, c->beat_count, sizeof *c->beats, compare_beats);
    if (rc == AW_OK)
        rc = aw_store_coverages(store, c->run, recall, c, err);
    if (rc == AW_OK)
        rc = aw_store_queued_counts(store, count_queued, c, err);
    if (rc == AW_OK && c->stats->resumed)
        rc = aw_store_notes(store, c->run, recall_note, c, err);
    return rc;
}

/* Pages under way lead on from where they are now. */
static void bring_nearer(const struct aw_crawl *c,
                         const struct aw_url_row *row)
{
    for (struct aw_page *page = c->pages; page; page = page->next)
        if (page->row.id == row->id)
            aw_url_row_nearer(&page->row, row);
}

static aw_rc queue(struct aw_crawl *c, struct aw_beat *beat,
                   struct aw_url_row *row, bool force, struct aw_err *err)
{
    enum aw_url_taken taken;
    aw_rc rc = aw_frontier_add(c->frontier, row, aw_clock_wall(c->in->clock),
                               force, &taken, err);

    if (rc == AW_OK && (taken == AW_URL_NEW || taken == AW_URL_AGAIN)) {
        AW_COUNT(c, beat, planned, 1);
        AW_COUNT(c, beat, taken, 1);
        beat->added += taken == AW_URL_NEW;
        c->stats->queued++;
    }
    if (rc == AW_OK && (taken == AW_URL_NEARER || taken == AW_URL_WAS_FAR))
        bring_nearer(c, row);
    return rc;
}

aw_rc aw_beats_start(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < c->beat_count; i++) {
        struct aw_beat *beat = &c->beats[i];

        for (unsigned k = 0; k < beat->source->start_count && rc == AW_OK;
             k++) {
            struct aw_url_row row = {
                .url = aw_scope_start(beat->scope, k),
                .source = beat->did.source,
                .via = AW_VIA_START,
                .priority = AW_PRIORITY_START,
            };

            rc = queue(c, beat, &row, true, err);
        }
    }
    return rc;
}

const struct aw_coverage *aw_crawl_source(const struct aw_crawl_stats *stats,
                                          size_t i)
{
    const struct aw_crawl *c = stats->crawl;

    return c && i < c->beat_count ? &c->beats[i].did : NULL;
}

/* ---- queueing ----------------------------------------------------------- */

int64_t aw_url_priority(enum aw_via via, int64_t depth)
{
    int64_t deep = depth < AW_PRIORITY_DEPTHS ? depth : AW_PRIORITY_DEPTHS;

    return via == AW_VIA_START     ? AW_PRIORITY_START
           : via == AW_VIA_LANDING ? AW_PRIORITY_LANDING
           : via == AW_VIA_IMAGE   ? AW_PRIORITY_LANDING
           : via == AW_VIA_SITEMAP ? AW_PRIORITY_SITEMAP
                                   : AW_PRIORITY_LINK + deep;
}

aw_rc aw_beat_note(struct aw_crawl *c, const struct aw_beat *beat,
                   const char *text, struct aw_err *err)
{
    bool added = false;
    aw_rc rc = aw_store_note_add(c->in->store, c->run, beat->did.source, text,
                                 &added, err);

    if (added)
        aw_log(c->in->log, AW_LOG_WARN, "note", "source", beat->source->name,
               "what", text, (char *)NULL);
    return rc;
}

aw_rc aw_beat_note_host(struct aw_crawl *c, struct aw_beat *beat,
                        enum aw_host_notes kind, const char *text,
                        struct aw_err *err)
{
    int count = beat->notes[kind];

    if (count > AW_HOST_NOTES_MAX)
        return AW_OK;
    beat->notes[kind]++;
    return aw_beat_note(c, beat,
                        count < AW_HOST_NOTES_MAX ? text : more_hosts[kind],
                        err);
}

static aw_rc refuse(struct aw_crawl *c, struct aw_beat *beat,
                    struct aw_url_row *row, const char *reason, bool *refused,
                    struct aw_err *err)
{
    enum aw_url_taken taken;
    aw_rc rc = aw_frontier_refuse(c->frontier, row, reason,
                                  aw_clock_wall(c->in->clock), &taken, err);

    *refused = rc == AW_OK && (taken == AW_URL_NEW || taken == AW_URL_AGAIN);
    if (!*refused)
        return rc;
    AW_COUNT(c, beat, planned, 1);
    AW_COUNT(c, beat, skipped, 1);
    AW_COUNT(c, beat, taken, 1);
    return AW_OK;
}

/* The first URL of a trap on each host is told to people; all are kept with
 * the reason. */
static aw_rc note_trap(struct aw_crawl *c, struct aw_beat *beat,
                       struct aw_str url, const char *reason,
                       struct aw_err *err)
{
    struct aw_url_parts parts = {0};
    char note[AW_REASON_MAX + AW_NAME_SHOWN + 3];
    struct aw_str host;
    aw_rc rc = aw_url_parse(url, &parts, err);

    if (rc != AW_OK)
        return rc;
    host = aw_str_sub(parts.host, 0, AW_NAME_SHOWN);
    if (!is_first_trap(c, beat, host))
        return AW_OK;
    (void)snprintf(note, sizeof note, "%.*s: %s", AW_STR_ARG(host), reason);
    return aw_beat_note_host(c, beat, AW_HOST_TRAP, note, err);
}

static aw_rc refuse_trap(struct aw_crawl *c, struct aw_beat *beat,
                         struct aw_url_row *row, const char *reason,
                         struct aw_err *err)
{
    bool refused = false;
    aw_rc rc = refuse(c, beat, row, reason, &refused, err);

    return rc == AW_OK && refused ? note_trap(c, beat, row->url, reason, err)
                                  : rc;
}

static aw_rc refuse_over(struct aw_crawl *c, struct aw_beat *beat,
                         struct aw_url_row *row, struct aw_err *err)
{
    bool refused = false;
    aw_rc rc = refuse(c, beat, row, URLS_OVER, &refused, err);

    return rc == AW_OK && refused ? aw_beat_note(c, beat, URLS_OVER, err) : rc;
}

aw_rc aw_beat_queue(struct aw_crawl *c, struct aw_beat *beat,
                    struct aw_url_row *row, struct aw_str found_on, bool force,
                    struct aw_err *err)
{
    bool seen = aw_frontier_has_seen(c->frontier, row->url);
    struct aw_buf reason;
    aw_rc rc = AW_OK;

    row->source = beat->did.source;
    if (seen && !force && row->changed_ms == 0)
        return aw_frontier_is_as_near(c->frontier, row)
                   ? AW_OK
                   : queue(c, beat, row, force, err);
    if (beat->did.taken >= beat->urls_max)
        beat->dropped++;
    if (beat->did.taken > beat->urls_max)
        return AW_OK;
    if (beat->did.taken == beat->urls_max)
        return refuse_over(c, beat, row, err);
    aw_buf_init(&reason, AW_REASON_MAX);
    if (!seen && aw_trap_check(c->trap, row->url, found_on, &reason))
        rc = refuse_trap(c, beat, row, reason.ptr, err);
    else
        rc = queue(c, beat, row, force, err);
    aw_buf_deinit(&reason);
    return rc;
}

/* Empty where no page is known. */
static aw_rc find_page(struct aw_crawl *c, struct aw_arena *arena, int64_t id,
                       struct aw_str *url, struct aw_err *err)
{
    struct aw_url_row page;
    aw_rc rc = id ? aw_store_url_get(c->in->store, arena, id, &page, err)
                  : AW_MISSING;

    *url = rc == AW_OK ? page.url : AW_STR("");
    return rc == AW_MISSING ? AW_OK : rc;
}

/* When it was queued in this run, or since. A second check would say what the
 * first one did not: the limit may be passed since. */
static bool was_checked(struct aw_crawl *c, struct aw_str url)
{
    int64_t hash = aw_store_url_hash(c->in->store, url);

    return aw_frontier_has_seen(c->frontier, url) ||
           !aw_seen_add(c->looked_at, (hash ^ CHECKED_SALT) | 1);
}

aw_rc aw_beat_check_trap(struct aw_crawl *c, struct aw_beat *beat,
                         const struct aw_url_row *row, struct aw_buf *reason,
                         bool *trap, struct aw_err *err)
{
    struct aw_str found_on;
    struct aw_arena arena;
    aw_rc rc;

    *trap = false;
    if (row->via != AW_VIA_LINK || row->priority == AW_PRIORITY_FINDING ||
        was_checked(c, row->url))
        return AW_OK;
    aw_arena_init(&arena, FOUND_ON_MAX);
    rc = find_page(c, &arena, row->found_on, &found_on, err);
    if (rc == AW_OK)
        *trap = aw_trap_check(c->trap, row->url, found_on, reason);
    aw_arena_deinit(&arena);
    return *trap ? note_trap(c, beat, row->url, reason->ptr, err) : rc;
}

/* ---- budgets ------------------------------------------------------------ */

const char *aw_beat_over(struct aw_crawl *c, struct aw_beat *beat,
                         struct aw_frontier_host *host)
{
    const struct aw_source *source = beat->source;
    int64_t now = aw_clock_wall(c->in->clock);

    if (beat->began_ms == 0)
        beat->began_ms = now;
    if (source->pages_max > 0 && beat->did.requests >= source->pages_max)
        return "pages_max of its source";
    if (source->bytes_max > 0 && beat->did.bytes >= source->bytes_max)
        return "bytes_max of its source";
    if (source->time_max_s > 0 &&
        now - beat->began_ms >= source->time_max_s * 1000)
        return "time_max_s of its source";
    if (source->host_pages_max > 0 &&
        aw_frontier_tally(host)->pages >= source->host_pages_max)
        return AW_OVER_HOST;
    return NULL;
}

/* ---- keeping ------------------------------------------------------------ */

aw_rc aw_beats_keep(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < c->beat_count && rc == AW_OK; i++) {
        if (!c->beats[i].changed)
            continue;
        rc = aw_store_coverage_put(c->in->store, &c->beats[i].did, err);
        c->beats[i].changed = false;
    }
    return rc;
}

static aw_rc count_left(void *self, int64_t source, int64_t count,
                        struct aw_err *err)
{
    struct aw_crawl *c = self;
    struct aw_beat *beat = aw_beat_find(c, source);

    (void)err;
    if (beat)
        AW_COUNT(c, beat, left, count);
    return AW_OK;
}

aw_rc aw_beats_end(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (c->stats->queued > 0)
        rc = aw_store_queued_counts(c->in->store, count_left, c, err);
    for (size_t i = 0; i < c->beat_count; i++)
        c->beats[i].changed = true;
    return rc == AW_OK ? aw_beats_keep(c, err) : rc;
}
