#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/utf8.h"
#include "classify/lexicon.h"
#include "classify/lexicon_kept.h"
#include "classify/severity_private.h"

#define FILE_NAME "severity.yaml"
#define CLEAR 2
#define GRAVE 3

struct reader {
    struct aw_lexicon *lexicon;
    struct aw_severity *severity;
    struct aw_yaml_file file;
    struct aw_lexicon_kept *kept;
    struct aw_text text; /* a word as rules see it */
    char path[AW_PATH_MAX];
};

#define PROBLEM(reader, entry, key, item, ...)                                \
    problem_at(reader, aw_yaml_line(&(reader)->file.lines, entry, key, item), \
               "" __VA_ARGS__)

static void problem_at(struct reader *r, int line, const char *fmt, ...)
    AW_PRINTF(3, 4);
static void problem_at(struct reader *r, int line, const char *fmt, ...)
{
    char text[AW_ERR_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    aw_problem_add(&r->lexicon->problems, false, "%s:%d: %s", r->path, line,
                   text);
}

/* ---- what an entry is called ---------------------------------------------
 */

static const char *wording_name(int number)
{
    static const char *const names[] = {"hint", "clear", "grave"};

    return names[number - 1];
}

static const char *class_name(int number)
{
    return aw_claim_class_name((enum aw_claim_class)number);
}

static const char *channel_name(int number)
{
    return aw_channel_name((enum aw_channel)number);
}

static const char *kind_name(int number)
{
    return aw_doc_kind_name((enum aw_doc_kind)number);
}

/* Of each part, what its ids may be; audience and sector have names of their
 * own, and words. */
static const struct {
    const char *(*name)(int number);
    int first, end;
    bool complete; /* each of them must be there */
} parts[AW_SEVERITY_PART_COUNT] = {
    [AW_SEVERITY_CLASS] = {class_name, 0, AW_CLAIM_CLASS_COUNT, true},
    [AW_SEVERITY_WORDING] = {wording_name, 1, GRAVE + 1, true},
    [AW_SEVERITY_CHANNEL] = {channel_name, 0, AW_CHANNEL_COUNT, true},
    [AW_SEVERITY_KIND] = {kind_name, 0, AW_DOC_KIND_COUNT, false},
    [AW_SEVERITY_GRADE] = {wording_name, CLEAR, GRAVE + 1, true}};

static bool find_part(struct aw_str text, enum aw_severity_part *out)
{
    for (int i = 0; i < AW_SEVERITY_PART_COUNT; i++)
        if (aw_str_eq(text, aw_str_of(aw_severity_part_name(
                                (enum aw_severity_part)i)))) {
            *out = (enum aw_severity_part)i;
            return true;
        }
    return false;
}

/* The number that id has in its part; one of audience and sector is numbered
 * as it comes. */
static bool find_number(enum aw_severity_part part, struct aw_str id,
                        size_t entry, int *out)
{
    *out = (int)entry;
    if (!parts[part].name)
        return true;
    for (int i = parts[part].first; i < parts[part].end; i++)
        if (aw_str_eq(id, aw_str_of(parts[part].name(i)))) {
            *out = i;
            return true;
        }
    return false;
}

/* ---- words ---------------------------------------------------------------
 */

/* A word that is not in the form in which texts are read is never found. */
static aw_rc check_word(struct reader *r, size_t entry, size_t item,
                        struct aw_str word, struct aw_err *err)
{
    struct aw_str read;
    aw_rc rc = aw_text_read_one(&r->text, word, err);

    if (rc != AW_OK)
        return rc;
    read = aw_normal_str(&r->text.view[AW_VIEW_PLAIN],
                         r->text.blocks[0].place[AW_VIEW_PLAIN]);
    if (!aw_str_eq(read, word))
        PROBLEM(r, entry, "words", item,
                "'%.*s' is read as '%.*s': write it so", AW_STR_ARG(word),
                AW_STR_ARG(read));
    else if (aw_utf8_count(word) < AW_SEVERITY_WORD_LEAST)
        PROBLEM(r, entry, "words", item,
                "'%.*s' is shorter than %d characters", AW_STR_ARG(word),
                AW_SEVERITY_WORD_LEAST);
    return AW_OK;
}

static aw_rc add_words(struct reader *r, size_t entry, struct aw_err *err)
{
    const struct aw_yaml_severity *from = &r->file.severity[entry];
    struct aw_severity *s = r->severity;
    aw_rc rc = AW_OK;

    for (unsigned i = 0; rc == AW_OK && i < from->words_count; i++) {
        struct aw_str word = aw_str_of(from->words[i]);
        size_t pos = 0;
        uint32_t lead = word.len > 0 ? aw_utf8_next(word, &pos) : 0;

        if (s->word_count == AW_SEVERITY_WORDS_MAX) {
            PROBLEM(r, entry, "words", i, "more than %d words in all",
                    AW_SEVERITY_WORDS_MAX);
            return AW_OK;
        }
        rc = check_word(r, entry, i, word, err);
        if (lead < AW_SEVERITY_LEADS)
            s->lead[lead / 64] |= (uint64_t)1 << lead % 64;
        s->words[s->word_count++] = (struct aw_severity_word){word, entry};
    }
    return rc;
}

static int by_text(const void *a, const void *b)
{
    const struct aw_severity_word *x = a, *y = b;
    int order = aw_str_cmp(x->text, y->text);

    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* The same word may tell an audience and a sector, and no two of either. */
static void sort_words(struct reader *r)
{
    struct aw_severity *s = r->severity;

    qsort(s->words, s->word_count, sizeof *s->words, by_text);
    for (size_t i = 1; i < s->word_count; i++) {
        const struct aw_severity_word *one = &s->words[i - 1],
                                      *two = &s->words[i];

        if (aw_str_eq(one->text, two->text) &&
            s->entries[one->entry].part == s->entries[two->entry].part)
            PROBLEM(r, two->entry, "words", AW_YAML_WHOLE,
                    "'%.*s' stands in %.*s already", AW_STR_ARG(two->text),
                    AW_STR_ARG(s->entries[one->entry].id));
    }
}

/* ---- entries -------------------------------------------------------------
 */

static bool is_there(const struct aw_severity *s,
                     const struct aw_severity_entry *entry)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].part == entry->part &&
            aw_str_eq(s->entries[i].id, entry->id))
            return true;
    return false;
}

static void check_entry(struct reader *r, size_t number,
                        const struct aw_severity_entry *entry)
{
    const struct aw_yaml_severity *from = &r->file.severity[number];
    const char *part = aw_severity_part_name(entry->part);
    bool has_words = entry->part == AW_SEVERITY_AUDIENCE ||
                     entry->part == AW_SEVERITY_SECTOR;

    if (is_there(r->severity, entry))
        PROBLEM(r, number, "id", AW_YAML_WHOLE, "%s %s is there already", part,
                from->id);
    if (entry->points > AW_SEVERITY_POINTS_MOST ||
        entry->points < -AW_SEVERITY_POINTS_MOST)
        PROBLEM(r, number, "points", AW_YAML_WHOLE,
                "%s %s: points are not within -%d and %d", part, from->id,
                AW_SEVERITY_POINTS_MOST, AW_SEVERITY_POINTS_MOST);
    if (has_words != (from->words_count > 0))
        PROBLEM(r, number, "words", AW_YAML_WHOLE,
                "%s %s: words belong to audience and sector, and each of "
                "these has some",
                part, from->id);
    if (!from->why != (entry->part == AW_SEVERITY_GRADE))
        PROBLEM(r, number, "why", AW_YAML_WHOLE,
                "%s %s: why belongs to all parts but grade", part, from->id);
}

/* Bad entries are of no part, and keep their places: words are told by their
 * numbers. */
static aw_rc add_entry(struct reader *r, size_t number, struct aw_err *err)
{
    const struct aw_yaml_severity *from = &r->file.severity[number];
    struct aw_severity_entry entry = {.id = aw_str_of(from->id),
                                      .why = aw_str_of(from->why),
                                      .points = from->points,
                                      .line =
                                          aw_yaml_line(&r->file.lines, number,
                                                       "", AW_YAML_WHOLE)};

    if (!find_part(aw_str_of(from->part), &entry.part)) {
        entry.part = AW_SEVERITY_PART_COUNT; /* of none */
        PROBLEM(r, number, "part", AW_YAML_WHOLE,
                "part '%s' is not one of class, wording, audience, channel, "
                "kind, sector, grade",
                from->part);
    } else if (!find_number(entry.part, entry.id, number, &entry.number)) {
        entry.part = AW_SEVERITY_PART_COUNT;
        PROBLEM(r, number, "id", AW_YAML_WHOLE, "%s has no '%s'", from->part,
                from->id);
    } else {
        check_entry(r, number, &entry);
    }
    r->severity->entries[number] = entry;
    r->severity->count = number + 1;
    return add_words(r, number, err);
}

static void check_complete(struct reader *r)
{
    for (int p = 0; p < AW_SEVERITY_PART_COUNT; p++)
        for (int i = parts[p].first; parts[p].complete && i < parts[p].end;
             i++)
            if (!aw_severity_find(r->severity, (enum aw_severity_part)p, i))
                problem_at(r, 1, "%s %s is missing",
                           aw_severity_part_name((enum aw_severity_part)p),
                           parts[p].name(i));
}

static void take_grades(struct reader *r)
{
    struct aw_severity *s = r->severity;
    const struct aw_severity_entry *clear =
        aw_severity_find(s, AW_SEVERITY_GRADE, CLEAR);
    const struct aw_severity_entry *grave =
        aw_severity_find(s, AW_SEVERITY_GRADE, GRAVE);

    if (!clear || !grave)
        return;
    s->clear_from = clear->points;
    s->grave_from = grave->points;
    if (s->clear_from >= s->grave_from)
        problem_at(r, grave->line, "grade grave begins no higher than clear");
}

static aw_rc add_all(struct reader *r, struct aw_err *err)
{
    struct aw_arena *arena = &r->lexicon->arena;
    struct aw_severity *s = r->severity;
    size_t words = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < r->file.count; i++)
        words += r->file.severity[i].words_count;
    if (words > AW_SEVERITY_WORDS_MAX)
        words = AW_SEVERITY_WORDS_MAX;
    s->entries = aw_arena_array(arena, r->file.count, sizeof *s->entries);
    s->words = aw_arena_array(arena, words, sizeof *s->words);
    if (!s->entries || !s->words)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; rc == AW_OK && i < r->file.count; i++)
        rc = add_entry(r, i, err);
    if (rc != AW_OK)
        return rc;
    sort_words(r);
    check_complete(r);
    take_grades(r);
    return AW_OK;
}

static aw_rc take_file(struct reader *r, struct aw_err *err)
{
    aw_rc rc;

    r->severity = aw_arena_array(&r->lexicon->arena, 1, sizeof *r->severity);
    if (!r->severity)
        return aw_arena_fail(&r->lexicon->arena, err);
    rc = add_all(r, err);
    r->lexicon->file_count++;
    r->lexicon->severity = r->severity;
    r->lexicon->severity_count = r->severity->count;
    return rc;
}

static aw_rc read_text(struct reader *r, struct aw_str text, bool with_lines,
                       struct aw_err *err)
{
    aw_rc rc = aw_yaml_file_read(&r->file, AW_YAML_SEVERITY, text, with_lines,
                                 &r->lexicon->arena, err);

    if (rc == AW_CONFIG) {
        aw_problem_add(&r->lexicon->problems, false, "%s:%s", r->path,
                       err->msg);
        return AW_OK;
    }
    if (rc != AW_OK)
        return aw_fail_in(err, "%s", r->path);
    aw_lexicon_kept_add(r->kept, AW_YAML_SEVERITY, FILE_NAME, &r->file);
    return take_file(r, err);
}

static aw_rc read_file(struct reader *r, bool with_lines, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_LEXICON_FILE_MAX);
    rc = aw_file_read(r->path, &text, err);
    if (rc == AW_OK)
        rc = read_text(r, aw_buf_str(&text), with_lines, err);
    else if (rc == AW_MISSING)
        rc = AW_OK;
    else if (rc == AW_LIMIT)
        rc = aw_fail(err, AW_CONFIG, "%s:1: the file is larger than %zu bytes",
                     r->path, AW_LEXICON_FILE_MAX);
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_severity_read(struct aw_lexicon *lexicon, const char *dir,
                       struct aw_lexicon_kept *kept, bool with_lines,
                       struct aw_err *err)
{
    struct reader r = {.lexicon = lexicon, .kept = kept};
    aw_rc rc = aw_path_join(r.path, dir, FILE_NAME, err);

    if (rc != AW_OK)
        return rc;
    aw_text_init(&r.text);
    rc = aw_lexicon_kept_take(kept, AW_YAML_SEVERITY, FILE_NAME,
                              &lexicon->arena, &r.file)
             ? take_file(&r, err)
             : read_file(&r, with_lines, err);
    aw_text_deinit(&r.text);
    return rc;
}
