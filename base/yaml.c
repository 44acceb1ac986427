#include "base/yaml.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/fs.h"
#include "base/utf8.h"

/* What libcyaml logs of one failure: the problem first, then where. */
struct complaint {
    char text[256];
    char key[64]; /* whose value it is, or empty */
    int line;     /* 1 for the first; 0: not told */
};

static void note_line(struct complaint *complaint, const char *message)
{
    const char *at = strstr(message, "(line: ");
    int64_t line;
    struct aw_str rest;
    struct aw_str digits;

    if (!at || complaint->line)
        return;
    rest = aw_str_of(at + strlen("(line: "));
    if (aw_str_split(&rest, ',', &digits) && aw_str_to_int(digits, &line))
        complaint->line = (int)line;
}

static void note_key(struct complaint *complaint, const char *message)
{
    const char *at = strstr(message, "in mapping field '");
    struct aw_str rest;
    struct aw_str key;

    if (!at || complaint->key[0])
        return;
    rest = aw_str_of(at + strlen("in mapping field '"));
    if (aw_str_split(&rest, '\'', &key))
        (void)snprintf(complaint->key, sizeof complaint->key, "%.*s",
                       AW_STR_ARG(key));
}

static void on_log(cyaml_log_t level, void *self, const char *fmt,
                   va_list args)
{
    struct complaint *complaint = self;
    char message[256];

    (void)level;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)vsnprintf(message, sizeof message, fmt, args);
#pragma GCC diagnostic pop
    message[strcspn(message, "\n")] = '\0';
    note_line(complaint, message);
    note_key(complaint, message);
    if (!complaint->text[0] && !strstr(message, "Backtrace") &&
        !strstr(message, "(line: "))
        (void)snprintf(complaint->text, sizeof complaint->text, "%s", message);
}

/* True where the line, less blanks and a list's dash, begins with key and a
 * colon. */
static bool line_has_key(struct aw_str line, struct aw_str key)
{
    line = aw_str_trim(line);
    if (aw_str_starts(line, AW_STR("- ")))
        line = aw_str_trim(aw_str_sub(line, 2, line.len));
    return aw_str_starts(line, key) && line.len > key.len &&
           line.ptr[key.len] == ':';
}

/* libcyaml tells where it was before the key that it did not expect. */
static int find_key(struct aw_str text, struct aw_str key, int from)
{
    struct aw_str line;

    for (int n = 1; aw_str_split(&text, '\n', &line); n++)
        if (n >= from && line_has_key(line, key))
            return n;
    return from;
}

/* True where what is wrong is a value: else its message names its key. */
static bool is_of_value(struct aw_str what)
{
    static const char *const starts[] = {"Insufficient", "Excess", "Expecting",
                                         "Invalid", "STRING"};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (aw_str_starts(what, aw_str_of(starts[i])))
            return true;
    return false;
}

static aw_rc tell(const struct complaint *complaint, cyaml_err_t code,
                  struct aw_str text, const char *name, struct aw_err *err)
{
    struct aw_str what = aw_str_of(complaint->text);
    struct aw_str unexpected = AW_STR("Load: Unexpected key: ");
    int line = complaint->line ? complaint->line : 1;

    if (aw_str_starts(what, unexpected)) {
        what = aw_str_sub(what, unexpected.len, what.len);
        line = find_key(text, what, line);
        return aw_fail(err, AW_CONFIG, "%s:%d: unexpected key '%.*s'", name,
                       line, AW_STR_ARG(what));
    }
    if (aw_str_starts(what, AW_STR("Load: ")))
        what = aw_str_sub(what, 6, what.len);
    if (what.len == 0)
        what = aw_str_of(cyaml_strerror(code));
    if (complaint->key[0] && is_of_value(what))
        return aw_fail(err, AW_CONFIG, "%s:%d: '%s': %.*s", name, line,
                       complaint->key, AW_STR_ARG(what));
    return aw_fail(err, AW_CONFIG, "%s:%d: %.*s", name, line,
                   AW_STR_ARG(what));
}

static bool is_mark(struct aw_str line, struct aw_str mark)
{
    return aw_str_starts(line, mark) &&
           (line.len == 3 || aw_ascii_space(line.ptr[3]));
}

/* libcyaml reads one document and leaves the rest out without a word. 0 where
 * there is no other, else the line that begins it. */
static int second_document(struct aw_str text)
{
    bool begun = false;
    bool ended = false;
    struct aw_str line;

    for (int n = 1; aw_str_split(&text, '\n', &line); n++) {
        bool start = is_mark(line, AW_STR("---"));
        struct aw_str words = aw_str_trim(line);

        if (words.len == 0 || words.ptr[0] == '#' || words.ptr[0] == '%')
            continue;
        if (is_mark(line, AW_STR("...")))
            ended = begun;
        else if (ended || (begun && start))
            return n;
        else
            begun = true;
    }
    return 0;
}

static int line_of(struct aw_str text, size_t pos)
{
    int line = 1;

    for (size_t i = 0; i < pos; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static size_t valid_bytes(struct aw_str text)
{
    size_t pos = 0;

    while (pos < text.len) {
        size_t start = pos;

        if (aw_utf8_next(text, &pos) == AW_REPLACEMENT && pos - start == 1)
            return start;
    }
    return pos;
}

static aw_rc check_text(struct aw_str text, const char *name,
                        struct aw_err *err)
{
    size_t valid = valid_bytes(text);
    int line = second_document(text);

    if (text.len == 0)
        return aw_fail(err, AW_CONFIG, "%s:1: the file is empty", name);
    if (valid < text.len)
        return aw_fail(err, AW_CONFIG, "%s:%d: a byte is no UTF-8", name,
                       line_of(text, valid));
    if (line > 0)
        return aw_fail(err, AW_CONFIG, "%s:%d: a second document", name, line);
    return AW_OK;
}

static cyaml_config_t load_config(struct complaint *complaint)
{
    return (cyaml_config_t){.log_fn = on_log,
                            .log_ctx = complaint,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_WARNING,
                            .flags = CYAML_CFG_NO_ALIAS};
}

aw_rc aw_yaml_load(void **out, struct aw_str text, const char *name,
                   const struct cyaml_schema_value *schema, struct aw_err *err)
{
    struct complaint complaint = {0};
    cyaml_config_t config = load_config(&complaint);
    cyaml_data_t *data = NULL;
    cyaml_err_t code;
    aw_rc rc = check_text(text, name, err);

    if (rc != AW_OK)
        return rc;
    code = cyaml_load_data((const uint8_t *)text.ptr, text.len, &config,
                           schema, &data, NULL);
    if (code != CYAML_OK)
        return tell(&complaint, code, text, name, err);
    if (!data)
        return aw_fail(err, AW_CONFIG, "%s:1: the file holds nothing", name);
    *out = data;
    return AW_OK;
}

void aw_yaml_free(void *data, const struct cyaml_schema_value *schema)
{
    struct complaint ignored = {0};
    cyaml_config_t config = load_config(&ignored);

    (void)cyaml_free(&config, schema, data, 0);
}

aw_rc aw_yaml_load_file(void **out, const char *path,
                        const struct cyaml_schema_value *schema,
                        struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_YAML_MAX);
    rc = aw_file_read(path, &text, err);
    if (rc == AW_OK)
        rc = aw_yaml_load(out, aw_buf_str(&text), path, schema, err);
    aw_buf_deinit(&text);
    return rc;
}

/* ---- lines of nodes ----------------------------------------------------- */

#define DEPTH_MAX 16
#define PATH_BYTES 512

/* A mapping or sequence that the walk is in. */
struct level {
    bool is_sequence;
    bool has_key; /* of a mapping: the next node is its value */
    size_t items;
    size_t path_len; /* of the path to it */
};

struct walk {
    const char *wanted;
    struct level levels[DEPTH_MAX];
    size_t depth;
    char path[PATH_BYTES];
    size_t nearest; /* length of the best path so far */
    int line;
};

/* The longest path of these that leads to what is wanted is the nearest. */
static void note_node(struct walk *walk, int line)
{
    size_t len = strlen(walk->path);

    if (len <= walk->nearest || strncmp(walk->path, walk->wanted, len) != 0 ||
        !strchr(".[", walk->wanted[len]))
        return;
    walk->nearest = len;
    walk->line = line;
}

static void step_to_item(struct walk *walk, struct level *at)
{
    (void)snprintf(walk->path + at->path_len, PATH_BYTES - at->path_len,
                   "[%zu]", at->items++);
}

static void step_to_key(struct walk *walk, struct level *at, const char *key)
{
    (void)snprintf(walk->path + at->path_len, PATH_BYTES - at->path_len,
                   "%s%s", at->path_len > 0 ? "." : "", key);
    at->has_key = true;
}

/* A node begins. A key's own line is its value's: a list may begin below. */
static void begin_node(struct walk *walk, const char *scalar, int line)
{
    struct level *at = walk->depth > 0 ? &walk->levels[walk->depth - 1] : NULL;

    if (at && at->is_sequence)
        step_to_item(walk, at);
    else if (at && at->has_key)
        at->has_key = false;
    else if (at)
        step_to_key(walk, at, scalar ? scalar : "");
    note_node(walk, line);
}

static bool on_event(struct walk *walk, const yaml_event_t *event)
{
    int line = (int)event->start_mark.line + 1;

    switch (event->type) {
    case YAML_SCALAR_EVENT:
        begin_node(walk, (const char *)event->data.scalar.value, line);
        return true;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        begin_node(walk, NULL, line);
        if (walk->depth == DEPTH_MAX)
            return false;
        walk->levels[walk->depth++] =
            (struct level){.is_sequence =
                               event->type == YAML_SEQUENCE_START_EVENT,
                           .path_len = strlen(walk->path)};
        return true;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        walk->depth--;
        return true;
    default:
        return event->type != YAML_STREAM_END_EVENT;
    }
}

int aw_yaml_line_at(struct aw_str text, const char *path)
{
    struct walk walk = {.wanted = path, .line = 1};
    yaml_parser_t parser;
    bool more = true;

    if (!yaml_parser_initialize(&parser))
        return 1;
    yaml_parser_set_input_string(
        &parser, (const unsigned char *)(text.len ? text.ptr : ""), text.len);
    while (more) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event))
            break;
        more = on_event(&walk, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return walk.line;
}
