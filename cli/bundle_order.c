#include "cli/bundle_order.h"

#include <stdlib.h>
#include <string.h>

#include "archive/warc.h"
#include "base/hash.h"
#include "evidence/bundle.h"
#include "store/about.h"

#define ARENA_MAX ((size_t)64 << 20)
#define IDS_MAX ((size_t)4 << 20) /* bytes of a list */
#define URL_BYTES_MAX 65536
#define DAY_MS INT64_C(86400000)
#define BEIJING_MS (8 * INT64_C(3600000))

static aw_rc add(void *self, int64_t finding, struct aw_err *err)
{
    struct aw_bundle_order *order = self;
    void *findings = order->findings;
    aw_rc rc;

    if (order->count == AW_BUNDLE_NIGHT_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d findings at once",
                       AW_BUNDLE_NIGHT_MAX);
    rc = aw_arena_grow(&order->arena, &findings, order->count, &order->cap,
                       sizeof *order->findings, err);
    order->findings = findings;
    if (rc == AW_OK)
        order->findings[order->count++] = finding;
    return rc;
}

static aw_rc add_text(struct aw_bundle_order *order, struct aw_cli *cli,
                      struct aw_str text, struct aw_err *err)
{
    int64_t finding;

    if (!aw_str_to_int(text, &finding) || finding < 1)
        return aw_cli_usage(cli, err, "'%.*s' is no number of a finding",
                            AW_STR_ARG(aw_str_sub(text, 0, 100)));
    return add(order, finding, err);
}

/* ---- where they come from -----------------------------------------------
 */

static bool has(const struct aw_bundle_order *order, int64_t finding)
{
    for (size_t i = 0; i < order->count; i++)
        if (order->findings[i] == finding)
            return true;
    return false;
}

static aw_rc read_words(struct aw_bundle_order *order, struct aw_cli *cli,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (cli->word_count > AW_ORDER_CASE_MAX)
        return aw_cli_usage(cli, err, "more than %d findings in one case",
                            AW_ORDER_CASE_MAX);
    for (int i = 0; i < cli->word_count && rc == AW_OK; i++) {
        rc = add_text(order, cli, aw_str_of(cli->words[i]), err);
        if (rc == AW_OK) { /* one that is named twice counts once */
            int64_t last = order->findings[--order->count];

            order->count += !has(order, last);
        }
    }
    return rc;
}

/* A number on each line. */
static aw_rc read_ids(struct aw_bundle_order *order, struct aw_cli *cli,
                      const char *path, struct aw_err *err)
{
    struct aw_buf bytes;
    struct aw_str rest;
    struct aw_str line;
    aw_rc rc;

    order->night = true;
    aw_buf_init(&bytes, IDS_MAX);
    rc = aw_file_read(path, &bytes, err);
    rest = aw_buf_str(&bytes);
    while (rc == AW_OK && aw_str_split(&rest, '\n', &line)) {
        line = aw_str_trim(line);
        if (line.len > 0)
            rc = add_text(order, cli, line, err);
    }
    aw_buf_deinit(&bytes);
    return rc;
}

/* Of a day in Beijing, "2026-11-26". */
static aw_rc read_night(struct aw_bundle_order *order, struct aw_cli *cli,
                        struct aw_store *store, const char *day,
                        struct aw_err *err)
{
    int64_t from_ms;
    aw_rc rc;

    order->night = true;
    if (strlen(day) != 10 || !aw_warc_time_parse(aw_str_of(day), &from_ms))
        return aw_cli_usage(cli, err, "'%s' is no day, as 2026-11-26", day);
    from_ms -= BEIJING_MS;
    rc = aw_store_confirmed(store, from_ms, from_ms + DAY_MS, add, order, err);
    return rc == AW_OK && order->count == 0
               ? aw_fail(err, AW_MISSING, "nothing was confirmed on %s", day)
               : rc;
}

/* ---- those of one page together -----------------------------------------
 */

struct keyed {
    uint64_t page;
    int64_t finding;
};

static int by_page(const void *a, const void *b)
{
    const struct keyed *x = a;
    const struct keyed *y = b;

    if (x->page != y->page)
        return x->page < y->page ? -1 : 1;
    return (x->finding > y->finding) - (x->finding < y->finding);
}

static aw_rc fill_keys(const struct aw_bundle_order *order,
                       struct aw_store *store, struct keyed *keyed,
                       struct aw_err *err)
{
    struct aw_buf url;
    aw_rc rc = AW_OK;

    aw_buf_init(&url, URL_BYTES_MAX);
    for (size_t i = 0; i < order->count && rc == AW_OK; i++) {
        aw_buf_reset(&url);
        rc = aw_store_finding_url(store, order->findings[i], &url, err);
        if (rc == AW_MISSING) /* it is left out later, with the reason */
            rc = AW_OK;
        keyed[i] =
            (struct keyed){aw_hash64(aw_buf_str(&url)), order->findings[i]};
    }
    aw_buf_deinit(&url);
    return rc;
}

static aw_rc sort_by_page(struct aw_bundle_order *order,
                          struct aw_store *store, struct aw_err *err)
{
    struct keyed *keyed =
        aw_arena_array(&order->arena, order->count + 1, sizeof *keyed);
    size_t kept = 0;
    aw_rc rc;

    if (!keyed)
        return aw_arena_fail(&order->arena, err);
    rc = fill_keys(order, store, keyed, err);
    if (rc != AW_OK)
        return rc;
    qsort(keyed, order->count, sizeof *keyed, by_page);
    for (size_t i = 0; i < order->count; i++)
        if (i == 0 || keyed[i].finding != keyed[i - 1].finding)
            order->findings[kept++] = keyed[i].finding;
    order->count = kept;
    return AW_OK;
}

/* ---- all ----------------------------------------------------------------
 */

/* Why this user cannot seal it as an officer; NULL: she can. */
static const char *why_no_officer(const struct aw_user *user)
{
    if (!user->active)
        return "is no longer a user";
    if (user->role == AW_ROLE_ADMIN || user->role == AW_ROLE_AUDITOR)
        return "seals nothing: neither an administrator nor an auditor does";
    if (aw_str_trim(user->certificate).len == 0)
        return "has no certificate number: `adwatch user` gives one";
    return NULL;
}

static aw_rc check_officer(struct aw_bundle_order *order, struct aw_cli *cli,
                           struct aw_store *store, struct aw_str name,
                           struct aw_err *err)
{
    struct aw_user user;
    const char *why;
    aw_rc rc = aw_user_find(store, &order->arena, name, &user, err);

    if (rc == AW_MISSING)
        return aw_cli_usage(cli, err,
                            "--officer: there is no user '%.*s': `adwatch "
                            "user list` has them",
                            AW_STR_ARG(name));
    why = rc == AW_OK ? why_no_officer(&user) : NULL;
    return why ? aw_cli_usage(cli, err, "--officer: '%.*s' %s",
                              AW_STR_ARG(name), why)
               : rc;
}

/* Two different ones, who can. */
static aw_rc read_officers(struct aw_bundle_order *order, struct aw_cli *cli,
                           struct aw_store *store, struct aw_err *err)
{
    const char *names[AW_ORDER_OFFICERS + 1];
    size_t count = aw_cli_values(cli, "officer", names, AW_ORDER_OFFICERS + 1);
    aw_rc rc = AW_OK;

    if (count > AW_ORDER_OFFICERS)
        return aw_cli_usage(cli, err, "--officer: a bundle has %d officers",
                            AW_ORDER_OFFICERS);
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        struct aw_str name = aw_str_of(names[i]);

        if (i > 0 && aw_str_eq(name, order->officers[0]))
            return aw_cli_usage(cli, err,
                                "--officer: '%s' twice: name two people",
                                names[i]);
        rc = check_officer(order, cli, store, name, err);
        order->officers[order->officer_count++] = name;
    }
    return rc;
}

aw_rc aw_bundle_order_read(struct aw_bundle_order *order, struct aw_cli *cli,
                           struct aw_store *store, struct aw_err *err)
{
    const char *ids = aw_cli_value(cli, "ids");
    const char *night = aw_cli_value(cli, "night");
    int ways = (cli->word_count > 0) + (ids != NULL) + (night != NULL);
    aw_rc rc;

    *order = (struct aw_bundle_order){0};
    aw_arena_init(&order->arena, ARENA_MAX);
    if (ways != 1)
        return aw_cli_usage(cli, err,
                            "name findings, or --ids, or --night, one of "
                            "them");
    rc = read_officers(order, cli, store, err);
    if (rc == AW_OK)
        rc = aw_cli_maker(cli, store, &order->arena, &order->maker, err);
    if (rc != AW_OK)
        return rc;
    if (ids)
        rc = read_ids(order, cli, ids, err);
    else if (night)
        rc = read_night(order, cli, store, night, err);
    else
        rc = read_words(order, cli, err);
    return rc == AW_OK && order->night ? sort_by_page(order, store, err) : rc;
}

void aw_bundle_order_free(struct aw_bundle_order *order)
{
    aw_arena_deinit(&order->arena);
}
