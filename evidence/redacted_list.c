#include "evidence/redacted_private.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"

static const char rule[] =
    "遮盖第三人的手机号码、居民身份证号码（校验码正确的）、银行卡号（校验码正"
    "确的"
    "）、个人电子邮箱，以及称谓前、“联系人”等字样后的姓名；每个字符以■代替，字"
    "数不"
    "变。广告自行公布、用以招揽的联系方式（紧接“咨询”“热线”“电话”等字样、其前"
    "无“"
    "客户”“投资人”等字样的号码和邮箱）据以识别广告主，予以保留，列于kept，供核"
    "对；"
    "单位名称、统一社会信用代码、备案号、固定电话和400号码不在遮盖之列。";
static const char note[] =
    "本件为脱敏副本，原件见of。文书已重新制作，其中的摘要是副本内文件的摘要。"
    "改动"
    "的存档记录不成其为记录，含此类信息的存档文件整体不附。图片未作辨识。hmac_"
    "sha256、hmac_"
    "sm3是原件所附文件的带密钥摘要：密钥K由制作单位保存，一个文件的"
    "密钥为HMAC-SHA256(K, "
    "文件名)；不带密钥的摘要可被逐一试出号码，故不列，已见于他"
    "处的也以■代替";

static void put_kinds(struct aw_buf *out)
{
    aw_json_open(out, "kinds", '[');
    for (enum aw_redact_kind kind = 0; kind < AW_REDACT_KINDS; kind++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", aw_str_of(aw_redact_code(kind)));
        aw_json_text(out, "word", aw_str_of(aw_redact_word(kind)));
        aw_json_text(out, "why", aw_str_of(aw_redact_why(kind)));
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_kept(const struct aw_redacting *r, struct aw_buf *out)
{
    struct aw_redact_kept kept;
    size_t at = 0;

    aw_json_open(out, "kept", '[');
    while (aw_redact_kept(r->redact, &at, &kept)) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", aw_str_of(aw_redact_code(kept.kind)));
        aw_json_text(out, "value", kept.value);
        aw_json_text(out, "why", aw_str_of(kept.why));
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_decision(int64_t id, struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", id);
    aw_json_close(out, '}');
}

/* The bundle that this is a copy of. */
static aw_rc put_origin(const struct aw_redacting *r, struct aw_buf *out,
                        struct aw_err *err)
{
    struct aw_str manifest;
    char sha256[AW_SHA256_HEX_MAX];
    char sm3[AW_SM3_HEX_MAX];

    if (!aw_bag_find(r->bag, AW_STR(AW_BAG_SIGNED), &manifest))
        return aw_fail(err, AW_INVALID, "there is no " AW_BAG_SIGNED);
    aw_sha256_hex(manifest, sha256);
    aw_sm3_hex(manifest, sm3);
    aw_json_open(out, "of", '{');
    aw_json_text(out, "name", r->bag->folder);
    aw_json_text(out, "tagmanifest_sha256", aw_str_of(sha256));
    aw_json_text(out, "tagmanifest_sm3", aw_str_of(sm3));
    aw_json_close(out, '}');
    return AW_OK;
}

/* Of JSON a place is known by its kind alone. */
static void put_places(const struct aw_redacting *r,
                       const struct aw_fated *fated, struct aw_buf *out)
{
    aw_json_open(out, "places", '[');
    for (size_t i = 0; i < fated->count; i++) {
        const struct aw_redact_place *place =
            &r->places.items[fated->first + i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", aw_str_of(aw_redact_code(place->kind)));
        if (place->end > 0) {
            aw_json_int(out, "start", (int64_t)place->start);
            aw_json_int(out, "end", (int64_t)place->end);
        }
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_records(const struct aw_fated *fated, struct aw_buf *out)
{
    aw_json_open(out, "records", '[');
    for (const struct aw_fated_record *item = fated->records; item;
         item = item->next) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "id", item->id);
        aw_json_text(out, "type", item->type);
        aw_json_text(out, "url", item->url);
        aw_json_text(out, "why", aw_str_of(item->why));
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

/* The digest of a file that only who has the key can reckon: eleven digits are
 * tried out in seconds. Each file has a key of its own, made of its name, so
 * that one can be shown without the others. */
static void put_keyed(const struct aw_redacting *r,
                      const struct aw_bag_file *file, const char *name,
                      const EVP_MD *kind, struct aw_buf *out)
{
    struct aw_str key = r->config->key;
    unsigned char own[EVP_MAX_MD_SIZE];
    unsigned char mac[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    unsigned int len = 0;
    unsigned int mac_len = 0;

    if (key.len == 0 ||
        !HMAC(EVP_sha256(), key.ptr, (int)key.len,
              (const unsigned char *)file->name.ptr, file->name.len, own,
              &len) ||
        !HMAC(kind, own, (int)len, (const unsigned char *)file->bytes.ptr,
              file->bytes.len, mac, &mac_len))
        return;
    for (unsigned int i = 0; i < mac_len; i++)
        (void)snprintf(hex + (size_t)2 * i, 3, "%02x", mac[i]);
    aw_json_text(out, name, aw_str_of(hex));
}

static aw_rc put_file(struct aw_redacting *r, const struct aw_fated *fated,
                      struct aw_buf *out, struct aw_err *err)
{
    struct aw_str name;
    bool taken;
    aw_rc rc = aw_redacting_word(r, fated->file->name, &name, &taken, err);

    if (rc != AW_OK)
        return rc;
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "name", name);
    aw_json_text(out, "action",
                 fated->fate == AW_FATE_CHANGED ? AW_STR("changed")
                                                : AW_STR("left_out"));
    aw_json_text(out, "why", aw_str_of(fated->why));
    aw_json_int(out, "bytes", (int64_t)fated->file->bytes.len);
    put_keyed(r, fated->file, "hmac_sha256", EVP_sha256(), out);
    put_keyed(r, fated->file, "hmac_sm3", EVP_sm3(), out);
    if (fated->count > 0)
        put_places(r, fated, out);
    if (fated->records)
        put_records(fated, out);
    aw_json_close(out, '}');
    return AW_OK;
}

aw_rc aw_redacting_list(struct aw_redacting *r, struct aw_buf *out,
                        struct aw_err *err)
{
    char at[AW_TIME_MAX];
    aw_rc rc;

    aw_time_iso(r->config->made_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "format", 1);
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_text(out, "rule", aw_str_of(rule));
    aw_json_text(out, "note", aw_str_of(note));
    rc = put_origin(r, out, err);
    put_kinds(out);
    put_kept(r, out);
    aw_json_open(out, "decisions", '[');
    for (size_t i = 0; i < r->decision_count; i++)
        put_decision(r->decisions[i], out);
    aw_json_close(out, ']');
    aw_json_open(out, "files", '[');
    for (size_t i = 0; i < r->bag->count && rc == AW_OK; i++) {
        enum aw_fate fate = r->files[i].fate;

        if (fate == AW_FATE_CHANGED || fate == AW_FATE_LEFT_OUT)
            rc = put_file(r, &r->files[i], out, err);
    }
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
