#include "evidence/redacted_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"

#define ARENA_MAX ((size_t)256 << 20)
#define LIST_MAX ((size_t)64 << 20)
#define TIMES_MAX 8 /* that all is judged */
#define ROUNDS 3    /* texts, records, what follows them */
#define OUT_MAX (4 * AW_REDACT_TEXT_MAX) /* a mark has three bytes */

/* How a file is treated, by the first that fits its name. */
enum treatment {
    KEEP, /* the office's own, or hashed */
    DROP,
    CHAIN,
    TEXT,
    HTML,
    PAPER, /* HTML that this program made: its labels are no advertiser's */
    JSON,
    WARC,
    WACZ,
    SCREEN,
    PDF,
    ORIGINAL
};

static const struct {
    const char *start, *end;
    enum treatment as;
} treatments[] = {
    {AW_REDACTED_CHAIN, "", CHAIN},
    {"data/03-法律依据/", "", KEEP},
    {"data/00-说明.html", "", PAPER},
    {"data/09-文书/", ".html", PAPER},
    {"data/05-截图/", "", SCREEN},
    {"data/", ".json", JSON},
    {"data/", ".log", TEXT},
    {"data/", ".html", HTML},
    {"data/", ".htm", HTML},
    {"data/", ".xml", HTML},
    {"data/", ".txt", TEXT},
    {"data/", ".csv", TEXT},
    {"data/", ".warc.gz", WARC},
    {"data/", ".wacz", WACZ},
    {"data/", ".pdf", PDF},
    {"data/", "", ORIGINAL},
    {"", "", DROP},
};

static enum treatment treatment_of(struct aw_str name)
{
    size_t i = 0;

    while (!aw_str_starts(name, aw_str_of(treatments[i].start)) ||
           !aw_str_ends(name, aw_str_of(treatments[i].end)))
        i++;
    return treatments[i].as;
}

static enum aw_redact_form form_of(enum treatment as)
{
    if (as == JSON)
        return AW_REDACT_JSON;
    return as == HTML || as == PAPER ? AW_REDACT_HTML : AW_REDACT_TEXT;
}

static bool is_text(enum treatment as)
{
    return as == TEXT || as == HTML || as == JSON || as == PAPER;
}

/* ---- captures ----------------------------------------------------------- */

/* "data/06-文本/capture-9.txt": 9; -1 where it names none. */
static int64_t capture_of(struct aw_str name)
{
    const struct aw_str mark = AW_STR("/capture-");
    ptrdiff_t at = aw_str_find(name, mark);
    size_t start, end;
    int64_t id;

    if (at < 0)
        return -1;
    start = end = (size_t)at + mark.len;
    while (end < name.len && aw_ascii_digit(name.ptr[end]))
        end++;
    return aw_str_to_int(aw_str_sub(name, start, end - start), &id) ? id : -1;
}

static bool is_marked(const struct aw_redacting *r, int64_t capture)
{
    for (size_t i = 0; i < r->capture_count; i++)
        if (r->captures[i] == capture)
            return true;
    return false;
}

static aw_rc mark(struct aw_redacting *r, struct aw_str name,
                  struct aw_err *err)
{
    int64_t capture = capture_of(name);
    void *items = r->captures;
    aw_rc rc;

    if (capture < 0 || is_marked(r, capture))
        return AW_OK;
    rc = aw_arena_grow(&r->arena, &items, r->capture_count, &r->capture_cap,
                       sizeof *r->captures, err);
    r->captures = items;
    if (rc == AW_OK)
        r->captures[r->capture_count++] = capture;
    return rc;
}

/* ---- first: learn ------------------------------------------------------- */

static aw_rc learn_all(struct aw_redacting *r, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < r->bag->count && rc == AW_OK; i++) {
        const struct aw_bag_file *file = &r->bag->files[i];
        enum treatment as = treatment_of(file->name);

        if (is_text(as) && as != PAPER &&
            file->bytes.len <= AW_REDACT_TEXT_MAX)
            rc = aw_redact_learn(r->redact, file->bytes, form_of(as), err);
        else if (as == WARC)
            rc = aw_redacting_learn_records(r, file->bytes, err);
        if (rc != AW_OK)
            return aw_fail_in(err, "'%.*s'", AW_STR_ARG(file->name));
    }
    return AW_OK;
}

aw_rc aw_redacting_hide(struct aw_redacting *r, struct aw_str bytes,
                        bool *more, struct aw_err *err)
{
    char hex[AW_SHA256_HEX_MAX];
    bool added = false;
    aw_rc rc;

    aw_sha256_hex(bytes, hex);
    rc = aw_redact_hide(r->redact, aw_str_of(hex), &added, err);
    *more = *more || added;
    if (rc != AW_OK || !added)
        return rc;
    aw_sm3_hex(bytes, hex);
    return aw_redact_hide(r->redact, aw_str_of(hex), &added, err);
}

/* ---- then: what becomes of each ----------------------------------------- */

aw_rc aw_redacting_word(struct aw_redacting *r, struct aw_str text,
                        struct aw_str *out, bool *taken, struct aw_err *err)
{
    size_t before = r->places.count;
    struct aw_buf clean;
    aw_rc rc;

    aw_buf_init(&clean, OUT_MAX);
    rc = aw_redact_text(r->redact, text, AW_REDACT_TEXT, &clean, &r->places,
                        err);
    *taken = r->places.count > before;
    r->places.count = before;
    if (rc == AW_OK)
        rc = aw_arena_dup(&r->arena, aw_buf_str(&clean), out, err);
    aw_buf_deinit(&clean);
    return rc;
}

static aw_rc judge_text(struct aw_redacting *r, struct aw_fated *fated,
                        enum treatment as, struct aw_err *err)
{
    const struct aw_bag_file *file = fated->file;
    aw_rc rc;

    if (file->bytes.len > AW_REDACT_TEXT_MAX) {
        fated->fate = AW_FATE_LEFT_OUT;
        fated->why = "文件过大，不能逐字查看";
        return AW_OK;
    }
    fated->fate = AW_FATE_AS_IS;
    fated->first = r->places.count;
    rc = aw_redact_text(r->redact, file->bytes, form_of(as), NULL, &r->places,
                        err);
    fated->count = r->places.count - fated->first;
    if (rc != AW_OK || fated->count == 0)
        return rc;
    fated->fate = AW_FATE_CHANGED;
    fated->why = "逐字遮盖";
    return mark(r, file->name, err);
}

static aw_rc judge_warc(struct aw_redacting *r, struct aw_fated *fated,
                        struct aw_err *err)
{
    aw_rc rc = aw_redacting_look_records(r, fated, err);

    return rc == AW_OK && fated->fate == AW_FATE_LEFT_OUT
               ? mark(r, fated->file->name, err)
               : rc;
}

/* What became of the file that has the same name but for its end. */
static enum aw_fate fate_of_twin(const struct aw_redacting *r,
                                 struct aw_str name, const char *end,
                                 const char *other)
{
    struct aw_str stem = {name.ptr, name.len - strlen(end)};

    for (size_t i = 0; i < r->bag->count; i++) {
        struct aw_str twin = r->bag->files[i].name;

        if (twin.len == stem.len + strlen(other) &&
            aw_str_starts(twin, stem) && aw_str_ends(twin, aw_str_of(other)))
            return r->files[i].fate;
    }
    return AW_FATE_AS_IS;
}

/* What cannot be looked into follows what can: why it is left out, or NULL. */
static const char *why_left_out(const struct aw_redacting *r,
                                struct aw_str name, enum treatment as)
{
    switch (as) {
    case SCREEN:
        return is_marked(r, capture_of(name))
                   ? "所截网页含第三人个人信息，在图中的位置不明，整图不附"
                   : NULL;
    case WARC:
        return is_marked(r, capture_of(name)) ? "所存网页含第三人个人信息"
                                              : NULL;
    case WACZ:
        return is_marked(r, capture_of(name)) ||
                       fate_of_twin(r, name, ".wacz", ".warc.gz") !=
                           AW_FATE_AS_IS
                   ? "同名存档文件不附"
                   : NULL;
    case PDF:
        return fate_of_twin(r, name, ".pdf", ".html") != AW_FATE_AS_IS
                   ? "同名网页形式的文书已遮盖"
                   : NULL;
    case ORIGINAL:
        return r->places.count > 0 || r->capture_count > 0
                   ? "原件不是文字，不能逐字查看"
                   : NULL;
    default:
        return NULL;
    }
}

/* Texts, then records, then what follows them. */
static aw_rc judge(struct aw_redacting *r, struct aw_fated *fated, int round,
                   struct aw_err *err)
{
    enum treatment as = treatment_of(fated->file->name);
    const char *why;

    if (aw_redacting_is_anew(r, fated->file->name)) {
        fated->fate = AW_FATE_LEFT_OUT; /* until it is made */
        fated->why = "未能重新制作（没有浏览器）";
        return AW_OK;
    }
    if (round == 0 && is_text(as))
        return judge_text(r, fated, as, err);
    if (round == 1 && as == WARC)
        return judge_warc(r, fated, err);
    if (round != 2)
        return AW_OK;
    if (as == DROP || as == CHAIN)
        fated->fate = AW_FATE_DROPPED;
    why = fated->fate == AW_FATE_LEFT_OUT
              ? NULL
              : why_left_out(r, fated->file->name, as);
    if (why) {
        fated->fate = AW_FATE_LEFT_OUT;
        fated->why = why;
    }
    return AW_OK;
}

/* A name that tells of a person cannot stay. */
static aw_rc judge_name(struct aw_redacting *r, struct aw_fated *fated,
                        struct aw_err *err)
{
    struct aw_str clean;
    bool taken;
    aw_rc rc = aw_redacting_word(r, fated->file->name, &clean, &taken, err);

    if (rc == AW_OK && taken && fated->fate != AW_FATE_DROPPED) {
        fated->fate = AW_FATE_LEFT_OUT;
        fated->why = "文件名含第三人个人信息";
    }
    return rc;
}

static aw_rc judge_round(struct aw_redacting *r, int round, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (round == 0)
        r->places.count = 0;
    for (size_t i = 0; i < r->bag->count && rc == AW_OK; i++) {
        rc = judge(r, &r->files[i], round, err);
        if (rc == AW_OK && round == ROUNDS - 1)
            rc = judge_name(r, &r->files[i], err);
        if (rc != AW_OK)
            rc = aw_fail_in(err, "'%.*s'", AW_STR_ARG(r->bag->files[i].name));
    }
    return rc;
}

/* ---- digests ------------------------------------------------------------ */

/* Who knows all of a file but a number, and its digest, can try out the
 * number: the digest of what was changed or left out goes wherever it stands.
 */
static aw_rc hide_all(struct aw_redacting *r, bool *more, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < r->bag->count && rc == AW_OK; i++) {
        const struct aw_fated *fated = &r->files[i];

        if (fated->fate == AW_FATE_CHANGED || fated->fate == AW_FATE_LEFT_OUT)
            rc = aw_redacting_hide(r, fated->file->bytes, more, err);
    }
    return rc;
}

static aw_rc judge_all(struct aw_redacting *r, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    r->files = aw_arena_array(&r->arena, r->bag->count, sizeof *r->files);
    if (!r->files)
        return aw_arena_fail(&r->arena, err);
    for (size_t i = 0; i < r->bag->count; i++)
        r->files[i].file = &r->bag->files[i];
    rc = aw_redacting_hide_decisions(r, err);
    for (int times = 0; times < TIMES_MAX && rc == AW_OK; times++) {
        bool more = false;

        for (int round = 0; round < ROUNDS && rc == AW_OK; round++)
            rc = judge_round(r, round, err);
        if (rc == AW_OK)
            rc = hide_all(r, &more, err);
        if (rc != AW_OK || !more)
            return rc;
    }
    return rc == AW_OK ? aw_fail(err, AW_LIMIT,
                                 "files name each other's digests in a row "
                                 "of more than %d",
                                 TIMES_MAX)
                       : rc;
}

/* ---- at last: write ----------------------------------------------------- */

static aw_rc put_named(struct aw_bag *bag, struct aw_str name,
                       struct aw_str bytes, struct aw_err *err)
{
    char text[AW_ZIP_NAME_MAX + 1];

    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(name));
    return aw_bag_add(bag, text, bytes, err);
}

static aw_rc put_changed(struct aw_redacting *r, struct aw_bag *bag,
                         const struct aw_fated *fated, struct aw_err *err)
{
    struct aw_redact_places again = {.arena = &r->arena};
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, OUT_MAX);
    rc = aw_redact_text(r->redact, fated->file->bytes,
                        form_of(treatment_of(fated->file->name)), &out, &again,
                        err);
    if (rc == AW_OK)
        rc = put_named(bag, fated->file->name, aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    r->told.places += fated->count;
    r->told.changed++;
    return rc;
}

static aw_rc put_file(struct aw_redacting *r, struct aw_bag *bag,
                      const struct aw_fated *fated, struct aw_err *err)
{
    switch (fated->fate) {
    case AW_FATE_AS_IS:
        return put_named(bag, fated->file->name, fated->file->bytes, err);
    case AW_FATE_CHANGED:
        return put_changed(r, bag, fated, err);
    case AW_FATE_LEFT_OUT:
        r->told.left_out++;
        return AW_OK;
    default:
        return AW_OK;
    }
}

static aw_rc put_list(struct aw_redacting *r, struct aw_bag *bag,
                      struct aw_err *err)
{
    struct aw_buf list;
    aw_rc rc;

    aw_buf_init(&list, LIST_MAX);
    rc = aw_redacting_list(r, &list, err);
    if (rc == AW_OK)
        rc = aw_bag_add(bag, AW_REDACTED_LIST, aw_buf_str(&list), err);
    aw_buf_deinit(&list);
    return rc;
}

static aw_rc put_link(struct aw_redacting *r, struct aw_bag *bag,
                      struct aw_err *err)
{
    const struct aw_redacted_config *config = r->config;
    struct aw_buf json;
    aw_rc rc;

    if (!config->link)
        return AW_OK;
    aw_buf_init(&json, LIST_MAX);
    rc = config->link(config->self, &json, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&json, err);
    if (rc == AW_OK && json.len > 0)
        rc = aw_bag_add(bag, AW_REDACTED_CHAIN, aw_buf_str(&json), err);
    aw_buf_deinit(&json);
    return rc;
}

static aw_rc fill(struct aw_redacting *r, struct aw_bag *bag,
                  struct aw_err *err)
{
    aw_rc rc = r->config->papers ? aw_redacting_page(r, bag, err) : AW_OK;

    for (size_t i = 0; i < r->bag->count && rc == AW_OK; i++)
        if (!aw_redacting_is_anew(r, r->bag->files[i].name))
            rc = put_file(r, bag, &r->files[i], err);
    if (rc == AW_OK && r->config->papers)
        rc = aw_redacting_papers(r, bag, err);
    if (rc == AW_OK)
        rc = put_list(r, bag, err);
    return rc == AW_OK ? put_link(r, bag, err) : rc;
}

static aw_rc seal(struct aw_redacting *r, struct aw_bag *bag,
                  struct aw_err *err)
{
    char info[2 * AW_ZIP_NAME_MAX];
    char day[AW_TIME_MAX];

    aw_time_iso(r->config->made_ms, day);
    (void)snprintf(info, sizeof info,
                   "External-Identifier: %s\n"
                   "External-Description: 涉嫌违法广告线索（脱敏副本）\n"
                   "Bagging-Date: %.10s\n"
                   "Bag-Software-Agent: %.200s\n",
                   r->told.name, day, r->config->tool);
    return aw_bag_seal(bag, info, &r->told.digests, err);
}

static aw_rc write_copy(struct aw_redacting *r, struct aw_err *err)
{
    struct aw_bag *bag = NULL;
    aw_rc rc = AW_OK;

    if (aw_path_exists(r->config->out))
        return aw_fail(err, AW_INVALID,
                       "'%s' is there already: nothing is written over",
                       r->config->out);
    rc = aw_bag_new(&bag, r->config->out, r->told.name, r->config->made_ms,
                    err);
    if (rc == AW_OK)
        rc = fill(r, bag, err);
    if (rc == AW_OK)
        rc = seal(r, bag, err);
    if (rc == AW_OK)
        rc = aw_bag_unchanged(r->bag, err);
    if (rc == AW_OK)
        rc = r->config->close
                 ? r->config->close(r->config->self, &r->told, bag, err)
                 : aw_bag_close(bag, err);
    aw_bag_free(bag);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static aw_rc keep_all(struct aw_redacting *r, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < r->config->keep_count && rc == AW_OK; i++)
        rc = aw_redact_keep(r->redact, r->config->keep[i], err);
    return rc;
}

/* Is it the bundle that is known under its name? */
static aw_rc check_manifest(const struct aw_redacting *r, struct aw_err *err)
{
    struct aw_str wanted = r->config->manifest;
    char sha256[AW_SHA256_HEX_MAX];
    struct aw_str bytes;

    if (wanted.len == 0)
        return AW_OK;
    if (aw_bag_find(r->bag, AW_STR(AW_BAG_SIGNED), &bytes)) {
        aw_sha256_hex(bytes, sha256);
        if (aw_str_eq(wanted, aw_str_of(sha256)))
            return AW_OK;
    }
    return aw_fail(err, AW_INVALID,
                   "'%s' is not the bundle that was made under this name",
                   r->config->in);
}

static aw_rc begin(struct aw_redacting *r, struct aw_err *err)
{
    struct aw_str ignored;
    aw_rc rc = aw_bag_open(&r->bag, r->config->in, err);

    if (rc != AW_OK)
        return rc;
    if (aw_bag_find(r->bag, AW_STR(AW_REDACTED_LIST), &ignored))
        return aw_fail(err, AW_INVALID, "'%s' is redacted already",
                       r->config->in);
    if (snprintf(r->told.name, sizeof r->told.name, "%.*s" AW_REDACTED_SUFFIX,
                 AW_STR_ARG(r->bag->folder)) >= (int)sizeof r->told.name)
        return aw_fail(err, AW_LIMIT, "the name of '%s' is too long",
                       r->config->in);
    rc = check_manifest(r, err);
    if (rc == AW_OK)
        rc = aw_redact_new(&r->redact, err);
    return rc == AW_OK ? keep_all(r, err) : rc;
}

aw_rc aw_redacted_make(const struct aw_redacted_config *config,
                       struct aw_redacted_told *told, struct aw_err *err)
{
    struct aw_redacting r = {.config = config};
    struct aw_redact_kept kept;
    size_t at = 0;
    aw_rc rc;

    aw_arena_init(&r.arena, ARENA_MAX);
    r.places.arena = &r.arena;
    rc = begin(&r, err);
    if (rc == AW_OK)
        rc = learn_all(&r, err);
    if (rc == AW_OK)
        rc = judge_all(&r, err);
    if (rc == AW_OK)
        rc = write_copy(&r, err);
    while (rc == AW_OK && aw_redact_kept(r.redact, &at, &kept))
        r.told.kept++;
    r.told.decisions = r.decision_count;
    if (rc == AW_OK)
        *told = r.told;
    aw_redact_free(r.redact);
    aw_bag_view_free(r.bag);
    aw_arena_deinit(&r.arena);
    return rc;
}
