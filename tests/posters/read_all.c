/* Reads images, as a reader process does, one after another:
 *   read_all FILE...
 * Prints a line of JSON for each: the document, and the milliseconds that it
 * took, by the clock and of the processor. For tests/posters/score.mjs. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/document_json.h"
#include "base/fs.h"
#include "base/json.h"
#include "extract/extract.h"
#include "extract/pdf.h"

#define BUDGET_MS 8000 /* as a reader has it */
#define PDF_MS 60000

static int64_t processor_ms(void)
{
    return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

static aw_rc read_file(struct aw_ocr *ocr, const char *path,
                       struct aw_document *doc, struct aw_err *err)
{
    struct aw_extract_input input = {.channel = AW_CHANNEL_POSTER, .ocr = ocr};
    struct aw_buf bytes, pages;
    aw_rc rc;

    aw_buf_init(&bytes, AW_EXTRACT_BYTES_MAX);
    aw_buf_init(&pages, AW_PDF_BYTES_MAX);
    rc = aw_file_read(path, &bytes, err);
    input.bytes = aw_buf_str(&bytes);
    if (rc == AW_OK && aw_image_sniff(input.bytes) == AW_IMAGE_PDF) {
        rc = aw_pdf_pages(input.bytes, PDF_MS, &pages, err);
        input.bytes = aw_buf_str(&pages);
    }
    if (rc == AW_OK)
        rc = aw_extract(&input, doc, err);
    aw_buf_deinit(&pages);
    aw_buf_deinit(&bytes);
    return rc;
}

static aw_rc tell(struct aw_ocr *ocr, const char *path, struct aw_err *err)
{
    const struct aw_clock *clock = aw_clock_system();
    int64_t wall = aw_clock_mono(clock), processor = processor_ms();
    struct aw_document doc;
    struct aw_buf out, json;
    aw_rc rc;

    aw_document_init(&doc, AW_CHANNEL_POSTER);
    aw_buf_init(&out, (size_t)1 << 24);
    aw_buf_init(&json, (size_t)1 << 24);
    rc = read_file(ocr, path, &doc, err);
    if (rc == AW_OK)
        rc = aw_document_json(&doc, &json, err);
    aw_json_open(&out, NULL, '{');
    aw_json_text(&out, "path", aw_str_of(path));
    aw_json_int(&out, "ms", aw_clock_mono(clock) - wall);
    aw_json_int(&out, "processor_ms", processor_ms() - processor);
    aw_json_raw(&out, "document", aw_buf_str(&json));
    aw_json_close(&out, '}');
    if (rc == AW_OK)
        (void)puts(out.ptr);
    aw_buf_deinit(&json);
    aw_buf_deinit(&out);
    aw_document_deinit(&doc);
    return rc;
}

int main(int argc, char **argv)
{
    struct aw_ocr_config config = {.budget_ms = BUDGET_MS,
                                   .clock = aw_clock_processor()};
    struct aw_ocr *ocr = NULL;
    struct aw_err err;
    aw_rc rc = aw_ocr_new(&ocr, &config, &err);

    for (int i = 1; i < argc && rc == AW_OK; i++)
        rc = tell(ocr, argv[i], &err);
    if (rc != AW_OK)
        (void)fprintf(stderr, "read_all: %s\n", err.msg);
    aw_ocr_free(ocr);
    return rc == AW_OK ? 0 : 1;
}
