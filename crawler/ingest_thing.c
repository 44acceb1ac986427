#include <search.h>
#include <stdio.h>
#include <string.h>

#include "crawler/finding.h"
#include "crawler/ingest_private.h"
#include "crawler/listing.h"
#include "extract/image.h"
#include "extract/ocr.h"
#include "extract/pdf.h"

#define THING_ARENA_MAX ((size_t)64 << 20)
#define SAID_MAX ((size_t)64 << 10) /* bytes of what is said of a thing */

/* One thing on its way. */
struct taking {
    struct aw_ingest *g;
    const struct aw_ingest_thing *thing;
    struct aw_arena arena;
    struct aw_capture capture;
    struct aw_hand_in hand_in;
    struct aw_hand_in_known before; /* of the same bytes, where is_known */
    bool is_known;
    bool began;    /* its transaction */
    bool is_retry; /* of a hand-in that is not read as it would be now */
    struct aw_ingest_result result;
    bool answered;
    aw_rc rc;
    struct aw_err err;
};

/* ---- which hand-in it is --------------------------------------------------
 */

/* A hand-in that says the same as another one of the same list. */
struct counted {
    char key[AW_SHA256_HEX_MAX];
    int64_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct counted *)a)->key,
                  ((const struct counted *)b)->key);
}

/* How many there were with it. */
static aw_rc count_key(struct aw_ingest *g, const char *key, int64_t *count,
                       struct aw_err *err)
{
    struct counted *made = aw_arena_alloc(&g->things, sizeof *made);
    struct counted **found;

    if (!made)
        return aw_arena_fail(&g->things, err);
    (void)snprintf(made->key, sizeof made->key, "%s", key);
    found = tsearch(made, &g->counted, compare);
    if (!found)
        return aw_fail(err, AW_NOMEM, "out of memory");
    *count = ++(*found)->count;
    return AW_OK;
}

/* SHA-256 over the bytes and all that is said of them. */
static void base_key(const struct taking *t, char out[AW_SHA256_HEX_MAX])
{
    const struct aw_facts *facts = t->thing->facts;
    struct aw_str file =
        t->thing->line > 0 ? AW_STR("") : aw_ingest_file_name(t->thing->path);
    char numbers[80];

    (void)snprintf(numbers, sizeof numbers, "%lld %s %s",
                   (long long)facts->seen_ms,
                   aw_seen_unit_name(facts->seen_unit),
                   aw_channel_name(facts->channel));
#define SEP       \
    {             \
        "\x1F", 1 \
    }
    const struct aw_str parts[] = {t->capture.payload_digest,
                                   SEP,
                                   aw_str_of(t->g->in->source),
                                   SEP,
                                   file,
                                   SEP,
                                   t->thing->name,
                                   SEP,
                                   aw_str_of(numbers),
                                   SEP,
                                   facts->place,
                                   SEP,
                                   facts->who,
                                   SEP,
                                   facts->note};
#undef SEP

    aw_sha256_parts(parts, sizeof parts / sizeof parts[0], out);
}

static aw_rc set_key(struct taking *t, struct aw_err *err)
{
    char base[AW_SHA256_HEX_MAX];
    char numbered[AW_SHA256_HEX_MAX + 24];
    int64_t count = 0;
    aw_rc rc;

    base_key(t, base);
    rc = count_key(t->g, base, &count, err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(numbered, sizeof numbered, "%s %lld", base,
                   (long long)count);
    aw_sha256_hex(aw_str_of(numbered), base);
    return aw_arena_dup(&t->arena, aw_str_of(base), &t->hand_in.key, err);
}

/* What decides the reading beside the bytes: how they are taken, and by what.
 */
static aw_rc set_reading(struct taking *t, struct aw_err *err)
{
    const struct aw_str parts[] = {t->thing->type, AW_STR("\x1F"),
                                   aw_str_of(aw_channel_name(
                                       t->thing->facts->channel)),
                                   AW_STR("\x1F"), t->g->mapping};
    char digest[AW_SHA256_HEX_MAX];

    aw_sha256_parts(parts, sizeof parts / sizeof parts[0], digest);
    return aw_arena_dup(&t->arena, aw_str_of(digest), &t->hand_in.reading,
                        err);
}

/* The capture of the same bytes stands for these as well. */
static bool is_read(const struct taking *t)
{
    return t->is_known && t->before.is_read;
}

static void fill_hand_in(struct taking *t)
{
    const struct aw_ingest_thing *thing = t->thing;
    const struct aw_facts *facts = thing->facts;
    struct aw_hand_in *h = &t->hand_in;

    h->run = t->g->run;
    h->at_ms = aw_clock_wall(t->g->in->clock);
    h->url = t->capture.url;
    h->line = thing->line;
    h->manifest = thing->manifest;
    h->seen_ms = facts->seen_ms;
    h->seen_unit = aw_str_of(aw_seen_unit_name(facts->seen_unit));
    h->place = facts->place;
    h->who = facts->who;
    h->note = facts->note;
    h->channel = aw_str_of(aw_channel_name(facts->channel));
    h->source = aw_str_of(t->g->in->source);
    h->file = aw_ingest_file_name(thing->path);
    h->name = thing->name;
}

/* ---- told -----------------------------------------------------------------
 */

static void tell(struct taking *t)
{
    struct aw_ingest *g = t->g;

    t->result.path = t->thing->path;
    t->result.line = t->thing->line;
    t->result.name = t->thing->name;
    t->result.capture = t->capture.id;
    t->result.verdict = t->capture.verdict;
    if (t->capture.verdict.len == 0) {
        t->result.why = t->capture.reader;
        g->partly = true;
    }
    g->told(g->self, &t->result);
}

/* The same as an earlier one. */
static void link_to(struct taking *t, const struct aw_hand_in_known *before,
                    const char *same)
{
    t->hand_in.first = before->first;
    t->hand_in.same = aw_str_of(same);
    t->result.same = aw_str_of(same);
    t->result.first_capture = before->first_capture;
}

/* ---- its rows -------------------------------------------------------------
 */

static aw_rc add_hand_in(struct taking *t, struct aw_err *err)
{
    struct aw_store *store = t->g->in->store;
    aw_rc rc;

    t->hand_in.capture = t->capture.id;
    rc = aw_store_hand_in_add(store, &t->hand_in, err);
    return rc == AW_OK ? aw_store_hand_in_times(store, t->hand_in.first,
                                                &t->result.times, err)
                       : rc;
}

/* The same text in other bytes has its finding already. Bytes that are read
 * anew stay linked as they are. */
static aw_rc find_same_text(struct taking *t, const struct aw_answer *answer,
                            bool *has_finding, struct aw_err *err)
{
    struct aw_hand_in_known before;
    struct aw_err none;
    aw_rc rc;

    t->hand_in.text_digest = answer->text_digest;
    if (answer->text_digest.len == 0)
        return AW_OK;
    rc = aw_store_hand_in_by_text(t->g->in->store, answer->text_digest,
                                  t->capture.url, &before, &none);
    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK) {
        *err = none;
        return rc;
    }
    if (!t->is_known)
        link_to(t, &before, "text");
    *has_finding = before.has_finding && t->hand_in.first == before.first;
    return AW_OK;
}

/* As it was when this hand-in came, whenever the bytes came first. */
static aw_rc record_listing(struct taking *t, const struct aw_answer *answer,
                            struct aw_err *err)
{
    struct aw_capture seen = t->capture;

    seen.fetched_ms = t->hand_in.at_ms;
    seen.source = aw_str_of(t->g->in->source);
    t->hand_in.apps = (int64_t)answer->app_count;
    return aw_listing_record(t->g->in->store, &seen, answer, AW_STR(""), err);
}

static aw_rc record_answer(struct taking *t, const struct aw_answer *answer,
                           struct aw_err *err)
{
    struct aw_ingest *g = t->g;
    struct aw_finding_from from = {
        .capture = &t->capture,
        .answer = answer,
        .lexicon_hash = aw_reader_pool_lexicon_hash(g->readers),
        .model_hash = aw_reader_pool_model_hash(g->readers),
    };
    bool has_finding = false;
    bool added = false;
    aw_rc rc = find_same_text(t, answer, &has_finding, err);

    if (rc == AW_OK && !has_finding)
        rc = aw_finding_record(g->in->store, &from, &t->arena, &added, err);
    return rc == AW_OK ? record_listing(t, answer, err) : rc;
}

/* What is told once the rows are committed outlasts the answer. */
static aw_rc keep_words(struct taking *t, struct aw_err *err)
{
    aw_rc rc =
        aw_arena_dup(&t->arena, t->capture.verdict, &t->capture.verdict, err);

    return rc == AW_OK ? aw_arena_dup(&t->arena, t->capture.reader,
                                      &t->capture.reader, err)
                       : rc;
}

/* Not before the reader has answered: OCR takes its time, and others wait for
 * the store. */
static aw_rc begin(struct taking *t, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(t->g->in->store, err);

    t->began = rc == AW_OK;
    return rc;
}

/* answer: NULL where there is none; then why. */
static aw_rc record_new(struct taking *t, const struct aw_answer *answer,
                        const char *why, struct aw_err *err)
{
    bool ok = answer && answer->ok && answer->blocks > 0;
    aw_rc rc;

    if (answer)
        aw_capture_fill(&t->capture, answer);
    else
        t->capture.reader = aw_str_of(why);
    if (!ok)
        t->capture.verdict = AW_STR("");
    t->capture.title = t->thing->title;
    rc = aw_store_capture_add(t->g->in->store, &t->capture, err);
    if (rc == AW_OK && ok)
        rc = record_answer(t, answer, err);
    if (rc == AW_OK)
        rc = add_hand_in(t, err);
    return rc == AW_OK ? keep_words(t, err) : rc;
}

/* Known bytes of a listing: its texts were seen once more. Where they cannot
 * be read now, they are when this hand-in comes again. */
static aw_rc record_again(struct taking *t, const struct aw_answer *answer,
                          const char *why, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (answer && answer->ok)
        rc = record_listing(t, answer, err);
    else {
        t->hand_in.reading = AW_STR("");
        aw_log(t->g->in->log, AW_LOG_WARN, "listing not read again", "file",
               t->thing->path, "why", answer ? "it is none now" : why,
               (char *)NULL);
    }
    return rc == AW_OK ? add_hand_in(t, err) : rc;
}

void aw_ingest_answered(void *self, void *job, aw_rc rc,
                        const struct aw_answer *answer, const char *why)
{
    struct taking *t = job;

    (void)self;
    t->answered = true;
    if (rc != AW_OK)
        answer = NULL;
    t->rc = begin(t, &t->err);
    if (t->rc == AW_OK)
        t->rc = is_read(t) ? record_again(t, answer, why, &t->err)
                           : record_new(t, answer, why, &t->err);
}

/* A PDF that cannot be rendered is handed on as it is: the reader says that
 * there is no text in it. */
static struct aw_str readable(const struct taking *t, struct aw_buf *pages)
{
    const struct aw_ingest_input *in = t->g->in;
    struct aw_str bytes = t->thing->bytes;
    struct aw_err why;

    if (aw_image_sniff(bytes) != AW_IMAGE_PDF)
        return bytes;
    if (aw_pdf_pages(bytes, in->config->crawl.image_ms * AW_OCR_PAGES_MAX,
                     pages, &why) == AW_OK)
        return aw_buf_str(pages);
    aw_log(in->log, AW_LOG_WARN, "not rendered", "file", t->thing->path, "why",
           why.msg, (char *)NULL);
    return bytes;
}

static aw_rc ask_reader(struct taking *t, struct aw_err *err)
{
    struct aw_extract_input input = {
        .content_type = t->thing->type,
        .channel = t->thing->facts->channel,
        .mapping = t->g->mapping,
    };
    struct aw_buf pages;
    aw_rc rc;

    aw_buf_init(&pages, AW_PDF_BYTES_MAX);
    input.bytes = readable(t, &pages);
    rc = aw_reader_pool_ask(t->g->readers, &input, t, err);
    aw_buf_deinit(&pages);
    return rc;
}

static aw_rc read_thing(struct taking *t, struct aw_err *err)
{
    struct aw_ingest *g = t->g;
    aw_rc rc = ask_reader(t, err);

    while (rc == AW_OK && !t->answered) {
        rc = aw_loop_wait(g->loop, 100, err);
        aw_reader_pool_tick(g->readers);
    }
    if (rc == AW_OK && t->rc != AW_OK) {
        *err = t->err;
        return t->rc;
    }
    return rc;
}

/* ---- its records ----------------------------------------------------------
 */

static aw_rc note_facts(struct taking *t, struct aw_err *err)
{
    struct aw_buf fields;
    char line[24] = "";
    aw_rc rc;

    aw_buf_init(&fields, SAID_MAX);
    if (t->thing->line > 0)
        (void)snprintf(line, sizeof line, "%lld", (long long)t->thing->line);
    aw_ingest_field(&fields, "file", aw_ingest_file_name(t->thing->path));
    aw_ingest_field(&fields, "attachment", t->thing->name);
    aw_ingest_field(&fields, "source", aw_str_of(t->g->in->source));
    aw_ingest_facts(&fields, t->thing->facts);
    aw_ingest_field(&fields, "manifest", t->thing->manifest_url);
    aw_ingest_field(&fields, "manifest-line", aw_str_of(line));
    aw_ingest_field(&fields, "hand-in", t->hand_in.key);
    rc = aw_buf_check(&fields, err);
    if (rc == AW_OK)
        rc = aw_ingest_note(t->g, t->capture.url, t->capture.fetched_ms,
                            aw_buf_str(&fields), err);
    aw_buf_deinit(&fields);
    return rc;
}

/* The capture of the same bytes stands for these as well; where they are read
 * anew, the record that there is stands for the new capture. */
static aw_rc recall_capture(struct taking *t, struct aw_err *err)
{
    aw_rc rc = aw_store_capture_get(t->g->in->store, &t->arena,
                                    t->before.capture, &t->capture, err);

    if (rc == AW_OK)
        link_to(t, &t->before, "bytes");
    return rc;
}

static aw_rc set_records(struct taking *t, struct aw_err *err)
{
    aw_rc rc = t->is_known
                   ? recall_capture(t, err)
                   : aw_ingest_archive(t->g, t->thing->bytes, t->thing->type,
                                       &t->arena, &t->capture, err);

    if (rc == AW_OK && !t->is_retry)
        rc = note_facts(t, err);
    return rc == AW_OK ? aw_warc_sync(t->g->warc, err) : rc;
}

static aw_rc set_read_rows(struct taking *t, struct aw_err *err)
{
    aw_rc rc;

    t->hand_in.apps = t->before.apps;
    if (t->before.apps > 0)
        return read_thing(t, err);
    rc = begin(t, err);
    return rc == AW_OK ? add_hand_in(t, err) : rc;
}

static aw_rc set_rows(struct taking *t, struct aw_err *err)
{
    struct aw_store *store = t->g->in->store;
    aw_rc rc;

    fill_hand_in(t);
    if (is_read(t))
        rc = set_read_rows(t, err);
    else {
        t->capture.run = t->g->run;
        t->capture.source = aw_str_of(t->g->in->source);
        t->capture.mime = t->thing->type;
        rc = read_thing(t, err);
    }
    if (rc == AW_OK)
        rc = aw_store_commit(store, err);
    else if (t->began)
        aw_store_rollback(store);
    if (rc == AW_OK)
        tell(t);
    return rc;
}

/* ---- all ------------------------------------------------------------------
 */

static aw_rc tell_again(struct taking *t, const struct aw_hand_in_known *known,
                        struct aw_err *err)
{
    aw_rc rc = aw_store_capture_get(t->g->in->store, &t->arena, known->capture,
                                    &t->capture, err);

    t->result.again = true;
    if (rc == AW_OK)
        tell(t);
    return rc;
}

/* What tells which hand-in it is, and how it is read now. */
static aw_rc identify(struct taking *t, struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    aw_rc rc;

    aw_sha256_hex(t->thing->bytes, digest);
    rc = aw_arena_dup(&t->arena, aw_str_of(digest), &t->capture.payload_digest,
                      err);
    if (rc == AW_OK)
        rc = set_key(t, err);
    return rc == AW_OK ? set_reading(t, err) : rc;
}

/* AW_OK with *found false where it was never handed in. */
static aw_rc found_or_not(aw_rc rc, const struct aw_err *none, bool *found,
                          struct aw_err *err)
{
    *found = rc == AW_OK;
    if (rc == AW_OK || rc == AW_MISSING)
        return AW_OK;
    *err = *none;
    return rc;
}

static aw_rc look_up(struct taking *t, struct aw_hand_in_known *same,
                     struct aw_err *err)
{
    struct aw_store *store = t->g->in->store;
    const struct aw_hand_in_reader reader = {
        .reading = t->hand_in.reading,
        .tool = AW_STR(AW_INGEST_TOOL),
    };
    char uri[AW_HANDED_IN_URI_MAX];
    struct aw_err none;
    aw_rc rc;

    aw_ingest_uri(t->capture.payload_digest.ptr, uri);
    rc = aw_store_hand_in_by_url(store, aw_str_of(uri), &reader, &t->before,
                                 &none);
    rc = found_or_not(rc, &none, &t->is_known, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_hand_in_by_key(store, t->hand_in.key, &reader, same, &none);
    return found_or_not(rc, &none, &t->is_retry, err);
}

static aw_rc take(struct taking *t, struct aw_err *err)
{
    struct aw_hand_in_known same;
    aw_rc rc = identify(t, err);

    if (rc == AW_OK)
        rc = look_up(t, &same, err);
    if (rc != AW_OK)
        return rc;
    if (t->is_retry && same.is_read)
        return tell_again(t, &same, err);
    rc = set_records(t, err);
    return rc == AW_OK ? set_rows(t, err) : rc;
}

aw_rc aw_ingest_take(struct aw_ingest *g, const struct aw_ingest_thing *thing,
                     struct aw_err *err)
{
    struct taking t = {.g = g, .thing = thing};
    aw_rc rc;

    aw_arena_init(&t.arena, THING_ARENA_MAX);
    rc = take(&t, err);
    aw_arena_deinit(&t.arena);
    return rc;
}
