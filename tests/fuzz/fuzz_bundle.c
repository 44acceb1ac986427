/* A bundle, checked as a whole. Bytes that begin with "PK" are the file as it
 * is. All others are what is in its files, each behind a line "==> NAME" where
 * NAME is without the folder: zip, digests and manifests are made around them,
 * so that the checks of what the files say are reached. */
#include "evidence/bag_private.h"
#include "evidence/chain.h"
#include "evidence/verify.h"
#include "tests/fuzz/hold.h"

#define FILES_MAX 64
#define TAGS 5
#define OUT_MAX ((size_t)16 << 20)
#define MARK AW_STR("\n==> ")

/* ---- its checks ----------------------------------------------------------
 */

static aw_rc hold_item(void *self, const struct aw_verify_item *item,
                       struct aw_err *err)
{
    (void)err;
    HOLD(item->name && item->name[0] != '\0');
    HOLD(item->what && item->what[0] != '\0');
    *(int *)self += !item->ok;
    return AW_OK;
}

static void hold_verdict(struct aw_str bytes)
{
    struct aw_err err = {0};
    int bad = 0;
    aw_rc rc = aw_bundle_verify_bytes(bytes, NULL, hold_item, &bad, &err);

    if (rc == AW_OK)
        HOLD(bad == 0);
    else
        HOLD(err.msg[0] != '\0');
}

/* ---- a bag around files --------------------------------------------------
 */

struct making {
    struct aw_zip_entry entries[FILES_MAX + 8];
    struct aw_buf names[FILES_MAX + 8];
    struct aw_buf texts[TAGS]; /* of the tag files */
    size_t count;
};

static void add(struct making *m, struct aw_str name, struct aw_str data)
{
    struct aw_buf *full = &m->names[m->count];

    aw_buf_init(full, OUT_MAX);
    aw_buf_puts(full, "b/");
    aw_buf_put(full, name);
    m->entries[m->count++] =
        (struct aw_zip_entry){.name = aw_buf_str(full), .data = data};
}

static void split(struct making *m, struct aw_str rest)
{
    while (rest.len > 0 && m->count < FILES_MAX) {
        ptrdiff_t end = aw_str_find(rest, MARK);
        struct aw_str file =
            aw_str_sub(rest, 0, end < 0 ? rest.len : (size_t)end);
        struct aw_str name;

        rest = end < 0 ? AW_STR("")
                       : aw_str_sub(rest, (size_t)end + MARK.len, rest.len);
        (void)aw_str_split(&file, '\n', &name);
        add(m, name, file);
    }
}

static struct aw_buf *text(struct making *m, size_t i)
{
    aw_buf_init(&m->texts[i], OUT_MAX);
    return &m->texts[i];
}

/* Lists the files from one to another. */
static struct aw_str list(struct making *m, struct aw_hasher *hasher,
                          size_t from, size_t to, size_t algorithm)
{
    struct aw_buf *out = text(m, algorithm + (from > 0 ? 3 : 1));
    struct aw_twins twins;
    struct aw_err err;

    for (size_t i = from; i < to; i++) {
        aw_hasher_begin(hasher, true);
        aw_hasher_put(hasher, m->entries[i].data);
        HOLD(aw_hasher_end(hasher, &twins, &err) == AW_OK);
        aw_bag_line_put(out, &twins, algorithm,
                        aw_str_sub(m->entries[i].name, 2, SIZE_MAX));
    }
    return aw_buf_str(out);
}

static struct aw_str write_info(struct making *m)
{
    struct aw_buf *info = text(m, 0);
    size_t bytes = 0;

    for (size_t i = 0; i < m->count; i++)
        bytes += m->entries[i].data.len;
    aw_buf_printf(info, AW_BAG_OXUM "%zu.%zu\n" AW_BAG_FORMAT_LABEL "2\n",
                  bytes, m->count);
    return aw_buf_str(info);
}

static void add_tags(struct making *m, struct aw_hasher *hasher)
{
    size_t payload = m->count;
    struct aw_str info = write_info(m);
    struct aw_str first = list(m, hasher, 0, payload, 0);
    struct aw_str second = list(m, hasher, 0, payload, 1);

    add(m, AW_STR("bagit.txt"), AW_STR(AW_BAG_DECLARATION));
    add(m, AW_STR("bag-info.txt"), info);
    add(m, aw_str_of(aw_bag_manifests[0]), first);
    add(m, aw_str_of(aw_bag_manifests[1]), second);
    first = list(m, hasher, payload, payload + 4, 0);
    second = list(m, hasher, payload, payload + 4, 1);
    add(m, aw_str_of(aw_bag_tag_manifests[0]), first);
    add(m, aw_str_of(aw_bag_tag_manifests[1]), second);
}

/* Of the zip: as bundle-chain.json tells it, or 1980. */
static int64_t made_ms(const struct making *m)
{
    struct aw_chain_link link;
    struct aw_err ignored;
    int64_t made = 0;

    for (size_t i = 0; i < m->count; i++)
        if (aw_str_eq(m->entries[i].name, AW_STR("b/" AW_CHAIN_NAME)) &&
            aw_chain_parse(m->entries[i].data, &link, &made, &ignored) ==
                AW_OK)
            return made;
    return 0;
}

static void hold_made(struct aw_str files)
{
    static struct making m;
    struct aw_hasher *hasher = NULL;
    struct aw_err err;
    struct aw_buf zip;

    memset(&m, 0, sizeof m);
    aw_buf_init(&zip, OUT_MAX);
    HOLD(aw_hasher_new(&hasher, &err) == AW_OK);
    split(&m, files);
    add_tags(&m, hasher);
    HOLD(aw_zip_lay(&zip, m.entries, m.count, made_ms(&m), &err) == AW_OK);
    hold_verdict(aw_buf_str(&zip));
    for (size_t i = 0; i < m.count; i++)
        aw_buf_deinit(&m.names[i]);
    for (size_t i = 0; i < TAGS; i++)
        aw_buf_deinit(&m.texts[i]);
    aw_hasher_free(hasher);
    aw_buf_deinit(&zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str bytes = {(const char *)data, size};

    if (aw_str_starts(bytes, AW_STR("PK")))
        hold_verdict(bytes);
    else
        hold_made(bytes);
    return 0;
}
