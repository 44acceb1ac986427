#include "evidence/facts.h"

#include <cjson/cJSON.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"
#include "evidence/facts_private.h"

#define VALUES_MAX ((size_t)20 * AW_FACTS_RESOURCES_MAX)
#define INT_MOST 9007199254740991.0 /* beyond, a double skips integers */

void aw_facts_init(struct aw_facts *facts, struct aw_arena *arena,
                   struct aw_str response)
{
    *facts = (struct aw_facts){.arena = arena,
                               .response = response,
                               .redirects = -1,
                               .fetch_ms = -1};
}

aw_rc aw_facts_text(struct aw_facts *facts, struct aw_str text,
                    struct aw_str *out, struct aw_err *err)
{
    struct aw_buf clean;
    aw_rc rc;

    if (text.len > AW_FACTS_TEXT_MAX)
        return aw_fail(err, AW_LIMIT, "a text is longer than %d bytes",
                       AW_FACTS_TEXT_MAX);
    aw_buf_init(&clean, 3 * (size_t)AW_FACTS_TEXT_MAX);
    aw_utf8_clean(&clean, text);
    rc = aw_buf_check(&clean, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(facts->arena, aw_buf_str(&clean), out, err);
    aw_buf_deinit(&clean);
    return rc;
}

/* ---- fields ------------------------------------------------------------- */

/* A field of such a record is a text, a number, or known by a function. */
struct field {
    const char *name;
    size_t text, number; /* offset into struct aw_facts; 0: it is none */
    aw_rc (*take)(struct aw_facts *facts, struct aw_str value,
                  struct aw_err *err);
};

static aw_rc take_dns(struct aw_facts *facts, struct aw_str value,
                      struct aw_err *err)
{
    struct aw_str one;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && aw_str_split(&value, ' ', &one)) {
        if (one.len == 0)
            continue;
        if (facts->dns_count == AW_FACTS_ADDRESSES_MAX)
            return aw_fail(err, AW_LIMIT, "more than %d DNS answers",
                           AW_FACTS_ADDRESSES_MAX);
        rc = aw_facts_text(facts, one, &facts->dns[facts->dns_count], err);
        facts->dns_count += rc == AW_OK;
    }
    return rc;
}

static aw_rc take_connection(struct aw_facts *facts, struct aw_str value,
                             struct aw_err *err)
{
    (void)err;
    facts->connection_kept = aw_str_eq(value, AW_STR("kept"));
    return AW_OK;
}

static aw_rc take_chain(struct aw_facts *facts, struct aw_str value,
                        struct aw_err *err)
{
    struct aw_str algorithm = {0};

    if (!aw_str_split(&value, ':', &algorithm) ||
        !aw_str_eq(algorithm, AW_STR("sha256")) ||
        value.len != AW_SHA256_HEX_MAX - 1)
        return aw_fail(err, AW_INVALID, "tlsChain is no SHA-256");
    for (size_t i = 0; i < value.len; i++)
        if (aw_hex_value(value.ptr[i]) < 0)
            return aw_fail(err, AW_INVALID, "tlsChain is no SHA-256");
    return aw_facts_text(facts, value, &facts->tls_chain, err);
}

#define TEXT(field, member)                               \
    {                                                     \
        field, offsetof(struct aw_facts, member), 0, NULL \
    }
#define NUMBER(field, member)                             \
    {                                                     \
        field, 0, offsetof(struct aw_facts, member), NULL \
    }

static const struct field metadata_fields[] = {
    TEXT("via", via),
    TEXT("foundAs", found_as),
    NUMBER("redirectsInARow", redirects),
    NUMBER("fetchTimeMs", fetch_ms),
    TEXT("remoteAddress", remote_address),
    NUMBER("remotePort", remote_port),
    {"connection", 0, 0, take_connection},
    {"dnsAnswers", 0, 0, take_dns},
    TEXT("dnsSource", dns_source),
    TEXT("dnsTime", dns_at),
    TEXT("tlsProtocol", tls_protocol),
    TEXT("tlsCipher", tls_cipher),
    {"tlsChain", 0, 0, take_chain},
};

static const struct field warcinfo_fields[] = {
    TEXT("software", software),
    TEXT("clock-time", clock_at),
    TEXT("clock-time-beijing", clock_at_beijing),
    TEXT("clock-synchronised", clock_synchronised),
    TEXT("clock-offset-us", clock_offset_us),
    TEXT("clock-error-us", clock_error_us),
    TEXT("clock-error-most-us", clock_error_most_us),
    TEXT("clock-keeper", clock_keeper),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct field *find_field(const struct field *fields, size_t count,
                                      struct aw_str name)
{
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(name, aw_str_of(fields[i].name)))
            return &fields[i];
    return NULL;
}

static aw_rc take_field(struct aw_facts *facts, const struct field *field,
                        struct aw_str value, struct aw_err *err)
{
    char *base = (char *)facts;

    if (field->take)
        return field->take(facts, value, err);
    if (field->text)
        return aw_facts_text(facts, value,
                             (struct aw_str *)(base + field->text), err);
    if (aw_str_to_int(value, (int64_t *)(base + field->number)))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "%s is no number", field->name);
}

static aw_rc take_fields(struct aw_facts *facts, const struct field *fields,
                         size_t count, struct aw_str body, struct aw_err *err)
{
    struct aw_str line;
    aw_rc rc = AW_OK;

    if (body.len > AW_FACTS_FIELDS_MAX)
        return aw_fail(err, AW_LIMIT, "fields are longer than %zu bytes",
                       AW_FACTS_FIELDS_MAX);
    while (rc == AW_OK && aw_str_split(&body, '\n', &line)) {
        struct aw_str name = {0};
        const struct field *field;

        if (!aw_str_split(&line, ':', &name))
            continue;
        field = find_field(fields, count, aw_str_trim(name));
        if (field)
            rc = take_field(facts, field, aw_str_trim(line), err);
    }
    return rc;
}

/* ---- pageinfo ----------------------------------------------------------- */

static struct aw_str text_of(const cJSON *object, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return aw_str_of(text);
}

/* 0 where it is no whole number that fits. */
static int64_t int_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;

    return fabs(value) <= INT_MOST && value == floor(value) ? (int64_t)value
                                                            : 0;
}

static int status_of(const cJSON *object, const char *name)
{
    int64_t status = int_of(object, name);

    return status > 0 && status <= 999 ? (int)status : 0;
}

static aw_rc take_resource(struct aw_facts *facts, const cJSON *item,
                           struct aw_err *err)
{
    struct aw_fact_resource *r = &facts->resources[facts->resource_count];
    aw_rc rc = aw_facts_text(facts, text_of(item, "url"), &r->url, err);

    if (rc == AW_OK)
        rc = aw_facts_text(facts, text_of(item, "record"), &r->record, err);
    if (rc == AW_OK)
        rc = aw_facts_text(facts, text_of(item, "mime"), &r->mime, err);
    r->status = status_of(item, "status");
    r->bytes = int_of(item, "bytes");
    facts->resource_count += rc == AW_OK;
    return rc;
}

static aw_rc take_resources(struct aw_facts *facts, const cJSON *list,
                            struct aw_err *err)
{
    int count = cJSON_GetArraySize(list);
    const cJSON *item;
    aw_rc rc = AW_OK;

    if (count > AW_FACTS_RESOURCES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d resources",
                       AW_FACTS_RESOURCES_MAX);
    facts->resource_count = 0;
    facts->resources = aw_arena_array(facts->arena, (size_t)count + 1,
                                      sizeof *facts->resources);
    if (!facts->resources)
        return aw_arena_fail(facts->arena, err);
    cJSON_ArrayForEach (item, list)
        if (rc == AW_OK)
            rc = take_resource(facts, item, err);
    return rc;
}

static aw_rc take_page(struct aw_facts *facts, const cJSON *page,
                       struct aw_err *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(page, "resources");
    aw_rc rc =
        aw_facts_text(facts, text_of(page, "browser"), &facts->browser, err);

    if (rc == AW_OK)
        rc = aw_facts_text(facts, text_of(page, "page_record"),
                           &facts->page_record, err);
    if (rc == AW_OK)
        rc = aw_facts_text(facts, text_of(page, "page_digest"),
                           &facts->page_digest, err);
    facts->page_status = status_of(page, "page_status");
    facts->page_given =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(page, "page_given"));
    facts->resources_cut =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(page, "resources_cut"));
    return rc == AW_OK && cJSON_IsArray(list)
               ? take_resources(facts, list, err)
               : rc;
}

static aw_rc take_pageinfo(struct aw_facts *facts, struct aw_str body,
                           struct aw_err *err)
{
    cJSON *page;
    aw_rc rc;

    if (body.len > AW_FACTS_PAGE_MAX || aw_json_too_many(body, VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "urn:pageinfo is too large");
    page = cJSON_ParseWithLength(body.ptr, body.len);
    if (cJSON_IsObject(page))
        rc = take_page(facts, page, err);
    else
        rc = aw_fail(err, AW_INVALID, "urn:pageinfo is no JSON object");
    cJSON_Delete(page);
    return rc;
}

/* ---- records ------------------------------------------------------------ */

static bool is_ours(const struct aw_facts *facts,
                    const struct aw_warc_record *record)
{
    return facts->response.len == 0 ||
           aw_str_eq(record->concurrent_to, facts->response);
}

static aw_rc take_record(struct aw_facts *facts,
                         const struct aw_warc_record *r, struct aw_err *err)
{
    if (r->type == AW_WARC_METADATA && is_ours(facts, r))
        return take_fields(facts, metadata_fields, COUNT(metadata_fields),
                           r->body, err);
    if (r->type == AW_WARC_WARCINFO)
        return take_fields(facts, warcinfo_fields, COUNT(warcinfo_fields),
                           r->body, err);
    if (r->type != AW_WARC_RESOURCE)
        return AW_OK;
    if (aw_str_starts(r->target_uri, AW_STR("urn:pageinfo:")))
        return take_pageinfo(facts, r->body, err);
    if (aw_str_starts(r->target_uri, AW_STR(AW_TLS_CHAIN_URN)))
        return aw_facts_take_chain(facts, r->body, err);
    return AW_OK;
}

aw_rc aw_facts_add(struct aw_facts *facts, const struct aw_warc_record *record,
                   struct aw_err *err)
{
    struct aw_facts next = *facts;
    aw_rc rc = take_record(&next, record, err);

    if (rc == AW_OK)
        *facts = next;
    return rc == AW_OK ? rc : aw_fail_in(err, "record '%.64s'", record->id);
}

/* ---- JSON --------------------------------------------------------------- */

static void put_way(struct aw_buf *out, const struct aw_facts *f)
{
    aw_json_open(out, "way", '{');
    aw_json_text(out, "via", f->via);
    aw_json_text(out, "found_as", f->found_as);
    if (f->redirects >= 0)
        aw_json_int(out, "redirects", f->redirects);
    if (f->fetch_ms >= 0)
        aw_json_int(out, "fetch_ms", f->fetch_ms);
    aw_json_close(out, '}');
}

static void put_dns(struct aw_buf *out, const struct aw_facts *f)
{
    aw_json_open(out, "dns", '{');
    aw_json_open(out, "answers", '[');
    for (size_t i = 0; i < f->dns_count; i++)
        aw_json_text(out, NULL, f->dns[i]);
    aw_json_close(out, ']');
    aw_json_text(out, "source", f->dns_source);
    aw_json_text(out, "at", f->dns_at);
    aw_json_close(out, '}');
}

static void put_certificate(struct aw_buf *out,
                            const struct aw_fact_certificate *c)
{
    char time[AW_TIME_MAX];

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "subject", c->subject);
    aw_json_text(out, "issuer", c->issuer);
    aw_json_text(out, "serial", c->serial);
    aw_time_iso(c->from_ms, time);
    aw_json_text(out, "from", aw_str_of(time));
    aw_time_iso(c->until_ms, time);
    aw_json_text(out, "until", aw_str_of(time));
    aw_json_text(out, "sha256", aw_str_of(c->sha256));
    aw_json_close(out, '}');
}

static void put_tls(struct aw_buf *out, const struct aw_facts *f)
{
    if (f->tls_protocol.len == 0)
        return;
    aw_json_open(out, "tls", '{');
    aw_json_text(out, "protocol", f->tls_protocol);
    aw_json_text(out, "cipher", f->tls_cipher);
    aw_json_text(out, "chain", f->tls_chain);
    aw_json_open(out, "certificates", '[');
    for (size_t i = 0; i < f->certificate_count; i++)
        put_certificate(out, &f->certificates[i]);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static void put_network(struct aw_buf *out, const struct aw_facts *f)
{
    aw_json_open(out, "network", '{');
    aw_json_text(out, "remote_address", f->remote_address);
    if (f->remote_port > 0)
        aw_json_int(out, "remote_port", f->remote_port);
    aw_json_bool(out, "connection_kept", f->connection_kept);
    put_dns(out, f);
    put_tls(out, f);
    aw_json_close(out, '}');
}

static void put_clock(struct aw_buf *out, const struct aw_facts *f)
{
    aw_json_open(out, "clock", '{');
    aw_json_text(out, "at", f->clock_at);
    aw_json_text(out, "at_beijing", f->clock_at_beijing);
    aw_json_text(out, "synchronised", f->clock_synchronised);
    aw_json_text(out, "offset_us", f->clock_offset_us);
    aw_json_text(out, "error_us", f->clock_error_us);
    aw_json_text(out, "error_most_us", f->clock_error_most_us);
    aw_json_text(out, "keeper", f->clock_keeper);
    aw_json_close(out, '}');
}

static void put_resource(struct aw_buf *out, const struct aw_fact_resource *r)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "record", r->record);
    aw_json_int(out, "status", r->status);
    aw_json_text(out, "mime", r->mime);
    aw_json_int(out, "bytes", r->bytes);
    aw_json_close(out, '}');
}

static void put_browser(struct aw_buf *out, const struct aw_facts *f)
{
    aw_json_open(out, "browser", '{');
    aw_json_text(out, "version", f->browser);
    aw_json_bool(out, "page_given", f->page_given);
    aw_json_text(out, "page_record", f->page_record);
    aw_json_text(out, "page_digest", f->page_digest);
    aw_json_int(out, "page_status", f->page_status);
    aw_json_open(out, "resources", '[');
    for (size_t i = 0; i < f->resource_count; i++)
        put_resource(out, &f->resources[i]);
    aw_json_close(out, ']');
    aw_json_bool(out, "resources_cut", f->resources_cut);
    aw_json_close(out, '}');
}

void aw_facts_json(struct aw_buf *out, const struct aw_facts *facts)
{
    put_way(out, facts);
    put_network(out, facts);
    put_clock(out, facts);
    if (facts->browser.len > 0)
        put_browser(out, facts);
}
