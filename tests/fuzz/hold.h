/* hold.h - what the fuzzers share: each gives any bytes to a reader of adwatch
 * and holds what comes out against what the header promises.
 *
 * A fuzzer is one function, which libFuzzer calls with bytes of its making
 * (`make fuzz`), and replay.c with those of files (`make replay`). It aborts
 * where a promise is broken; sanitizers find the rest.
 */
#ifndef AW_TESTS_FUZZ_HOLD_H
#define AW_TESTS_FUZZ_HOLD_H

#include "base/document.h"
#include "extract/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, with the place, where a promise is not held. */
#define HOLD(promise)                                \
    do {                                             \
        if (!(promise))                              \
            hold_fail(#promise, __FILE__, __LINE__); \
    } while (0)
_Noreturn void hold_fail(const char *promise, const char *file, int line);

/* Well-formed UTF-8 without a NUL, of at most `most` bytes. */
void hold_text(struct aw_str text, size_t most);

/* All that document.h promises, and that a reader's answer with this document
 * is taken by who asked for it. */
void hold_document(const struct aw_document *doc);

/* Its blocks alone: links of a page whose URL is not known may be relative. */
void hold_blocks(const struct aw_document *doc);

/* Reads input and holds the document, where one comes out. */
aw_rc hold_extract(const struct aw_extract_input *input);

/* The bytes as well-formed UTF-8 without NULs, as decoding leaves them; free
 * it with aw_buf_deinit. */
void hold_clean(struct aw_buf *out, const uint8_t *data, size_t size);

#endif
