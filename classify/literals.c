#include "classify/literals.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define EXACT_MAX 128 /* strings of a set that is still multiplied out */
#define DEPTH_MAX 200 /* brackets within brackets */
#define GOOD_LENGTH 9 /* bytes: three Chinese characters are selective */
#define RARE_LENGTH 6 /* bytes: two Chinese characters */
#define RARE_MAX 256  /* literals of a set */
#define UNBOUNDED SIZE_MAX
#define CHAR_BYTES 4 /* of any one character, at most */

struct set {
    struct aw_str *items;
    size_t count;
};

/* Each match holds one of the set, with at most so many bytes before it. */
struct need {
    struct set set;
    size_t before;
};

/* What is known of a part of the pattern. */
struct part {
    bool exact;     /* it matches one of `all` and nothing else */
    struct set all; /* may hold the empty string */
    struct need needs[AW_NEEDS_MAX]; /* the rarest first */
    size_t need_count;
    size_t width;
};

struct reader {
    struct aw_str text;
    size_t at;
    int depth;
    struct aw_arena *arena;
    const char *refused; /* why reading stopped */
};

static bool refuse(struct reader *r, const char *why)
{
    if (!r->refused)
        r->refused = why;
    return false;
}

static bool at_end(const struct reader *r)
{
    return r->at >= r->text.len;
}

static bool looking_at(const struct reader *r, const char *text)
{
    return aw_str_starts(aw_str_sub(r->text, r->at, r->text.len),
                         aw_str_of(text));
}

static bool skip(struct reader *r, const char *text)
{
    if (!looking_at(r, text))
        return false;
    r->at += strlen(text);
    return true;
}

static size_t add_width(size_t a, size_t b)
{
    size_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UNBOUNDED : sum;
}

static size_t times_width(size_t width, size_t times)
{
    size_t product;

    if (width == 0)
        return 0;
    return __builtin_mul_overflow(width, times, &product) ? UNBOUNDED
                                                          : product;
}

/* Sets. */

static bool set_new(struct reader *r, struct set *set, size_t cap)
{
    set->items = aw_arena_array(r->arena, cap ? cap : 1, sizeof *set->items);
    set->count = 0;
    return set->items || refuse(r, "out of memory");
}

static bool set_of(struct reader *r, struct set *set, struct aw_str item)
{
    if (!set_new(r, set, 1))
        return false;
    set->items[set->count++] = item;
    return true;
}

static bool set_union(struct reader *r, struct set *out, struct set a,
                      struct set b)
{
    if (!set_new(r, out, a.count + b.count))
        return false;
    for (size_t i = 0; i < a.count; i++)
        out->items[out->count++] = a.items[i];
    for (size_t i = 0; i < b.count; i++)
        out->items[out->count++] = b.items[i];
    return true;
}

static size_t shortest(struct set set)
{
    size_t least = set.count ? SIZE_MAX : 0;

    for (size_t i = 0; i < set.count; i++)
        if (set.items[i].len < least)
            least = set.items[i].len;
    return least;
}

static size_t longest(struct set set)
{
    size_t most = 0;

    for (size_t i = 0; i < set.count; i++)
        if (set.items[i].len > most)
            most = set.items[i].len;
    return most;
}

static bool can_multiply(struct set a, struct set b)
{
    return a.count * b.count <= EXACT_MAX &&
           longest(a) + longest(b) <= AW_LITERAL_BYTES_MAX;
}

static bool joined(struct reader *r, struct aw_str a, struct aw_str b,
                   struct aw_str *out)
{
    char *bytes = aw_arena_alloc(r->arena, a.len + b.len + 1);

    if (!bytes)
        return refuse(r, "out of memory");
    if (a.len > 0)
        memcpy(bytes, a.ptr, a.len);
    if (b.len > 0)
        memcpy(bytes + a.len, b.ptr, b.len);
    *out = (struct aw_str){bytes, a.len + b.len};
    return true;
}

static bool set_product(struct reader *r, struct set *out, struct set a,
                        struct set b)
{
    if (!set_new(r, out, a.count * b.count))
        return false;
    for (size_t i = 0; i < a.count; i++)
        for (size_t k = 0; k < b.count; k++)
            if (!joined(r, a.items[i], b.items[k], &out->items[out->count++]))
                return false;
    return true;
}

/* How often a literal may be met, in proportion: each byte more makes it four
 * times rarer, each Chinese character 64 times. */
static size_t commonness(struct aw_str literal)
{
    size_t len = literal.len < GOOD_LENGTH ? literal.len : GOOD_LENGTH;

    return (size_t)1 << 2 * (GOOD_LENGTH - len);
}

/* The rarer the set as a whole, the better; 0 is of no use. */
static size_t quality(struct set set)
{
    size_t sum = 0;

    if (shortest(set) == 0 || set.count > AW_LITERALS_MAX)
        return 0;
    for (size_t i = 0; i < set.count; i++)
        sum += commonness(set.items[i]);
    return SIZE_MAX - sum;
}

/* The better one stays. */
static void consider(struct need *best, struct set set, size_t before)
{
    if (quality(set) > quality(best->set))
        *best = (struct need){set, before};
}

/* Puts a need among the part's best few. */
static void add_need(struct part *part, struct need need)
{
    size_t at = part->need_count;

    if (quality(need.set) == 0)
        return;
    while (at > 0 && quality(part->needs[at - 1].set) < quality(need.set))
        at--;
    if (at == AW_NEEDS_MAX)
        return;
    if (part->need_count < AW_NEEDS_MAX)
        part->need_count++;
    memmove(part->needs + at + 1, part->needs + at,
            (part->need_count - at - 1) * sizeof *part->needs);
    part->needs[at] = need;
}

/* Parts. */

static struct part unknown_part(size_t width)
{
    return (struct part){.width = width};
}

static bool exact_part(struct reader *r, struct part *out, struct aw_str text)
{
    *out = (struct part){.exact = true, .width = text.len};
    return set_of(r, &out->all, text);
}

static bool parse_alternation(struct reader *r, struct part *out);

struct repeat {
    size_t min, max;
};

static bool parse_braces(struct reader *r, struct repeat *out)
{
    struct aw_str rest = aw_str_sub(r->text, r->at, r->text.len);
    struct aw_str body, least;
    int64_t min = 0, max;
    ptrdiff_t end = aw_str_find(rest, AW_STR("}"));

    if (end < 0 || rest.ptr[0] != '{')
        return false;
    body = aw_str_sub(rest, 1, (size_t)end - 1);
    if (!aw_str_split(&body, ',', &least))
        return false;
    if (!aw_str_to_int(least, &min))
        return false; /* also {,3}, which is no repeat */
    if (least.ptr + least.len == rest.ptr + end)
        max = min;
    else if (body.len == 0)
        max = INT64_MAX;
    else if (!aw_str_to_int(body, &max))
        return false;
    *out = (struct repeat){(size_t)min, (size_t)max};
    r->at += (size_t)end + 1;
    return true;
}

static bool parse_repeat(struct reader *r, struct repeat *out)
{
    if (at_end(r))
        return false;
    if (skip(r, "*"))
        *out = (struct repeat){0, UNBOUNDED};
    else if (skip(r, "+"))
        *out = (struct repeat){1, UNBOUNDED};
    else if (skip(r, "?"))
        *out = (struct repeat){0, 1};
    else if (!parse_braces(r, out))
        return false;
    if (!skip(r, "?"))
        (void)skip(r, "+");
    return true;
}

static bool apply_repeat(struct reader *r, struct part *part,
                         struct repeat repeat)
{
    struct set none;

    part->width = times_width(part->width, repeat.max);
    if (repeat.min == 1 && repeat.max == 1)
        return true;
    if (repeat.min == 0)
        part->need_count = 0;
    else if (part->exact)
        add_need(part, (struct need){part->all, 0});
    part->exact = part->exact && repeat.min == 0 && repeat.max == 1 &&
                  part->all.count < EXACT_MAX;
    if (!part->exact)
        return true;
    return set_of(r, &none, (struct aw_str){"", 0}) &&
           set_union(r, &part->all, part->all, none);
}

/* Goes behind the bracket that closes the group whose "(" is at r->at. */
static bool skip_group(struct reader *r)
{
    struct part ignored = {0};

    while (!at_end(r) && r->text.ptr[r->at] != '=' &&
           r->text.ptr[r->at] != '!')
        r->at++;
    r->at++;
    return parse_alternation(r, &ignored) &&
           (skip(r, ")") || refuse(r, "a bracket that is not closed"));
}

static bool skip_name(struct reader *r)
{
    ptrdiff_t end =
        aw_str_find(aw_str_sub(r->text, r->at, r->text.len), AW_STR(">"));

    if (end < 0)
        return refuse(r, "a group's name that does not end");
    r->at += (size_t)end + 1;
    return true;
}

static bool parse_group(struct reader *r, struct part *out)
{
    static const char *const around[] = {"(?=", "(?!", "(?<=", "(?<!"};

    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++)
        if (looking_at(r, around[i]))
            return skip_group(r) && exact_part(r, out, AW_STR(""));
    if (skip(r, "(?P<") || skip(r, "(?<")) {
        if (!skip_name(r))
            return false;
    } else if (!skip(r, "(?:") && !skip(r, "(?>")) {
        if (looking_at(r, "(?") || looking_at(r, "(*"))
            return refuse(r, "an option, condition or call in brackets");
        r->at++;
    }
    return parse_alternation(r, out) &&
           (skip(r, ")") || refuse(r, "a bracket that is not closed"));
}

static bool add_digits(struct set *set)
{
    static const char digits[] = "0123456789";

    for (size_t i = 0; i < 10; i++)
        set->items[set->count++] = (struct aw_str){digits + i, 1};
    return true;
}

/* \d and escaped marks have members that can be listed; \n and \t too. */
static bool add_escape(struct reader *r, struct set *set)
{
    char c;

    r->at++;
    if (at_end(r))
        return false;
    c = r->text.ptr[r->at++];
    if (c == 'd')
        return add_digits(set);
    if (c == 'n' || c == 't') {
        set->items[set->count++] = c == 'n' ? AW_STR("\n") : AW_STR("\t");
        return true;
    }
    if (aw_ascii_alpha(c) || aw_ascii_digit(c))
        return false;
    set->items[set->count++] = aw_str_sub(r->text, r->at - 1, 1);
    return true;
}

/* Goes behind the "]" of the class whose first item is at r->at. */
static bool skip_class(struct reader *r)
{
    for (bool first = true; !at_end(r); first = false) {
        if (looking_at(r, "[:")) {
            ptrdiff_t end =
                aw_str_find(aw_str_sub(r->text, r->at, r->text.len),
                            AW_STR(":]"));

            r->at += end < 0 ? 1 : (size_t)end + 2;
        } else if (r->text.ptr[r->at] == '\\') {
            r->at += 2;
        } else if (r->text.ptr[r->at++] == ']' && !first) {
            return true;
        }
    }
    return refuse(r, "a class that is not closed");
}

/* The members of a class without ranges; false where they are too many or
 * not to be listed. */
static bool list_class(struct reader *r, struct set *set)
{
    if (looking_at(r, "^") || looking_at(r, "]"))
        return false;
    while (!at_end(r) && !looking_at(r, "]")) {
        size_t start = r->at;

        if (set->count + 10 > EXACT_MAX || looking_at(r, "[:"))
            return false;
        if (r->text.ptr[start] == '\\') {
            if (!add_escape(r, set))
                return false;
        } else {
            (void)aw_utf8_next(r->text, &r->at);
            set->items[set->count++] =
                aw_str_sub(r->text, start, r->at - start);
        }
        if (looking_at(r, "-") && !looking_at(r, "-]"))
            return false;
    }
    return skip(r, "]");
}

static bool parse_class(struct reader *r, struct part *out)
{
    size_t start = ++r->at;
    struct set set;

    if (!set_new(r, &set, EXACT_MAX))
        return false;
    if (list_class(r, &set)) {
        *out = (struct part){.exact = true, .all = set, .width = CHAR_BYTES};
        return true;
    }
    r->at = start;
    (void)skip(r, "^");
    if (!skip_class(r))
        return false;
    *out = unknown_part(CHAR_BYTES);
    return true;
}

static bool parse_escape(struct reader *r, struct part *out)
{
    char c = r->at + 1 < r->text.len ? r->text.ptr[r->at + 1] : '\0';
    struct set set;

    if (strchr("wWsSDhHvVN", c) && c) {
        r->at += 2;
        *out = unknown_part(CHAR_BYTES);
        return true;
    }
    if (strchr("bBAzZ", c) && c) {
        r->at += 2;
        return exact_part(r, out, AW_STR(""));
    }
    if (!set_new(r, &set, 10))
        return false;
    if (!add_escape(r, &set))
        return refuse(r, "an escape that is not understood");
    *out = (struct part){.exact = true, .all = set, .width = 1};
    return true;
}

static bool parse_atom(struct reader *r, struct part *out)
{
    size_t start = r->at;

    switch (r->text.ptr[start]) {
    case '(':
        return parse_group(r, out);
    case '[':
        return parse_class(r, out);
    case '\\':
        return parse_escape(r, out);
    case '^':
    case '$':
        r->at++;
        return exact_part(r, out, AW_STR(""));
    case '.':
        r->at++;
        *out = unknown_part(CHAR_BYTES);
        return true;
    default:
        (void)aw_utf8_next(r->text, &r->at);
        return exact_part(r, out, aw_str_sub(r->text, start, r->at - start));
    }
}

/* The last exact items of a sequence. */
struct run {
    struct set all;   /* their product */
    size_t before;    /* bytes that may stand before them */
    struct need best; /* of the items, and of the product when they end */
};

static void end_run(struct part *seq, struct run *run)
{
    consider(&run->best, run->all, run->before);
    add_need(seq, run->best);
}

static bool append_exact(struct reader *r, struct part *seq, struct run *run,
                         const struct part *item, size_t before)
{
    if (can_multiply(run->all, item->all)) {
        consider(&run->best, item->all, before);
        return set_product(r, &run->all, run->all, item->all);
    }
    end_run(seq, run);
    seq->exact = false;
    *run = (struct run){item->all, before, {item->all, before}};
    return true;
}

/* Puts item behind what was read of a sequence. */
static bool append(struct reader *r, struct part *seq, struct run *run,
                   const struct part *item)
{
    size_t before = seq->width;

    seq->width = add_width(before, item->width);
    if (item->exact)
        return append_exact(r, seq, run, item, before);
    end_run(seq, run);
    for (size_t i = 0; i < item->need_count; i++)
        add_need(seq, (struct need){item->needs[i].set,
                                    add_width(before, item->needs[i].before)});
    seq->exact = false;
    *run = (struct run){.before = seq->width};
    return set_of(r, &run->all, AW_STR(""));
}

static bool parse_sequence(struct reader *r, struct part *out)
{
    struct run run = {0};

    *out = (struct part){.exact = true};
    if (!set_of(r, &run.all, AW_STR("")))
        return false;
    while (!at_end(r) && !looking_at(r, "|") && !looking_at(r, ")")) {
        struct repeat repeat;
        struct part item = {0};

        if (!parse_atom(r, &item))
            return false;
        if (parse_repeat(r, &repeat) && !apply_repeat(r, &item, repeat))
            return false;
        if (!append(r, out, &run, &item))
            return false;
    }
    end_run(out, &run);
    if (out->exact)
        out->all = run.all;
    return true;
}

/* Either one's needs, one with another. */
static bool unite_needs(struct reader *r, struct part *out,
                        const struct part *other)
{
    if (other->need_count < out->need_count)
        out->need_count = other->need_count;
    for (size_t i = 0; i < out->need_count; i++) {
        const struct need *more = &other->needs[i];
        struct need *need = &out->needs[i];

        if (!set_union(r, &need->set, need->set, more->set))
            return false;
        if (more->before > need->before)
            need->before = more->before;
    }
    return true;
}

static bool alternate(struct reader *r, struct part *out,
                      const struct part *other)
{
    if (other->width > out->width)
        out->width = other->width;
    out->exact = out->exact && other->exact &&
                 out->all.count + other->all.count <= EXACT_MAX;
    if (out->exact && !set_union(r, &out->all, out->all, other->all))
        return false;
    return unite_needs(r, out, other);
}

static bool parse_alternation(struct reader *r, struct part *out)
{
    struct part other = {0};
    bool ok;

    if (++r->depth > DEPTH_MAX)
        return refuse(r, "brackets that are nested too deep");
    ok = parse_sequence(r, out);
    while (ok && skip(r, "|"))
        ok = parse_sequence(r, &other) && alternate(r, out, &other);
    r->depth--;
    return ok;
}

/* Sets that are met everywhere help nobody, but for the first. */
static bool is_rare(struct set set)
{
    return shortest(set) >= RARE_LENGTH && set.count <= RARE_MAX;
}

static void fill(struct aw_needs *out, const struct part *all)
{
    out->width = all->width;
    for (size_t i = 0; i < all->need_count; i++) {
        const struct need *need = &all->needs[i];

        if (i == 0 || is_rare(need->set))
            out->set[out->count++] =
                (struct aw_literals){need->set.items, need->set.count,
                                     need->before};
    }
}

aw_rc aw_literals_of(struct aw_needs *out, struct aw_str pattern,
                     struct aw_arena *arena, struct aw_err *err)
{
    struct reader r = {.text = pattern, .arena = arena};
    struct part all = {0};

    *out = (struct aw_needs){0};
    if (!parse_alternation(&r, &all))
        return aw_fail(err, AW_MISSING, "it has %s", r.refused);
    if (!at_end(&r))
        return aw_fail(err, AW_MISSING, "it has a bracket too many");
    fill(out, &all);
    if (out->count == 0 || quality(all.needs[0].set) == 0)
        return aw_fail(err, AW_MISSING, "no word must be there");
    return AW_OK;
}
