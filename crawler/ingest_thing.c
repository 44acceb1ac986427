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
    bool is_retry; /* of a hand-in whose reader failed */
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

/* The same text in other bytes has its finding already. */
static aw_rc find_same_text(struct taking *t, const struct aw_answer *answer,
                            bool *has_finding, struct aw_err *err)
{
    struct aw_hand_in_known before;
    struct aw_err none;
    aw_rc rc;

    t->hand_in.text_digest = answer->text_digest;
    if (answer->text_digest.len == 0 || t->is_known)
        return AW_OK;
    rc = aw_store_hand_in_by_text(t->g->in->store, answer->text_digest,
                                  &before, &none);
    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK) {
        *err = none;
        return rc;
    }
    *has_finding = before.has_finding;
    link_to(t, &before, "text");
    return AW_OK;
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
    return rc == AW_OK ? aw_listing_record(g->in->store, &t->capture, answer,
                                           AW_STR(""), err)
                       : rc;
}

/* What is told once the rows are committed outlasts the answer. */
static aw_rc keep_words(struct taking *t)
{
    aw_rc rc = aw_arena_dup(&t->arena, t->capture.verdict, &t->capture.verdict,
                            &t->err);

    return rc == AW_OK ? aw_arena_dup(&t->arena, t->capture.reader,
                                      &t->capture.reader, &t->err)
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

void aw_ingest_answered(void *self, void *job, aw_rc rc,
                        const struct aw_answer *answer, const char *why)
{
    struct taking *t = job;
    bool ok = rc == AW_OK && answer->ok && answer->blocks > 0;

    (void)self;
    t->answered = true;
    if (rc == AW_OK)
        aw_capture_fill(&t->capture, answer);
    else
        t->capture.reader = aw_str_of(why);
    if (!ok)
        t->capture.verdict = AW_STR("");
    t->capture.title = t->thing->title;
    t->rc = begin(t, &t->err);
    if (t->rc == AW_OK)
        t->rc = aw_store_capture_add(t->g->in->store, &t->capture, &t->err);
    if (t->rc == AW_OK && ok)
        t->rc = record_answer(t, answer, &t->err);
    if (t->rc == AW_OK)
        t->rc = add_hand_in(t, &t->err);
    if (t->rc == AW_OK)
        t->rc = keep_words(t);
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

/* The capture of the same bytes stands for these as well; where its reader
 * failed they are read once more, from the record that there is. */
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

static aw_rc set_rows(struct taking *t, struct aw_err *err)
{
    struct aw_store *store = t->g->in->store;
    aw_rc rc;

    fill_hand_in(t);
    if (t->is_known && t->before.is_read) {
        rc = begin(t, err);
        if (rc == AW_OK)
            rc = add_hand_in(t, err);
    } else {
        t->capture.run = t->g->run;
        t->capture.source = aw_str_of(t->g->in->source);
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

static aw_rc look_up(struct taking *t, struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    char uri[AW_HANDED_IN_URI_MAX];
    struct aw_err none;
    aw_rc rc;

    aw_sha256_hex(t->thing->bytes, digest);
    aw_ingest_uri(digest, uri);
    rc = aw_arena_dup(&t->arena, aw_str_of(digest), &t->capture.payload_digest,
                      err);
    if (rc == AW_OK)
        rc = set_key(t, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_hand_in_by_url(t->g->in->store, aw_str_of(uri), &t->before,
                                 &none);
    t->is_known = rc == AW_OK;
    if (rc != AW_OK && rc != AW_MISSING)
        *err = none;
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc take(struct taking *t, struct aw_err *err)
{
    struct aw_hand_in_known known;
    struct aw_err none;
    aw_rc rc = look_up(t, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_store_hand_in_by_key(t->g->in->store, t->hand_in.key, &known,
                                 &none);
    if (rc == AW_OK && known.is_read)
        return tell_again(t, &known, err);
    if (rc != AW_OK && rc != AW_MISSING) {
        *err = none;
        return rc;
    }
    t->is_retry = rc == AW_OK;
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
