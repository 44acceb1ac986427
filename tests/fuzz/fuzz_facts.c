/* The first byte is the kind of the record, the rest its body: what a
 * stranger's bundle says of how a capture was fetched. */
#include "base/json.h"
#include "evidence/facts.h"
#include "tests/fuzz/hold.h"

#include <cjson/cJSON.h>

static const struct {
    enum aw_warc_type type;
    const char *uri;
} kinds[] = {
    {AW_WARC_METADATA, "https://a.example/"},
    {AW_WARC_WARCINFO, ""},
    {AW_WARC_RESOURCE, "urn:pageinfo:https://a.example/"},
    {AW_WARC_RESOURCE, AW_TLS_CHAIN_URN "00"},
};

/* What was taken is within its limits, and makes JSON. */
static void hold_facts(const struct aw_facts *facts)
{
    struct aw_buf out;
    cJSON *json;

    HOLD(facts->dns_count <= AW_FACTS_ADDRESSES_MAX);
    HOLD(facts->resource_count <= AW_FACTS_RESOURCES_MAX);
    HOLD(facts->certificate_count <= AW_FACTS_CERTIFICATES_MAX);
    HOLD(facts->page_status >= 0 && facts->page_status <= 999);
    aw_buf_init(&out, (size_t)256 << 20);
    aw_json_open(&out, NULL, '{');
    aw_facts_json(&out, facts);
    aw_json_close(&out, '}');
    HOLD(out.rc == AW_OK);
    json = cJSON_ParseWithLength(out.ptr, out.len);
    HOLD(json != NULL);
    cJSON_Delete(json);
    aw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_warc_record record = {0};
    struct aw_facts facts;
    struct aw_arena arena;
    struct aw_err err;
    size_t kind;
    aw_rc rc;

    if (size == 0)
        return 0;
    kind = data[0] % (sizeof kinds / sizeof *kinds);
    record.type = kinds[kind].type;
    record.target_uri = aw_str_of(kinds[kind].uri);
    record.body = (struct aw_str){(const char *)data + 1, size - 1};
    aw_arena_init(&arena, (size_t)64 << 20);
    aw_facts_init(&facts, &arena, AW_STR(""));
    rc = aw_facts_add(&facts, &record, &err);
    HOLD(rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT || rc == AW_NOMEM);
    hold_facts(&facts);
    aw_arena_deinit(&arena);
    return 0;
}
