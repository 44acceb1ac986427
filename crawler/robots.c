#include "crawler/robots.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* Above what AW_ROBOTS_MAX bytes of the shortest lines come to. */
#define ARENA_MAX ((size_t)32 << 20)

/* Percent-encoding makes three octets of one. */
#define NORMAL_MAX (3 * AW_ROBOTS_MAX)

#define BOM AW_STR("\xEF\xBB\xBF")

/* In a pattern in normal form "*" stands for any octets and for nothing else:
 * the octet itself is "%2A". */
struct rule {
    bool allow;
    bool anchored; /* "$": the path ends where the pattern does */
    size_t octets; /* of the pattern as written; stars in a row count each */
    struct aw_str pattern;
    struct aw_str line;
};

/* Agents and rules lie in the arrays of all groups, from first to end. */
struct group {
    size_t agent_first, agent_end;
    size_t rule_first, rule_end;
    int64_t delay_ms; /* -1: none */
};

struct aw_robots {
    struct aw_arena arena;
    struct group *groups;
    size_t group_count, group_cap;
    struct aw_str *agents; /* product tokens, or "*" */
    size_t agent_count, agent_cap;
    struct rule *rules;
    size_t rule_count, rule_cap;
    struct aw_str *sitemaps;
    size_t sitemap_count, sitemap_cap;
};

/* One line after another; scratch is for normal forms. */
struct parser {
    struct aw_robots *robots;
    struct aw_buf scratch;
    struct aw_str line;
    bool in_head; /* the last record of RFC 9309 named an agent */
};

/* ---- the one form in which patterns and paths are compared ---- */

static bool is_unreserved(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) ||
           (c != '\0' && strchr("-._~", c));
}

/* Stands for itself, unescaped; "*" and "$" mean something in patterns. */
static bool is_plain(char c)
{
    return is_unreserved(c) || (c != '\0' && strchr("/?:@!&'()+,;=", c));
}

/* Means the same in a query, escaped or not (RFC 3986, 3.4; RFC 9309, 2.2.2:
 * the example "?baz=https://foo.bar"). */
static bool is_plain_in_query(char c)
{
    return c != '\0' && strchr("/?:@", c);
}

static void put_octet(struct aw_buf *out, char c, bool plain)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned octet = (unsigned char)c;

    if (plain) {
        aw_buf_putc(out, c);
        return;
    }
    aw_buf_putc(out, '%');
    aw_buf_putc(out, digits[octet >> 4]);
    aw_buf_putc(out, digits[octet & 15]);
}

/* The octet that the escape at s[i] stands for, or -1 where none is. */
static int escaped_octet(struct aw_str s, size_t i)
{
    int high, low;

    if (s.len - i < 3 || s.ptr[i] != '%')
        return -1;
    high = aw_hex_value(s.ptr[i + 1]);
    low = aw_hex_value(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

enum form {
    PATTERN, /* "*" stays what it is, but several in a row become one */
    PATH,
    PATH_AS_WRITTEN /* escapes in the query stay, as in the path */
};

/* Appends s in normal form. Returns how many stars that left out. */
static size_t put_normal(struct aw_buf *out, struct aw_str s, enum form form)
{
    bool in_query = false;
    bool after_star = false;
    size_t left_out = 0;

    for (size_t i = 0; i < s.len; i++) {
        int octet = escaped_octet(s, i);
        bool star = form == PATTERN && s.ptr[i] == '*';
        char c = s.ptr[i];

        if (octet >= 0)
            c = (char)octet;
        if (star && after_star)
            left_out++;
        else if (octet < 0)
            put_octet(out, c, star || is_plain(c));
        else
            put_octet(out, c,
                      is_unreserved(c) || (in_query && is_plain_in_query(c)));
        after_star = star;
        in_query =
            form != PATH_AS_WRITTEN && (in_query || (octet < 0 && c == '?'));
        i += octet < 0 ? 0 : 2;
    }
    return left_out;
}

/* ---- reading ---- */

/* The name in front of a User-agent value: "adwatch" of "adwatch/1.0 (x)".
 * RFC 9309 has no digits in it, but names like "360Spider" are about; taking
 * the digits in keeps "adwatch2" apart from "adwatch". */
static struct aw_str product_token(struct aw_str value)
{
    size_t len = 0;

    if (aw_str_starts(value, AW_STR("*")) &&
        (value.len == 1 || aw_ascii_space(value.ptr[1])))
        return aw_str_sub(value, 0, 1);
    while (len < value.len &&
           (aw_ascii_alpha(value.ptr[len]) || aw_ascii_digit(value.ptr[len]) ||
            value.ptr[len] == '-' || value.ptr[len] == '_'))
        len++;
    return aw_str_sub(value, 0, len);
}

static struct group *last_group(struct aw_robots *robots)
{
    return robots->group_count ? &robots->groups[robots->group_count - 1]
                               : NULL;
}

static aw_rc add_group(struct aw_robots *robots, struct aw_err *err)
{
    aw_rc rc = aw_arena_grow(&robots->arena, (void **)&robots->groups,
                             robots->group_count, &robots->group_cap,
                             sizeof *robots->groups, err);

    if (rc == AW_OK)
        robots->groups[robots->group_count++] = (struct group){
            .agent_first = robots->agent_count,
            .agent_end = robots->agent_count,
            .rule_first = robots->rule_count,
            .rule_end = robots->rule_count,
            .delay_ms = -1,
        };
    return rc;
}

/* A name that is none still starts a group: its rules are nobody's, and not
 * those of the group before. */
static aw_rc read_agent(struct parser *parser, struct aw_str value,
                        struct aw_err *err)
{
    struct aw_robots *robots = parser->robots;
    aw_rc rc = parser->in_head ? AW_OK : add_group(robots, err);

    if (rc == AW_OK)
        rc = aw_arena_grow(&robots->arena, (void **)&robots->agents,
                           robots->agent_count, &robots->agent_cap,
                           sizeof *robots->agents, err);
    if (rc != AW_OK)
        return rc;
    parser->in_head = true;
    robots->agents[robots->agent_count++] = product_token(value);
    last_group(robots)->agent_end = robots->agent_count;
    return AW_OK;
}

static aw_rc make_rule(struct parser *parser, struct aw_str pattern,
                       struct rule *rule, struct aw_err *err)
{
    aw_rc rc;

    rule->line = parser->line;
    rule->anchored = aw_str_ends(pattern, AW_STR("$"));
    pattern.len -= rule->anchored;
    aw_buf_reset(&parser->scratch);
    rule->octets = put_normal(&parser->scratch, pattern, PATTERN) +
                   parser->scratch.len + rule->anchored;
    rc = aw_buf_check(&parser->scratch, err);
    if (rc != AW_OK)
        return rc;
    return aw_arena_dup(&parser->robots->arena, aw_buf_str(&parser->scratch),
                        &rule->pattern, err);
}

/* An empty pattern matches nothing, but is a rule all the same: it ends the
 * head of its group. */
static aw_rc read_rule(struct parser *parser, bool allow, struct aw_str value,
                       struct aw_err *err)
{
    struct aw_robots *robots = parser->robots;
    struct group *group = last_group(robots);
    struct rule rule = {.allow = allow};
    aw_rc rc;

    parser->in_head = false;
    if (!group || value.len == 0)
        return AW_OK;
    rc = make_rule(parser, value, &rule, err);
    if (rc == AW_OK)
        rc = aw_arena_grow(&robots->arena, (void **)&robots->rules,
                           robots->rule_count, &robots->rule_cap,
                           sizeof *robots->rules, err);
    if (rc != AW_OK)
        return rc;
    robots->rules[robots->rule_count++] = rule;
    group->rule_end = robots->rule_count;
    return AW_OK;
}

static aw_rc read_allow(struct parser *parser, struct aw_str value,
                        struct aw_err *err)
{
    return read_rule(parser, true, value, err);
}

static aw_rc read_disallow(struct parser *parser, struct aw_str value,
                           struct aw_err *err)
{
    return read_rule(parser, false, value, err);
}

static aw_rc read_sitemap(struct parser *parser, struct aw_str value,
                          struct aw_err *err)
{
    struct aw_robots *robots = parser->robots;
    aw_rc rc;

    if (value.len == 0)
        return AW_OK;
    rc = aw_arena_grow(&robots->arena, (void **)&robots->sitemaps,
                       robots->sitemap_count, &robots->sitemap_cap,
                       sizeof *robots->sitemaps, err);
    if (rc == AW_OK)
        robots->sitemaps[robots->sitemap_count++] = value;
    return rc;
}

/* Seconds with a decimal fraction ("2", "0.5") as ms, or -1. */
static int64_t parse_delay(struct aw_str value)
{
    struct aw_str rest = value;
    struct aw_str whole, fraction = {0};
    int64_t seconds;
    int64_t ms = 0;

    if (!aw_str_split(&rest, '.', &whole) || whole.len == 0)
        return -1;
    fraction = rest;
    for (size_t i = 0; i < whole.len; i++)
        if (!aw_ascii_digit(whole.ptr[i]))
            return -1;
    for (size_t i = 0, unit = 100; i < fraction.len; i++, unit /= 10) {
        if (!aw_ascii_digit(fraction.ptr[i]))
            return -1;
        ms += (int64_t)unit * (fraction.ptr[i] - '0');
    }
    if (!aw_str_to_int(whole, &seconds) ||
        seconds >= AW_ROBOTS_DELAY_MAX_MS / 1000)
        return AW_ROBOTS_DELAY_MAX_MS;
    return seconds * 1000 + ms;
}

static aw_rc read_delay(struct parser *parser, struct aw_str value,
                        struct aw_err *err)
{
    struct group *group = last_group(parser->robots);
    int64_t ms = parse_delay(value);

    (void)err;
    if (group && ms > group->delay_ms)
        group->delay_ms = ms;
    return AW_OK;
}

static const struct record {
    const char *key;
    aw_rc (*read)(struct parser *parser, struct aw_str value,
                  struct aw_err *err);
} records[] = {
    {"user-agent", read_agent},  {"allow", read_allow},
    {"disallow", read_disallow}, {"sitemap", read_sitemap},
    {"crawl-delay", read_delay},
};

static aw_rc read_line(struct parser *parser, struct aw_str line,
                       struct aw_err *err)
{
    struct aw_str rest = line;
    struct aw_str key;

    if (!aw_str_split(&rest, '#', &line))
        return AW_OK;
    line = aw_str_trim(line);
    rest = line;
    if (!aw_str_split(&rest, ':', &key) || !rest.ptr)
        return AW_OK;
    parser->line = line;
    key = aw_str_trim(key);
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++)
        if (aw_str_eq_nocase(key, aw_str_of(records[i].key)))
            return records[i].read(parser, aw_str_trim(rest), err);
    return AW_OK;
}

/* The length of the line that text starts with. CR LF makes an empty line,
 * which means nothing. */
static size_t line_length(struct aw_str text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] != '\n' && text.ptr[len] != '\r')
        len++;
    return len;
}

/* What is read of bytes: whole lines within the limit. Half a pattern is
 * shorter than the pattern, and would match more. */
static struct aw_str within_limit(struct aw_str bytes)
{
    if (bytes.len <= AW_ROBOTS_MAX)
        return bytes;
    bytes.len = AW_ROBOTS_MAX;
    while (bytes.len > 0 && bytes.ptr[bytes.len - 1] != '\n' &&
           bytes.ptr[bytes.len - 1] != '\r')
        bytes.len--;
    return bytes;
}

/* Some files have lost the end of theirs. */
static struct aw_str without_bom(struct aw_str text)
{
    size_t len = 0;

    while (len < BOM.len && len < text.len && text.ptr[len] == BOM.ptr[len])
        len++;
    return aw_str_sub(text, len, text.len);
}

static aw_rc read_all(struct parser *parser, struct aw_str bytes,
                      struct aw_err *err)
{
    struct aw_str text = {0};
    aw_rc rc =
        aw_arena_dup(&parser->robots->arena, within_limit(bytes), &text, err);

    if (rc == AW_OK)
        text = without_bom(text);
    while (rc == AW_OK && text.len > 0) {
        size_t len = line_length(text);

        rc = read_line(parser, aw_str_sub(text, 0, len), err);
        text = aw_str_sub(text, len + 1, text.len);
    }
    return rc;
}

aw_rc aw_robots_new(struct aw_robots **out, struct aw_str bytes,
                    struct aw_err *err)
{
    struct parser parser = {.robots = calloc(1, sizeof *parser.robots)};
    aw_rc rc;

    if (!parser.robots)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    aw_arena_init(&parser.robots->arena, ARENA_MAX);
    aw_buf_init(&parser.scratch, NORMAL_MAX);
    rc = read_all(&parser, bytes, err);
    aw_buf_deinit(&parser.scratch);
    if (rc != AW_OK) {
        aw_robots_free(parser.robots);
        return aw_fail_in(err, "robots.txt");
    }
    *out = parser.robots;
    return AW_OK;
}

void aw_robots_free(struct aw_robots *robots)
{
    if (!robots)
        return;
    aw_arena_deinit(&robots->arena);
    free(robots);
}

/* ---- asking ---- */

static bool group_names(const struct aw_robots *robots,
                        const struct group *group, struct aw_str token)
{
    for (size_t i = group->agent_first; i < group->agent_end; i++)
        if (token.len > 0 && aw_str_eq_nocase(robots->agents[i], token))
            return true;
    return false;
}

/* What the groups must name to hold for agent: its token, or "*". */
static struct aw_str token_that_holds(const struct aw_robots *robots,
                                      struct aw_str agent)
{
    struct aw_str token = product_token(agent);

    for (size_t i = 0; i < robots->agent_count; i++)
        if (token.len > 0 && aw_str_eq_nocase(robots->agents[i], token))
            return token;
    return AW_STR("*");
}

/* Where each piece between stars is found first is as good as any later
 * place, so that nothing is ever tried again. */
static bool matches(const struct rule *rule, struct aw_str path)
{
    struct aw_str rest = rule->pattern;
    struct aw_str piece = {0};

    if (!aw_str_split(&rest, '*', &piece) || !aw_str_starts(path, piece))
        return false;
    path = aw_str_sub(path, piece.len, path.len);
    if (!rest.ptr)
        return !rule->anchored || path.len == 0;
    while (aw_str_split(&rest, '*', &piece)) {
        ptrdiff_t at = aw_str_find(path, piece);

        if (!rest.ptr && rule->anchored)
            return aw_str_ends(path, piece);
        if (at < 0)
            return false;
        path = aw_str_sub(path, (size_t)at + piece.len, path.len);
    }
    return true;
}

static bool goes_before(const struct rule *rule, const struct rule *best)
{
    if (!best || rule->octets != best->octets)
        return !best || rule->octets > best->octets;
    return rule->allow && !best->allow;
}

/* A path in normal form, and as it is where a pattern has no "?" that says
 * where the query begins: "*%2F" finds an escape in the query as well. */
struct asked {
    struct aw_str path, as_written;
};

static bool holds(const struct rule *rule, const struct asked *asked)
{
    return matches(rule, asked->path) ||
           (asked->as_written.len != asked->path.len &&
            matches(rule, asked->as_written));
}

/* The rule that decides; NULL: none. */
static const struct rule *find_rule(const struct aw_robots *robots,
                                    struct aw_str agent,
                                    const struct asked *asked)
{
    struct aw_str token = token_that_holds(robots, agent);
    const struct rule *best = NULL;

    for (size_t i = 0; i < robots->group_count; i++) {
        const struct group *group = &robots->groups[i];

        if (!group_names(robots, group, token))
            continue;
        for (size_t j = group->rule_first; j < group->rule_end; j++)
            if (goes_before(&robots->rules[j], best) &&
                holds(&robots->rules[j], asked))
                best = &robots->rules[j];
    }
    return best;
}

static bool is_robots_txt(struct aw_str path)
{
    return aw_str_eq(path, AW_STR("/robots.txt")) ||
           aw_str_starts(path, AW_STR("/robots.txt?"));
}

bool aw_robots_allowed(const struct aw_robots *robots, struct aw_str agent,
                       struct aw_str path_and_query, struct aw_str *rule)
{
    const struct rule *best = NULL;
    struct aw_buf path, as_written;
    bool made;

    if (rule)
        *rule = (struct aw_str){0};
    if (path_and_query.len > AW_ROBOTS_PATH_MAX)
        return false;
    if (path_and_query.len == 0)
        path_and_query = AW_STR("/");
    aw_buf_init(&path, 3 * AW_ROBOTS_PATH_MAX);
    aw_buf_init(&as_written, 3 * AW_ROBOTS_PATH_MAX);
    (void)put_normal(&path, path_and_query, PATH);
    (void)put_normal(&as_written, path_and_query, PATH_AS_WRITTEN);
    made = path.rc == AW_OK && as_written.rc == AW_OK;
    if (made && !is_robots_txt(aw_buf_str(&path))) {
        struct asked asked = {aw_buf_str(&path), aw_buf_str(&as_written)};

        best = find_rule(robots, agent, &asked);
    }
    aw_buf_deinit(&as_written);
    aw_buf_deinit(&path);
    if (best && rule)
        *rule = best->line;
    return made && (!best || best->allow);
}

int64_t aw_robots_delay_ms(const struct aw_robots *robots, struct aw_str agent)
{
    struct aw_str token = token_that_holds(robots, agent);
    int64_t longest = -1;

    for (size_t i = 0; i < robots->group_count; i++)
        if (robots->groups[i].delay_ms > longest &&
            group_names(robots, &robots->groups[i], token))
            longest = robots->groups[i].delay_ms;
    return longest;
}

size_t aw_robots_sitemap_count(const struct aw_robots *robots)
{
    return robots->sitemap_count;
}

struct aw_str aw_robots_sitemap(const struct aw_robots *robots, size_t index)
{
    return robots->sitemaps[index];
}

/* ---- X-Robots-Tag ---- */

/* "max-snippet: 20" names no agent. */
static bool is_directive(struct aw_str name)
{
    static const char *const directives[] = {"unavailable_after",
                                             "max-snippet",
                                             "max-image-preview",
                                             "max-video-preview"};

    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
        if (aw_str_eq_nocase(name, aw_str_of(directives[i])))
            return true;
    return false;
}

/* A piece of a date, as "25-Jun-26 15" of "25-Jun-26 15:00:00", is none. */
static bool is_agent_name(struct aw_str name)
{
    return aw_str_eq(name, AW_STR("*")) ||
           (name.len > 0 && aw_ascii_alpha(name.ptr[0]) &&
            product_token(name).len == name.len && !is_directive(name));
}

static bool tag_forbids(struct aw_str value, struct aw_str token)
{
    struct aw_str part;
    bool applies = true;

    while (aw_str_split(&value, ',', &part)) {
        struct aw_str rest = part;
        struct aw_str name = {0};

        if (aw_str_split(&rest, ':', &name) && rest.ptr &&
            is_agent_name(aw_str_trim(name))) {
            name = aw_str_trim(name);
            applies =
                aw_str_eq(name, AW_STR("*")) || aw_str_eq_nocase(name, token);
            part = rest;
        }
        part = aw_str_trim(part);
        if (applies && (aw_str_eq_nocase(part, AW_STR("nofollow")) ||
                        aw_str_eq_nocase(part, AW_STR("none"))))
            return true;
    }
    return false;
}

bool aw_robots_tag_nofollow(struct aw_str values, struct aw_str agent)
{
    struct aw_str token = product_token(agent);
    struct aw_str value;

    while (aw_str_split(&values, '\n', &value))
        if (tag_forbids(value, token))
            return true;
    return false;
}
