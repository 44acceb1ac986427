/* The frontier at size: generated URLs over many hosts.
 *
 *     frontier DIR [URLS [HOSTS]]     in DIR, which must not be there
 *
 * Prints, for each size on the way up (10,000 URLs, then ten times as many),
 * what a URL takes on disk, what the process takes in memory, how long adding
 * one takes, how long a start takes (hosts taken over, URLs counted), how long
 * the next URL takes, and a whole turn: the next URL, its host given back, its
 * work ended. Each size is measured by a frontier
 * that was opened anew, as after the night before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/fs.h"
#include "crawler/frontier.h"

#define TURNS 20000
#define COMMIT_EVERY 10000
#define FIRST_SIZE 10000

struct bench {
    struct aw_store *store;
    struct aw_frontier *frontier;
    struct aw_sites *sites;
    struct aw_err err;
    char path[AW_PATH_MAX];
    int64_t source, hosts, added;
    double next_s;  /* in aw_frontier_next */
    int64_t now_ms; /* a clock of our own: no host is ever too early */
};

static double seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(const struct bench *b, aw_rc rc)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "frontier bench: %s\n", b->err.msg);
    exit(1);
}

/* "VmRSS:  123 kB" and its like, in MB. */
static double memory(const char *field)
{
    FILE *in = fopen("/proc/self/status", "r");
    char line[256];
    double kb = 0;

    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, field, strlen(field)) == 0)
            kb = strtod(line + strlen(field), NULL);
    if (in)
        (void)fclose(in);
    return kb / 1024;
}

static double file_size(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

static void open_frontier(struct bench *b)
{
    struct aw_frontier_config config = {
        .store = b->store,
        .run = 1,
        .now_ms = b->now_ms,
        .now_mono_ms = b->now_ms,
        .sites = b->sites,
    };

    must(b, aw_frontier_new(&b->frontier, &config, &b->err));
    must(b, aw_store_begin(b->store, &b->err));
}

static void close_frontier(struct bench *b)
{
    must(b, aw_store_commit(b->store, &b->err));
    aw_frontier_free(b->frontier);
}

/* As a crawl finds them: pages of one host after those of another, and each
 * host again later. */
static void add_url(struct bench *b, int64_t n)
{
    char text[160];
    struct aw_url_row row = {.source = b->source,
                             .via = AW_VIA_LINK,
                             .depth = n % 5,
                             .priority = AW_PRIORITY_LINK + n % 5};
    enum aw_url_taken taken;

    (void)snprintf(text, sizeof text,
                   "https://www.site%06" PRId64 ".example/news/2026/%02" PRId64
                   "/article-%08" PRId64 ".html?channel=%" PRId64,
                   n / 7 % b->hosts, n % 12 + 1, n, n % 97);
    row.url = aw_str_of(text);
    must(b, aw_frontier_add(b->frontier, &row, b->now_ms, false, &taken,
                            &b->err));
    b->added += taken == AW_URL_NEW;
    if (n % COMMIT_EVERY == 0) {
        must(b, aw_store_commit(b->store, &b->err));
        must(b, aw_store_begin(b->store, &b->err));
    }
}

static aw_rc count(void *self, int64_t source, int64_t count,
                   struct aw_err *err)
{
    (void)self;
    (void)source;
    (void)count;
    (void)err;
    return AW_OK;
}

/* One turn of each host after the other, as politeness has it. */
static void take_url(struct bench *b)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;
    struct aw_url_end end = {.state = "done",
                             .reason = "",
                             .status = 200,
                             .asked = true,
                             .due_ms = b->now_ms + 86400000};

    b->next_s -= seconds();
    must(b, aw_frontier_next(b->frontier, ++b->now_ms, &host, &row, &b->err));
    b->next_s += seconds();
    if (!host)
        exit(1);
    must(b,
         aw_frontier_done(b->frontier, host, b->now_ms, b->now_ms, &b->err));
    end.priority = row.priority;
    must(b,
         aw_frontier_end(b->frontier, host, row.id, &end, b->now_ms, &b->err));
}

static void measure(struct bench *b, double add_us)
{
    double began = seconds();
    double start_s, turn_us;
    int64_t turns = b->added / 2 < TURNS ? b->added / 2 : TURNS;

    b->next_s = 0;
    open_frontier(b);
    must(b, aw_store_queued_counts(b->store, count, NULL, &b->err));
    start_s = seconds() - began;
    began = seconds();
    for (int64_t i = 0; i < turns; i++)
        take_url(b);
    turn_us = (seconds() - began) * 1e6 / (double)turns;
    close_frontier(b);
    (void)printf("%10" PRId64 " URLs  %5.0f bytes of disk a URL  %6.1f MB in"
                 " memory  added in %5.1f us  start %6.2f s  next %5.1f us"
                 "  turn %5.1f us\n",
                 b->added, file_size(b->path) / (double)b->added,
                 memory("VmRSS:"), add_us, start_s,
                 b->next_s * 1e6 / (double)turns, turn_us);
    (void)fflush(stdout);
}

static void grow(struct bench *b, int64_t size)
{
    double began = seconds();
    int64_t from = b->added;

    open_frontier(b);
    for (int64_t n = from; n < size; n++)
        add_url(b, n);
    close_frontier(b);
    measure(b, (seconds() - began) * 1e6 / (double)(size - from));
}

int main(int argc, char **argv)
{
    struct bench b = {.now_ms = INT64_C(1795399980000)};
    int64_t urls = argc > 2 ? strtoll(argv[2], NULL, 10) : 10000000;

    b.hosts = argc > 3 ? strtoll(argv[3], NULL, 10) : 200000;
    if (argc < 2 || urls < FIRST_SIZE || b.hosts < 1) {
        (void)fprintf(stderr, "usage: frontier DIR [URLS [HOSTS]]\n");
        return 2;
    }
    must(&b, aw_mkdirs(argv[1], &b.err));
    must(&b, aw_path_join(b.path, argv[1], "adwatch.db", &b.err));
    must(&b, aw_store_open(&b.store, b.path, &b.err));
    must(&b, aw_sites_new(&b.sites, &b.err));
    must(&b, aw_store_source_id(b.store, AW_STR("bench"), &b.source, &b.err));
    for (int64_t size = FIRST_SIZE; size < urls; size *= 10)
        grow(&b, size);
    grow(&b, urls);
    (void)printf("highest in memory: %.1f MB\n", memory("VmHWM:"));
    aw_store_close(b.store);
    aw_sites_free(b.sites);
    return 0;
}
