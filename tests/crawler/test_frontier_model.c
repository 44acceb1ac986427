/* Random work with the frontier, against a model that looks at everything:
 * each URL comes once, nothing is asked too soon or twice at a time, nothing
 * is forgotten. The seed is printed. */
#include "tests/crawler/frontier_fixture.h"

#include "base/rng.h"

#define HOSTS 300
#define ADDRESSES 40
#define URLS 3000
#define TRIES 3
#define STEPS_MAX 200000

struct model_url {
    int host;
    int64_t priority;
    bool added, open, ended;
    int given; /* times */
    int tries; /* that were asked for */
    struct taken taken;
};

struct model_host {
    int address; /* where it is in truth */
    int known;   /* where the frontier has it; -1: on its own */
    int holds;   /* address that it may be connected to now, or -1 */
    int url;     /* that it was given out with, or -1 */
    int best;    /* URL that was better than all when it came, or -1 */
    int64_t next_ms;
    struct taken taken;
};

struct model_address {
    int asked; /* host, or -1 */
    int64_t next_ms;
};

static struct model_url urls[URLS];
static struct model_host hosts[HOSTS];
static struct model_address addresses[ADDRESSES];
static struct aw_rng rng;
static int64_t now;
static int added, ended;
static bool is_all_at_once; /* no URL comes later, and none again */

static int below(int bound)
{
    return (int)aw_rng_below(&rng, (uint64_t)bound);
}

static const char *name_of(int address)
{
    static char name[32];

    (void)snprintf(name, sizeof name, "192.0.2.%d", address);
    return name;
}

/* ---- what the model expects -------------------------------------------- */

static bool is_waiting(const struct model_url *url)
{
    return url->added && !url->open && !url->ended;
}

/* When the host may be asked; AW_FRONTIER_NEVER while it may not at all. */
static int64_t turn_of(int h)
{
    const struct model_host *host = &hosts[h];
    const struct model_address *address =
        host->known < 0 ? NULL : &addresses[host->known];

    if (host->url >= 0 || (address && address->asked >= 0))
        return AW_FRONTIER_NEVER;
    return address && address->next_ms > host->next_ms ? address->next_ms
                                                       : host->next_ms;
}

static int64_t first_turn(void)
{
    int64_t first = AW_FRONTIER_NEVER;

    for (int u = 0; u < added; u++) {
        int64_t turn =
            is_waiting(&urls[u]) ? turn_of(urls[u].host) : AW_FRONTIER_NEVER;

        first = turn < first ? turn : first;
    }
    return first;
}

static int64_t best_of(int h)
{
    int64_t best = INT64_MAX;

    for (int u = 0; u < added; u++)
        if (urls[u].host == h && is_waiting(&urls[u]) &&
            urls[u].priority < best)
            best = urls[u].priority;
    return best;
}

/* The URL is about to wait. What is worse than the best may come after some
 * that are worse, which lie in memory. */
static void note_best(int u)
{
    if (urls[u].priority < best_of(urls[u].host))
        hosts[urls[u].host].best = u;
}

static void assert_best_comes_first(int u)
{
    int best = hosts[urls[u].host].best;

    if (best >= 0)
        assert_true(urls[u].priority <= urls[best].priority);
    if (best == u)
        hosts[urls[u].host].best = -1;
}

/* ---- what is done ------------------------------------------------------ */

static struct aw_url_row row_of(int u, char text[64])
{
    (void)snprintf(text, 64, "http://h%d.example/%d", urls[u].host, u);
    return (struct aw_url_row){
        .url = aw_str_of(text),
        .source = 1,
        .priority = urls[u].priority,
    };
}

static void add_one(void)
{
    enum aw_url_taken taken = AW_URL_KNOWN;
    struct aw_url_row row;
    char text[64];

    if (added == URLS)
        return;
    urls[added] = (struct model_url){
        .host = below(4) ? below(5) : below(HOSTS), /* a few have many */
        .priority = below(AW_PRIORITY_LINK),        /* none is bettered */
    };
    note_best(added);
    urls[added].added = true;
    row = row_of(added, text);
    ASSERT_OK(
        aw_frontier_add(frontier, &row, WALL, false, &taken, &fixture.err));
    assert_int_equal(taken, AW_URL_NEW);
    added++;
}

static void add_again(void)
{
    enum aw_url_taken taken = AW_URL_NEW;
    struct aw_url_row row;
    char text[64];

    if (added == 0)
        return;
    row = row_of(below(added), text);
    ASSERT_OK(
        aw_frontier_add(frontier, &row, WALL, below(2), &taken, &fixture.err));
    assert_int_equal(taken, AW_URL_KNOWN);
}

static int number_in(struct aw_str url)
{
    char text[AW_URL_MAX + 1];

    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(url));
    return (int)strtol(strrchr(text, '/') + 1, NULL, 10);
}

static void give_host_back(int h, int64_t next_ms, int64_t address_ms)
{
    struct model_host *host = &hosts[h];

    give_back(host->taken, next_ms, address_ms);
    if (host->known >= 0 && addresses[host->known].next_ms < address_ms)
        addresses[host->known].next_ms = address_ms;
    if (host->holds >= 0)
        addresses[host->holds].asked = -1;
    host->holds = -1;
    host->url = -1;
    host->next_ms = next_ms;
}

static void put_back(int h)
{
    struct model_url *url = &urls[hosts[h].url];

    aw_frontier_put_back(hosts[h].taken.host);
    url->open = false;
    url->given--;
}

/* Asks for the host's address; it may have moved, and it may have two. */
static void connect_to(int h, int a, bool again)
{
    struct model_host *host = &hosts[h];
    bool is_free = addresses[a].asked == h ||
                   (addresses[a].asked < 0 && addresses[a].next_ms <= now);

    assert_int_equal(aw_frontier_may_connect(frontier, host->taken.host,
                                             name_of(a), now),
                     is_free);
    if (again && !is_free)
        return;
    if (host->holds >= 0 && host->holds != a) {
        addresses[host->holds].asked = -1;
        host->holds = -1;
    }
    host->known = a;
    if (is_free) {
        addresses[a].asked = h;
        host->holds = a;
    }
}

static void connect_host(int h)
{
    struct model_host *host = &hosts[h];
    bool two = below(10) == 0;

    if (below(50) == 0)
        host->address = below(ADDRESSES);
    if (two)
        connect_to(h, below(ADDRESSES), false);
    connect_to(h, host->address, two);
    ASSERT_OK(
        aw_frontier_keep(frontier, host->taken.host, WALL, &fixture.err));
    if (host->holds < 0) {
        put_back(h);
        give_host_back(h, 0, 0);
    }
}

/* Takes what is due; false where nothing is. */
static bool take_one(void)
{
    struct taken taken = next_at(now);
    struct model_host *host;
    int u;

    if (!taken.host) {
        assert_true(first_turn() > now); /* else one was forgotten */
        assert_true(aw_frontier_due(frontier) > now);
        return false;
    }
    u = number_in(taken.row.url);
    host = &hosts[urls[u].host];
    assert_true(is_waiting(&urls[u]));
    assert_true(turn_of(urls[u].host) <= now);
    assert_best_comes_first(u);
    assert_int_equal(taken.row.tries, urls[u].tries);
    urls[u].open = true;
    urls[u].given++;
    urls[u].taken = taken;
    host->taken = taken;
    host->url = u;
    if (host->known >= 0) {
        host->holds = host->known;
        addresses[host->known].asked = urls[u].host;
    }
    connect_host(urls[u].host);
    return true;
}

static void answer_one(void)
{
    int h = below(HOSTS);

    for (int i = 0; i < HOSTS && hosts[h].url < 0; i++)
        h = (h + 1) % HOSTS;
    if (hosts[h].url < 0)
        return;
    if (urls[hosts[h].url].open && below(10) == 0)
        put_back(h); /* that was for its robots.txt */
    give_host_back(h, now + below(500), now + below(50));
}

static void end_one(void)
{
    int u = added > 0 ? below(added) : 0;

    for (int i = 0; i < added && !urls[u].open; i++)
        u = (u + 1) % added;
    if (!urls[u].open)
        return;
    urls[u].tries++;
    if (!is_all_at_once && urls[u].tries < TRIES && below(5) == 0) {
        urls[u].priority += below(AW_PRIORITY_LINK - (int)urls[u].priority);
        note_best(u);
        urls[u].open = false;
        end(urls[u].taken, "queued", urls[u].priority);
        return;
    }
    urls[u].open = false;
    urls[u].ended = true;
    ended++;
    end(urls[u].taken, "done", 64);
}

/* What was in work is queued again, and no request is under way. */
static void crash(void)
{
    reopen_frontier(1);
    now = NOW;
    for (int u = 0; u < added; u++) {
        urls[u].given -= urls[u].open;
        urls[u].open = false;
    }
    for (int h = 0; h < HOSTS; h++) {
        hosts[h].url = hosts[h].holds = -1;
        hosts[h].next_ms = NOW;
    }
    for (int a = 0; a < ADDRESSES; a++)
        addresses[a] = (struct model_address){.asked = -1};
}

/* To when something is due: not later than the model knows. */
static void wait_for_turn(void)
{
    int64_t first = first_turn();
    int64_t due = aw_frontier_due(frontier);

    assert_true(due <= first);
    if (due != AW_FRONTIER_NEVER && due > now)
        now = due;
    else
        now += below(20);
}

static void take_or_wait(void)
{
    if (!take_one())
        wait_for_turn();
}

/* What is done, and how often in a hundred steps. */
static const struct {
    int share;
    void (*act)(void);
} acts[] = {{25, add_one},
            {2, add_again},
            {33, take_or_wait},
            {18, answer_one},
            {22, end_one}};

static void step(void)
{
    int what = below(100);
    size_t act = 0;

    while (what >= acts[act].share)
        what -= acts[act++].share;
    acts[act].act();
    if (below(8000) == 0)
        crash();
}

static void begin(uint64_t seed)
{
    aw_rng_init(&rng, seed);
    now = NOW;
    added = ended = 0;
    for (int h = 0; h < HOSTS; h++)
        hosts[h] = (struct model_host){.address = below(ADDRESSES),
                                       .known = -1,
                                       .holds = -1,
                                       .url = -1,
                                       .best = -1};
    for (int h = 0; h < HOSTS; h++)
        hosts[h].next_ms = NOW;
    for (int a = 0; a < ADDRESSES; a++)
        addresses[a] = (struct model_address){.asked = -1};
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    assert_int_equal(fixture_source("s"), 1);
    /* Many batches for a few hosts: with nothing new to wake them later. */
    is_all_at_once = seed % 2;
    while (added < (is_all_at_once ? URLS : URLS / 2))
        add_one();
}

static void assert_all_done(void)
{
    for (int u = 0; u < URLS; u++)
        assert_int_equal(urls[u].given, urls[u].tries);
    for (int h = 0; h < HOSTS; h++)
        if (hosts[h].url >= 0)
            give_host_back(h, now, now);
    assert_null(next_at(now + 3600000).host);
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM url WHERE state = 'queued'"),
                     0);
}

static void run(uint64_t seed)
{
    int steps = 0;

    print_message("seed %d\n", (int)seed);
    begin(seed);
    while (ended < URLS && steps < STEPS_MAX) {
        step();
        steps++;
    }
    assert_int_equal(ended, URLS);
    assert_all_done();
}

#define SEED(n)                                   \
    static void nothing_is_lost_##n(void **state) \
    {                                             \
        (void)state;                              \
        run(n);                                   \
    }

SEED(1)
SEED(2)
SEED(3)
SEED(4)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_lost_1),
        TEST(nothing_is_lost_2),
        TEST(nothing_is_lost_3),
        TEST(nothing_is_lost_4),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
