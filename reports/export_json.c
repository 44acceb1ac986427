#include "reports/export_private.h"

#include "base/clock.h"
#include "base/json.h"
#include "reports/finding_json.h"

static aw_rc begin(struct aw_export *export, struct aw_err *err)
{
    (void)export;
    (void)err;
    return AW_OK;
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_comments(struct aw_buf *out,
                         const struct aw_export_facts *facts)
{
    aw_json_open(out, "comments", '[');
    for (size_t i = 0; i < facts->comment_count; i++) {
        const struct aw_comment *c = &facts->comments[i];

        aw_json_open(out, NULL, '{');
        aw_json_int(out, "id", c->id);
        put_time(out, "at", c->at_ms);
        aw_json_text(out, "who", c->who);
        aw_json_text(out, "text", c->text);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_decisions(struct aw_buf *out,
                          const struct aw_export_facts *facts)
{
    aw_json_open(out, "decisions", '[');
    for (size_t i = 0; i < facts->decision_count; i++)
        aw_decision_json(out, &facts->decisions[i]);
    aw_json_close(out, ']');
}

/* ---- provisions ------------------------------------------------------------
 */

struct laws {
    struct aw_buf *out;
    const struct aw_provisions *provisions;
    const struct aw_finding *finding;
    size_t claim; /* whose law is read */
};

struct sought {
    struct aw_str id;
    bool seen;
};

static void look_for(void *self, struct aw_str id)
{
    struct sought *sought = self;

    sought->seen = sought->seen || aw_str_eq(sought->id, id);
}

/* Did an earlier claim cite it? Claims are few. What does not parse here did
 * not parse before, either. */
static bool cited_before(const struct laws *laws, struct aw_str id)
{
    struct sought sought = {.id = id};
    struct aw_err ignored;

    for (size_t i = 0; i < laws->claim && !sought.seen; i++)
        if (aw_json_texts(laws->finding->claims[i].law, look_for, &sought,
                          &ignored) != AW_OK)
            return false;
    return sought.seen;
}

static void put_law(void *self, struct aw_str id)
{
    const struct laws *laws = self;
    const struct aw_provision *p =
        laws->provisions ? aw_provisions_at(laws->provisions, id,
                                            laws->finding->last_seen_ms)
                         : NULL;

    if (cited_before(laws, id))
        return;
    aw_json_open(laws->out, NULL, '{');
    aw_json_text(laws->out, "id", id);
    if (p) {
        aw_json_text(laws->out, "law", aw_str_of(p->law));
        aw_json_text(laws->out, "article", aw_str_of(p->article));
        aw_json_text(laws->out, "text", aw_str_of(p->text));
        aw_json_text(laws->out, "summary", aw_str_of(p->summary));
        aw_json_text(laws->out, "from", aw_str_of(p->from));
        aw_json_text(laws->out, "to", aw_str_of(p->to));
        aw_json_text(laws->out, "status", aw_str_of(p->status));
        aw_json_bool(laws->out, "checked", aw_provision_checked(p));
    }
    aw_json_close(laws->out, '}');
}

static aw_rc put_laws(struct aw_export *export, const struct aw_finding *f,
                      struct aw_err *err)
{
    struct laws laws = {&export->out, export->config.provisions, f, 0};
    aw_rc rc = AW_OK;

    aw_json_open(&export->out, "provisions", '[');
    for (; laws.claim < f->claim_count && rc == AW_OK; laws.claim++)
        rc = aw_json_texts(f->claims[laws.claim].law, put_law, &laws, err);
    aw_json_close(&export->out, ']');
    return rc;
}

/* ---- a line ----------------------------------------------------------------
 */

static void put_capture(struct aw_buf *out, const char *name, int64_t capture,
                        struct aw_str digest)
{
    aw_json_open(out, name, '{');
    aw_json_int(out, "capture", capture);
    aw_json_text(out, "sha256", digest);
    aw_json_close(out, '}');
}

static void put_facts(struct aw_buf *out, const struct aw_finding *finding,
                      const struct aw_export_facts *facts)
{
    aw_json_text(out, "place", facts->place);
    aw_json_text(out, "sectors", facts->sectors);
    aw_json_text(out, "publisher", facts->publisher);
    put_comments(out, facts);
    put_decisions(out, facts);
    aw_json_open(out, "evidence", '{');
    put_capture(out, "first", finding->first_capture, facts->first_digest);
    put_capture(out, "last", finding->last_capture, facts->last_digest);
    aw_json_close(out, '}');
}

static void put_due(struct aw_buf *out, int64_t due_ms)
{
    if (due_ms > 0)
        put_time(out, "due", due_ms);
    else
        aw_json_raw(out, "due", AW_STR("null"));
}

static aw_rc put(struct aw_export *export, const struct aw_finding *finding,
                 const struct aw_export_facts *facts, struct aw_err *err)
{
    struct aw_buf *out = &export->out;
    aw_rc rc;

    aw_json_open(out, NULL, '{');
    rc = aw_finding_json(out, finding, err);
    put_facts(out, finding, facts);
    put_due(out, aw_export_due(export, finding));
    if (rc == AW_OK)
        rc = put_laws(export, finding, err);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    export->told.rows++;
    return rc == AW_OK ? aw_export_flush(export, false, err) : rc;
}

static aw_rc end(struct aw_export *export, struct aw_err *err)
{
    return aw_export_flush(export, true, err);
}

const struct aw_export_form aw_export_jsonl = {begin, put, end, NULL};
