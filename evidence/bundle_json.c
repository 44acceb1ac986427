#include "evidence/bundle_private.h"

#include "base/json.h"
#include "reports/finding_json.h"

static void put_decisions(const struct aw_evidence *evidence,
                          struct aw_buf *out)
{
    aw_json_open(out, "decisions", '[');
    for (size_t i = 0; i < evidence->decision_count; i++)
        aw_decision_json(out, &evidence->decisions[i]);
    aw_json_close(out, ']');
}

aw_rc aw_evidence_finding(const struct aw_evidence *evidence,
                          struct aw_buf *out, struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(out, NULL, '{');
    rc = aw_finding_json(out, &evidence->finding, err);
    put_decisions(evidence, out);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    return rc;
}

void aw_evidence_decisions(const struct aw_evidence *evidence,
                           struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", evidence->finding.id);
    aw_json_text(out, "hash_of",
                 AW_STR("SHA-256 of the RFC 8785 JSON of action, at_ms, "
                        "batch, class, code, finding, previous, reason, "
                        "undoes, who; without those that are not told"));
    put_decisions(evidence, out);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

void aw_evidence_audit(const struct aw_evidence *evidence, struct aw_buf *out)
{
    char at[AW_TIME_MAX];

    aw_time_iso_ms(evidence->made_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_int(out, "id", evidence->audit.id);
    aw_json_text(out, "hash", aw_str_of(evidence->audit.hash));
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_time(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso_ms(wall_ms, text);
    aw_json_text(out, "fetched", aw_str_of(text));
    aw_time_beijing(wall_ms, text);
    aw_json_text(out, "fetched_beijing", aw_str_of(text));
}

static void put_place(struct aw_buf *out, const struct aw_capture *c)
{
    aw_json_open(out, "warc", '{');
    aw_json_text(out, "file", c->warc_file);
    aw_json_int(out, "offset", c->warc_offset);
    aw_json_int(out, "length", c->warc_length);
    aw_json_int(out, "request_offset", c->request_offset);
    aw_json_int(out, "request_length", c->request_length);
    aw_json_close(out, '}');
}

static void put_capture(struct aw_buf *out, const struct aw_exhibit *exhibit)
{
    const struct aw_capture *c = &exhibit->capture;

    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", c->id);
    aw_json_text(out, "file", aw_str_of(exhibit->name));
    aw_json_text(out, "record", aw_str_of(exhibit->members.id));
    aw_json_text(out, "url", c->url);
    aw_json_text(out, "source", c->source);
    put_time(out, c->fetched_ms);
    aw_json_text(out, "ip", c->ip);
    aw_json_text(out, "tls_organisation", c->tls_organisation);
    aw_json_text(out, "protocol", c->protocol);
    aw_json_int(out, "status", c->status);
    aw_json_text(out, "mime", c->mime);
    aw_json_text(out, "payload_digest", c->payload_digest);
    aw_json_int(out, "body_bytes", c->body_bytes);
    aw_json_int(out, "elapsed_ms", c->elapsed_ms);
    aw_json_text(out, "charset", c->charset);
    aw_json_text(out, "charset_why", c->charset_why);
    aw_json_text(out, "title", c->title);
    if (c->plain > 0) /* what a browser made of that one */
        aw_json_int(out, "plain", c->plain);
    put_place(out, c);
    aw_json_close(out, '}');
}

void aw_evidence_captures(const struct aw_evidence *evidence,
                          struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_open(out, "captures", '[');
    for (size_t i = 0; i < evidence->exhibit_count; i++)
        put_capture(out, &evidence->exhibits[i]);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_short(struct aw_buf *out, const struct aw_provision *p)
{
    struct aw_buf title;

    aw_buf_init(&title, 4096);
    aw_provision_short(&title, p);
    aw_json_text(out, "short", aw_buf_str(&title));
    aw_buf_deinit(&title);
}

static void put_provision(struct aw_buf *out, const struct aw_provision *p)
{
    put_short(out, p);
    aw_json_text(out, "law", aw_str_of(p->law));
    aw_json_text(out, "article", aw_str_of(p->article));
    aw_json_text(out, "text", aw_str_of(p->text));
    aw_json_text(out, "summary", aw_str_of(p->summary));
    aw_json_text(out, "from", aw_str_of(p->from));
    aw_json_text(out, "to", aw_str_of(p->to));
    aw_json_text(out, "status", aw_str_of(p->status));
    aw_json_bool(out, "to_be_checked", !aw_provision_checked(p));
    aw_json_text(out, "source", aw_str_of(p->source));
    aw_json_open(out, "codes", '[');
    for (unsigned i = 0; i < p->codes_count; i++)
        aw_json_text(out, NULL, aw_str_of(p->codes[i]));
    aw_json_close(out, ']');
}

void aw_evidence_provisions(const struct aw_evidence *evidence,
                            struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_open(out, "provisions", '[');
    for (size_t i = 0; i < evidence->cited_count; i++) {
        const struct aw_cited *cited = &evidence->cited[i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "id", cited->id);
        aw_json_bool(out, "known", cited->provision != NULL);
        if (cited->provision)
            put_provision(out, cited->provision);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}
