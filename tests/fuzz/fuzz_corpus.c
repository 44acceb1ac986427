/* Labelled examples, as JSON Lines. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "classify/corpus.h"
#include "tests/fuzz/hold.h"

static void hold_example(const struct aw_corpus_text *one)
{
    size_t code_points = aw_utf8_count(one->text);

    hold_text(one->text, AW_CORPUS_FILE_MAX);
    HOLD(one->id.len > 0 && one->family.len > 0);
    HOLD(one->channel < AW_CHANNEL_COUNT && one->kind < AW_DOC_KIND_COUNT &&
         one->label < AW_VERDICT_COUNT);
    HOLD(one->span_count <= AW_CORPUS_SPANS_MAX);
    for (size_t i = 0; i < one->span_count; i++)
        HOLD(one->spans[i].start <= one->spans[i].end &&
             one->spans[i].end <= code_points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_corpus corpus;
    struct aw_err err = {0};
    char path[64];
    int fd = memfd_create("corpus.jsonl", 0);

    HOLD(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (aw_corpus_read(&corpus, path, &err) == AW_OK)
        for (size_t i = 0; i < corpus.count; i++)
            hold_example(&corpus.texts[i]);
    else
        HOLD(err.msg[0] != '\0');
    aw_corpus_deinit(&corpus);
    (void)close(fd);
    return 0;
}
