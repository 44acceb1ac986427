/* JSON of what other OCR read. */
#include "extract/ready.h"
#include "tests/fuzz/hold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_document doc;
    struct aw_buf text;
    struct aw_err err;

    hold_clean(&text, data, size);
    (void)aw_ready_sniff(aw_buf_str(&text));
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    if (aw_ready_read(aw_buf_str(&text), &doc, &err) == AW_OK)
        hold_document(&doc);
    aw_document_deinit(&doc);
    aw_buf_deinit(&text);
    return 0;
}
