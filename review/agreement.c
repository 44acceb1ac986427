#include "review/agreement.h"

#include "base/json.h"
#include "review/decide.h"
#include "store/looks.h"

/* ---- the coefficients --------------------------------------------------- */

struct sums {
    double total, agreed;
    double first[AW_OPINIONS], second[AW_OPINIONS];
};

static struct sums sum_up(const struct aw_opinions *opinions)
{
    struct sums s = {0};

    for (int i = 0; i < AW_OPINIONS; i++) {
        for (int j = 0; j < AW_OPINIONS; j++) {
            double n = (double)opinions->n[i][j];

            s.total += n;
            s.agreed += i == j ? n : 0;
            s.first[i] += n;
            s.second[j] += n;
        }
    }
    return s;
}

bool aw_kappa(const struct aw_opinions *opinions, double *out)
{
    struct sums s = sum_up(opinions);
    double by_chance = 0; /* times total squared */

    for (int i = 0; i < AW_OPINIONS; i++)
        by_chance += s.first[i] * s.second[i];
    if (by_chance >= s.total * s.total)
        return false;
    *out = (s.agreed * s.total - by_chance) / (s.total * s.total - by_chance);
    return true;
}

bool aw_alpha(const struct aw_opinions *opinions, double *out)
{
    struct sums s = sum_up(opinions);
    double values = 2 * s.total;
    double expected = values * values; /* pairs that differ, by chance */

    for (int i = 0; i < AW_OPINIONS; i++) {
        double n = s.first[i] + s.second[i];

        expected -= n * n;
    }
    if (expected <= 0)
        return false;
    *out = 1 - (values - 1) * 2 * (s.total - s.agreed) / expected;
    return true;
}

/* ---- counting ----------------------------------------------------------- */

static aw_rc entry_of(struct aw_agreement *a, struct aw_agreed **list,
                      size_t *count, size_t *cap, struct aw_str name,
                      struct aw_str other, struct aw_agreed **out,
                      struct aw_err *err)
{
    void *items = *list;
    aw_rc rc;

    for (size_t i = 0; i < *count; i++) {
        *out = &(*list)[i];
        if (aw_str_eq((*out)->name, name) && aw_str_eq((*out)->other, other))
            return AW_OK;
    }
    rc = aw_arena_grow(a->arena, &items, *count, cap, sizeof **list, err);
    if (rc != AW_OK)
        return rc;
    *list = items;
    *out = &(*list)[*count];
    rc = aw_arena_dup(a->arena, name, &(*out)->name, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(a->arena, other, &(*out)->other, err);
    *count += rc == AW_OK;
    return rc;
}

static void count_in(struct aw_agreed *entry, const struct aw_look *look,
                     enum aw_action first, enum aw_action second)
{
    entry->pairs++;
    entry->agreed += first == second;
    entry->blind.n[first][second] += look->blind;
}

static aw_rc take_look(void *self, const struct aw_look *look,
                       struct aw_err *err)
{
    struct aw_agreement *a = self;
    enum aw_action first = AW_ACTION_COUNT, second = AW_ACTION_COUNT;
    bool in_order = aw_str_cmp(look->first_who, look->second_who) <= 0;
    struct aw_agreed *entry = NULL;
    aw_rc rc;

    if (!aw_action_parse(look->first_action, &first) ||
        !aw_action_parse(look->second_action, &second) ||
        first >= AW_OPINIONS || second >= AW_OPINIONS)
        return AW_OK;
    count_in(&a->all, look, first, second);
    rc = entry_of(a, &a->classes, &a->class_count, &a->class_cap,
                  look->first_class, AW_STR(""), &entry, err);
    if (rc != AW_OK)
        return rc;
    count_in(entry, look, first, second);
    rc = entry_of(a, &a->reviewers, &a->reviewer_count, &a->reviewer_cap,
                  in_order ? look->first_who : look->second_who,
                  in_order ? look->second_who : look->first_who, &entry, err);
    if (rc == AW_OK)
        count_in(entry, look, in_order ? first : second,
                 in_order ? second : first);
    return rc;
}

aw_rc aw_agreement_load(struct aw_agreement *out, struct aw_store *store,
                        struct aw_arena *arena, int64_t from_ms, int64_t to_ms,
                        struct aw_str within, struct aw_err *err)
{
    *out = (struct aw_agreement){.arena = arena};
    return aw_store_looks_answered(store, from_ms, to_ms, within, take_look,
                                   out, err);
}

/* ---- JSON --------------------------------------------------------------- */

static void put_share(struct aw_buf *out, const char *name, bool known,
                      double value)
{
    if (known)
        aw_json_real(out, name, value);
    else
        aw_json_raw(out, name, AW_STR("null"));
}

static void put_numbers(struct aw_buf *out, const struct aw_agreed *entry)
{
    double kappa = 0, alpha = 0;
    bool has_kappa = aw_kappa(&entry->blind, &kappa);
    bool has_alpha = aw_alpha(&entry->blind, &alpha);

    aw_json_int(out, "pairs", entry->pairs);
    aw_json_int(out, "agreed", entry->agreed);
    aw_json_int(out, "blind", (int64_t)sum_up(&entry->blind).total);
    put_share(out, "kappa", has_kappa, kappa);
    put_share(out, "alpha", has_alpha, alpha);
}

static void put_entries(struct aw_buf *out, const char *list, const char *name,
                        const char *other, const struct aw_agreed *entries,
                        size_t count)
{
    aw_json_open(out, list, '[');
    for (size_t i = 0; i < count; i++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, name, entries[i].name);
        if (other)
            aw_json_text(out, other, entries[i].other);
        put_numbers(out, &entries[i]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

void aw_agreement_json(struct aw_buf *out, const struct aw_agreement *a)
{
    aw_json_open(out, NULL, '{');
    put_entries(out, "classes", "class", NULL, a->classes, a->class_count);
    put_entries(out, "reviewers", "a", "b", a->reviewers, a->reviewer_count);
    aw_json_open(out, "all", '{');
    put_numbers(out, &a->all);
    aw_json_close(out, '}');
    aw_json_close(out, '}');
}
