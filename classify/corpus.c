#include "classify/corpus.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/utf8.h"

#define ARENA_MAX ((size_t)512 << 20)

struct reader {
    struct aw_corpus *corpus;
    const char *path;
    const char *name; /* of the file, without folder */
    int line;
};

static void problem(struct reader *r, struct aw_str id, const char *what,
                    const char *detail)
{
    aw_problem_add(&r->corpus->problems, false, "%s:%d: %.*s%s%s%s", r->path,
                   r->line, AW_STR_ARG(id), id.len ? ": " : "", what, detail);
}

static struct aw_str text_of(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

    return aw_str_of(cJSON_IsString(value) ? value->valuestring : NULL);
}

static bool check_keys(struct reader *r, struct aw_str id, const cJSON *object,
                       const char *const *keys)
{
    const cJSON *value;

    cJSON_ArrayForEach (value, object) {
        bool known = false;

        for (size_t i = 0; keys[i] && !known; i++)
            known = strcmp(value->string, keys[i]) == 0;
        if (!known) {
            problem(r, id, "there is no field ", value->string);
            return false;
        }
    }
    return true;
}

/* The byte at which occurrence number nth of quote starts, or -1. */
static ptrdiff_t find_nth(struct aw_str text, struct aw_str quote, int nth)
{
    size_t from = 0;

    for (int i = 1;; i++) {
        ptrdiff_t at = aw_str_find(aw_str_sub(text, from, text.len), quote);

        if (at < 0)
            return -1;
        if (i == nth)
            return (ptrdiff_t)from + at;
        from += (size_t)at + 1;
    }
}

static bool read_span(struct reader *r, struct aw_corpus_text *text,
                      const cJSON *object, struct aw_span *span)
{
    static const char *const keys[] = {"class", "quote", "nth", NULL};
    const cJSON *nth = cJSON_GetObjectItemCaseSensitive(object, "nth");
    struct aw_str quote = text_of(object, "quote");
    ptrdiff_t at;

    *span = (struct aw_span){0};
    if (!cJSON_IsObject(object) || !check_keys(r, text->id, object, keys))
        return false;
    if (!aw_claim_class_parse(text_of(object, "class"), &span->class)) {
        problem(r, text->id, "a span has no class that is known", "");
        return false;
    }
    if ((quote.len == 0) != (span->class == AW_CLAIM_NO_RISK_WARNING)) {
        problem(r, text->id, "only a span of no_risk_warning has no quote",
                "");
        return false;
    }
    if (quote.len == 0)
        return true;
    at = find_nth(text->text, quote, nth ? nth->valueint : 1);
    if (at < 0) {
        problem(r, text->id, "the text does not hold the quote ", quote.ptr);
        return false;
    }
    span->start = aw_utf8_count(aw_str_sub(text->text, 0, (size_t)at));
    span->end = span->start + aw_utf8_count(quote);
    return true;
}

static aw_rc read_spans(struct reader *r, struct aw_corpus_text *text,
                        const cJSON *list, bool *good, struct aw_err *err)
{
    struct aw_arena *arena = &r->corpus->arena;
    int count = cJSON_GetArraySize(list);
    const cJSON *object;

    *good = cJSON_IsArray(list) && count <= AW_CORPUS_SPANS_MAX;
    if (!*good) {
        problem(r, text->id, "spans is no list, or too long", "");
        return AW_OK;
    }
    text->spans = aw_arena_array(arena, (size_t)count, sizeof *text->spans);
    if (!text->spans)
        return aw_arena_fail(arena, err);
    cJSON_ArrayForEach (object, list) {
        *good = read_span(r, text, object, &text->spans[text->span_count]);
        if (!*good)
            return AW_OK;
        text->span_count++;
    }
    if ((text->label == AW_VERDICT_SUSPECTED) != (text->span_count > 0)) {
        problem(r, text->id,
                "a text has spans where it is suspected, and "
                "only then",
                "");
        *good = false;
    }
    return AW_OK;
}

static bool read_labels(struct reader *r, struct aw_corpus_text *text,
                        const cJSON *object)
{
    if (text->id.len == 0 || text->text.len == 0)
        problem(r, text->id, "id and text must be there", "");
    else if (!aw_channel_parse(text_of(object, "channel"), &text->channel))
        problem(r, text->id, "channel is missing or not known", "");
    else if (!aw_doc_kind_parse(text_of(object, "kind"), &text->kind))
        problem(r, text->id, "kind is missing or not known", "");
    else if (!aw_verdict_parse(text_of(object, "label"), &text->label))
        problem(r, text->id, "label is missing or not known", "");
    else
        return true;
    return false;
}

static aw_rc own(struct reader *r, struct aw_corpus_text *text,
                 struct aw_err *err)
{
    struct aw_str *texts[] = {&text->id, &text->family, &text->text};
    aw_rc rc = AW_OK;

    if (text->family.len == 0)
        text->family = text->id;
    for (size_t i = 0; rc == AW_OK && i < 3; i++)
        rc = aw_arena_dup(&r->corpus->arena, *texts[i], texts[i], err);
    return rc;
}

static aw_rc keep(struct aw_corpus *corpus, const struct aw_corpus_text *text,
                  struct aw_err *err)
{
    void *items = corpus->texts;
    aw_rc rc = aw_arena_grow(&corpus->arena, &items, corpus->count,
                             &corpus->cap, sizeof *text, err);

    if (rc != AW_OK)
        return rc;
    corpus->texts = items;
    corpus->texts[corpus->count++] = *text;
    corpus->spans += text->span_count;
    corpus->by_channel[text->channel]++;
    corpus->by_kind[text->kind]++;
    corpus->by_label[text->label]++;
    return AW_OK;
}

static aw_rc read_object(struct reader *r, const cJSON *object,
                         struct aw_err *err)
{
    static const char *const keys[] = {"id",   "channel", "kind",   "label",
                                       "text", "spans",   "sector", "family",
                                       "note", "by",      "at",     "finding",
                                       NULL};
    struct aw_corpus_text text = {.id = text_of(object, "id"),
                                  .family = text_of(object, "family"),
                                  .text = text_of(object, "text")};
    bool good = false;
    aw_rc rc;

    if (!cJSON_IsObject(object)) {
        problem(r, text.id, "it is no JSON object", "");
        return AW_OK;
    }
    if (!check_keys(r, text.id, object, keys) ||
        !read_labels(r, &text, object))
        return AW_OK;
    rc = own(r, &text, err);
    if (rc == AW_OK)
        rc = read_spans(r, &text,
                        cJSON_GetObjectItemCaseSensitive(object, "spans"),
                        &good, err);
    return rc == AW_OK && good ? keep(r->corpus, &text, err) : rc;
}

static aw_rc read_line(struct reader *r, struct aw_str line,
                       struct aw_err *err)
{
    cJSON *object;
    aw_rc rc;

    if (aw_str_trim(line).len == 0)
        return AW_OK;
    if (r->corpus->count >= AW_CORPUS_TEXTS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d texts",
                       AW_CORPUS_TEXTS_MAX);
    if (!aw_utf8_valid(line)) {
        problem(r, (struct aw_str){0}, "it is not UTF-8", "");
        return AW_OK;
    }
    object = cJSON_ParseWithLength(line.ptr, line.len);
    if (!object) {
        problem(r, (struct aw_str){0}, "it is no JSON", "");
        return AW_OK;
    }
    rc = read_object(r, object, err);
    cJSON_Delete(object);
    return rc;
}

static aw_rc read_file(void *self, const char *path, struct aw_err *err)
{
    struct reader r = {.corpus = self, .path = path};
    struct aw_buf bytes;
    struct aw_str rest, line;
    aw_rc rc;

    aw_buf_init(&bytes, AW_CORPUS_FILE_MAX);
    rc = aw_file_read(path, &bytes, err);
    rest = aw_buf_str(&bytes);
    while (rc == AW_OK && aw_str_split(&rest, '\n', &line)) {
        r.line++;
        rc = read_line(&r, line, err);
    }
    aw_buf_deinit(&bytes);
    r.corpus->files++;
    return rc;
}

static int by_text_id(const void *a, const void *b)
{
    const struct aw_str *const *x = a, *const *y = b;

    return aw_str_cmp(**x, **y);
}

static aw_rc check_ids(struct aw_corpus *corpus, struct aw_err *err)
{
    struct aw_str **ids = calloc(corpus->count + 1, sizeof(struct aw_str *));

    if (!ids)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < corpus->count; i++)
        ids[i] = &corpus->texts[i].id;
    qsort(ids, corpus->count, sizeof(struct aw_str *), by_text_id);
    for (size_t i = 1; i < corpus->count; i++)
        if (aw_str_eq(*ids[i - 1], *ids[i]))
            aw_problem_add(&corpus->problems, false,
                           "%.*s: this id is there twice",
                           AW_STR_ARG(*ids[i]));
    free(ids);
    return AW_OK;
}

aw_rc aw_corpus_read_more(struct aw_corpus *corpus, const char *path,
                          struct aw_err *err)
{
    size_t before = corpus->count;
    aw_rc rc = aw_path_is_dir(path)
                   ? aw_dir_walk(path, ".jsonl", read_file, corpus, err)
                   : read_file(corpus, path, err);

    if (rc == AW_OK)
        rc = check_ids(corpus, err);
    if (rc != AW_OK)
        return rc;
    if (corpus->problems.errors > 0)
        return aw_fail(err, AW_CONFIG, "%.*s",
                       AW_STR_ARG(corpus->problems.items[0].text));
    if (corpus->count == before)
        return aw_fail(err, AW_CONFIG, "'%s' holds no texts", path);
    return AW_OK;
}

aw_rc aw_corpus_read(struct aw_corpus *corpus, const char *path,
                     struct aw_err *err)
{
    *corpus = (struct aw_corpus){0};
    aw_arena_init(&corpus->arena, ARENA_MAX);
    corpus->problems.arena = &corpus->arena;
    return aw_corpus_read_more(corpus, path, err);
}

void aw_corpus_deinit(struct aw_corpus *corpus)
{
    aw_arena_deinit(&corpus->arena);
    *corpus = (struct aw_corpus){0};
}
