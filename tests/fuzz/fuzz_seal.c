/* The files of seal/ as a stranger's bundle has them. The first byte says
 * which: 't' the answer of an authority, 'k' a public key, 'c' certificates,
 * 's' a statement, 'l' the link in the chain, 'd' the whole folder: lines
 * "NAME LENGTH\n" with as many bytes behind each.
 */
#include <stdlib.h>

#include "evidence/chain.h"
#include "evidence/seal_check.h"
#include "evidence/stamp.h"
#include "tests/fuzz/hold.h"

#define TEXT_MOST ((size_t)1 << 20)

static void try_answer(struct aw_str bytes)
{
    struct aw_stamp stamp;
    struct aw_err err;

    if (aw_stamp_check(bytes, AW_STR("x\n"), NULL, &stamp, &err) != AW_OK)
        return;
    HOLD(!stamp.proven);
    hold_text(aw_str_of(stamp.authority), AW_CERT_NAME_MAX);
}

static void try_key(struct aw_str bytes)
{
    struct aw_key *key = NULL;
    struct aw_buf again;
    struct aw_err err;

    if (aw_key_read_public(&key, bytes, &err) != AW_OK)
        return;
    HOLD(strlen(aw_key_id(key)) == AW_KEYID_MAX - 1);
    aw_buf_init(&again, AW_KEY_PUBLIC_MAX);
    HOLD(aw_key_public(key, &again, &err) == AW_OK);
    HOLD(aw_str_eq(aw_buf_str(&again), bytes));
    HOLD(aw_key_verify(key, bytes, AW_STR("no signature"), &err) != AW_OK);
    aw_buf_deinit(&again);
    aw_key_free(key);
}

/* Without the key that they are of they are refused, but parsed before. */
static void try_certs(struct aw_str bytes)
{
    static const char pem[] =
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEA+2BBcF+h/Ad/llrcU5ojbrqd0Ry0/0tgYQ7Qrl+o+Kc=\n"
        "-----END PUBLIC KEY-----\n";
    struct aw_key *key = NULL;
    struct aw_certs *certs = NULL;
    struct aw_err err;

    HOLD(aw_key_read_public(&key, aw_str_of(pem), &err) == AW_OK);
    if (aw_certs_read(&certs, bytes, false, key, &err) == AW_OK)
        aw_certs_free(certs);
    aw_key_free(key);
}

static void try_statement(struct aw_str bytes)
{
    struct aw_statement statement;
    struct aw_arena arena;
    struct aw_buf again;
    struct aw_err err;

    aw_arena_init(&arena, TEXT_MOST);
    if (aw_statement_read(bytes, &arena, &statement, &err) == AW_OK) {
        aw_buf_init(&again, 2 * AW_STATEMENT_MAX);
        aw_statement_json(&statement, &again);
        HOLD(aw_str_eq(aw_buf_str(&again), bytes));
        HOLD(statement.officer == 1 || statement.officer == 2);
        hold_text(statement.name, AW_STATEMENT_MAX);
        aw_buf_deinit(&again);
    }
    aw_arena_deinit(&arena);
}

static void try_link(struct aw_str bytes)
{
    struct aw_chain_link link;
    struct aw_err err;
    int64_t made_ms;

    if (aw_chain_parse(bytes, &link, &made_ms, &err) != AW_OK)
        return;
    HOLD(link.number > 0 && made_ms >= 0);
    HOLD(strlen(link.previous) == (link.number > 1 ? 64 : 0));
}

static void take_files(struct aw_str rest, struct aw_sealed *sealed)
{
    struct aw_str line;

    while (sealed->count < AW_SEAL_FILES_MAX &&
           aw_str_split(&rest, '\n', &line)) {
        struct aw_seal_file *file = &sealed->files[sealed->count++];
        int64_t len = 0;

        (void)aw_str_split(&line, ' ', &file->name);
        if (!aw_str_to_int(line, &len) || len < 0)
            len = 0;
        file->bytes = aw_str_sub(rest, 0, (size_t)len);
        rest = aw_str_sub(rest, (size_t)len, rest.len);
    }
}

static void try_folder(struct aw_str bytes)
{
    struct aw_sealed sealed = {.folder = AW_STR("adwatch-finding-1"),
                               .tagmanifest = AW_STR("x\n")};
    char what[AW_SEAL_WHAT_MAX];
    bool missing;
    struct aw_err err;

    take_files(bytes, &sealed);
    if (aw_seals_verify(&sealed, NULL, what, &missing, &err) == AW_OK)
        hold_text(aw_str_of(what), AW_SEAL_WHAT_MAX);
    if (aw_seal_stamp_verify(&sealed, NULL, what, &missing, &err) == AW_OK)
        hold_text(aw_str_of(what), AW_SEAL_WHAT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        char kind;
        void (*attempt)(struct aw_str bytes);
    } kinds[] = {{'t', try_answer},    {'k', try_key},  {'c', try_certs},
                 {'s', try_statement}, {'l', try_link}, {'d', try_folder}};

    for (size_t i = 0; size > 0 && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == (char)data[0])
            kinds[i].attempt(
                (struct aw_str){(const char *)data + 1, size - 1});
    return 0;
}
