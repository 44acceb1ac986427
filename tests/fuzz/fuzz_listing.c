/* The first line is a mapping as JSON, or empty for Apple's; behind it is what
 * the store answered. */
#include "extract/listing.h"
#include "tests/fuzz/hold.h"

static bool find_mapping(struct aw_str line, struct aw_arena *arena,
                         struct aw_mapping *mapping)
{
    struct aw_err err;

    *mapping = aw_mapping_apple;
    return line.len == 0 ||
           aw_mapping_parse(mapping, line, arena, &err) == AW_OK;
}

static void read_listing(struct aw_str text)
{
    struct aw_str line = {0};
    struct aw_mapping mapping;
    struct aw_document doc;
    struct aw_err err;

    (void)aw_str_split(&text, '\n', &line);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    if (find_mapping(line, &doc.arena, &mapping) &&
        aw_listing_read(text, &mapping, &doc, &err) == AW_OK)
        hold_document(&doc);
    aw_document_deinit(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_buf text;

    hold_clean(&text, data, size);
    read_listing(aw_buf_str(&text));
    aw_buf_deinit(&text);
    return 0;
}
