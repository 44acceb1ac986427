/* Plain text to both views on one core, beside a copy of its bytes.
 *
 *     normalise [FOLDER]
 *
 * The text is that of the corpus (corpus/), over and over, each example a
 * block as it stands: MB/s by processor time, the median of the rounds and the
 * best, by turns with memcpy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classify/corpus.h"
#include "classify/text.h"

#define ROUNDS 9
#define ROUND_BYTES ((size_t)64 << 20)

static struct aw_corpus corpus;
static struct aw_text text;
static char *copied;

static size_t normalise(const struct aw_corpus_text *one)
{
    struct aw_err err;

    if (aw_text_read_one(&text, one->text, &err) != AW_OK)
        exit(1);
    return text.view[AW_VIEW_PLAIN].len;
}

static size_t copy(const struct aw_corpus_text *one)
{
    memcpy(copied, one->text.ptr, one->text.len);
    return (unsigned char)copied[one->text.len / 2];
}

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double rate(size_t (*go)(const struct aw_corpus_text *))
{
    static volatile size_t sum; /* what is made of it is of use to somebody */
    double start = cpu_seconds();
    size_t done = 0;

    while (done < ROUND_BYTES) {
        for (size_t i = 0; i < corpus.count; i++) {
            sum = sum + go(&corpus.texts[i]);
            done += corpus.texts[i].text.len;
        }
    }
    return (double)done / 1e6 / (cpu_seconds() - start);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *name, double *rates)
{
    qsort(rates, ROUNDS, sizeof *rates, by_size);
    printf(" %s %.0f (best %.0f)", name, rates[ROUNDS / 2], rates[ROUNDS - 1]);
}

int main(int argc, char **argv)
{
    double views[ROUNDS], copies[ROUNDS];
    size_t bytes = 0, longest = 1;
    struct aw_err err;

    if (aw_corpus_read(&corpus, argc > 1 ? argv[1] : "corpus", &err) !=
        AW_OK) {
        (void)fprintf(stderr, "normalise bench: %s\n", err.msg);
        return 1;
    }
    for (size_t i = 0; i < corpus.count; i++) {
        bytes += corpus.texts[i].text.len;
        if (corpus.texts[i].text.len > longest)
            longest = corpus.texts[i].text.len;
    }
    copied = malloc(longest);
    if (!copied || bytes == 0)
        return 1;
    aw_text_init(&text);
    for (size_t round = 0; round < ROUNDS; round++) {
        views[round] = rate(normalise);
        copies[round] = rate(copy);
    }
    printf("normalise, %zu texts of %.0f bytes:", corpus.count,
           (double)bytes / (double)corpus.count);
    report("both views", views);
    report("memcpy", copies);
    printf(" MB/s\n");
    aw_text_deinit(&text);
    aw_corpus_deinit(&corpus);
    free(copied);
    return 0;
}
