#include "classify/yaml_lines.h"

#include <string.h>
#include <yaml.h>

#define KEY_MAX 24
#define EVENTS_MAX 2000000

struct aw_yaml_line {
    size_t entry;
    size_t item;
    char key[KEY_MAX]; /* empty: the entry itself */
    int line;
};

struct walk {
    struct aw_yaml_lines *lines;
    int depth; /* 1 the file, 2 its sequence, 3 an entry, 4 a value in it */
    bool is_value; /* in an entry: the next scalar is a value */
    size_t entries;
    size_t item;
    char key[KEY_MAX];
};

static aw_rc note(struct walk *walk, const char *key, size_t item, int line,
                  struct aw_err *err)
{
    struct aw_yaml_lines *lines = walk->lines;
    void *items = lines->items;
    struct aw_yaml_line *at;
    aw_rc rc = aw_arena_grow(lines->arena, &items, lines->count, &lines->cap,
                             sizeof *lines->items, err);

    if (rc != AW_OK)
        return rc;
    lines->items = items;
    at = &lines->items[lines->count++];
    *at = (struct aw_yaml_line){walk->entries - 1, item, "", line};
    memcpy(at->key, key, strnlen(key, KEY_MAX - 1));
    return AW_OK;
}

static aw_rc on_start(struct walk *walk, int line, struct aw_err *err)
{
    walk->depth++;
    walk->item = 0;
    if (walk->depth == 3) {
        walk->entries++;
        walk->is_value = false;
        return note(walk, "", AW_YAML_WHOLE, line, err);
    }
    if (walk->depth == 4)
        return note(walk, walk->key, AW_YAML_WHOLE, line, err);
    return AW_OK;
}

static aw_rc on_scalar(struct walk *walk, const char *text, int line,
                       struct aw_err *err)
{
    if (walk->depth == 4)
        return note(walk, walk->key, walk->item++, line, err);
    if (walk->depth != 3)
        return AW_OK;
    walk->is_value = !walk->is_value;
    if (!walk->is_value)
        return note(walk, walk->key, AW_YAML_WHOLE, line, err);
    memset(walk->key, 0, sizeof walk->key);
    memcpy(walk->key, text, strnlen(text, KEY_MAX - 1));
    return AW_OK;
}

static aw_rc on_event(struct walk *walk, const yaml_event_t *event,
                      struct aw_err *err)
{
    int line = (int)event->start_mark.line + 1;

    switch (event->type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return on_start(walk, line, err);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        if (walk->depth-- == 4)
            walk->is_value = false;
        return AW_OK;
    case YAML_SCALAR_EVENT:
        return on_scalar(walk, (const char *)event->data.scalar.value, line,
                         err);
    default:
        return AW_OK;
    }
}

static aw_rc parse_failed(const yaml_parser_t *parser, struct aw_err *err)
{
    return aw_fail(err, AW_CONFIG, "%zu: %s", parser->problem_mark.line + 1,
                   parser->problem ? parser->problem : "not YAML");
}

static aw_rc read_events(yaml_parser_t *parser, struct walk *walk,
                         struct aw_err *err)
{
    for (size_t count = 0; count < EVENTS_MAX; count++) {
        yaml_event_t event;
        bool last;
        aw_rc rc;

        if (!yaml_parser_parse(parser, &event))
            return parse_failed(parser, err);
        last = event.type == YAML_STREAM_END_EVENT;
        rc = on_event(walk, &event, err);
        yaml_event_delete(&event);
        if (last || rc != AW_OK)
            return rc;
    }
    return aw_fail(err, AW_LIMIT, "1: more than %d values", EVENTS_MAX);
}

aw_rc aw_yaml_lines_read(struct aw_yaml_lines *out, struct aw_str text,
                         struct aw_arena *arena, struct aw_err *err)
{
    struct walk walk = {.lines = out};
    yaml_parser_t parser;
    aw_rc rc;

    *out = (struct aw_yaml_lines){.arena = arena};
    if (!yaml_parser_initialize(&parser))
        return aw_fail(err, AW_NOMEM, "out of memory");
    yaml_parser_set_input_string(
        &parser, (const unsigned char *)(text.len ? text.ptr : ""), text.len);
    rc = read_events(&parser, &walk, err);
    yaml_parser_delete(&parser);
    return rc;
}

int aw_yaml_line(const struct aw_yaml_lines *lines, size_t entry,
                 const char *key, size_t item)
{
    int line = 1;

    for (size_t i = 0; i < lines->count; i++) {
        const struct aw_yaml_line *at = &lines->items[i];
        bool is_key = strncmp(at->key, key, KEY_MAX - 1) == 0;

        if (at->entry != entry)
            continue;
        if (at->key[0] == '\0' || (is_key && at->item == AW_YAML_WHOLE))
            line = at->line;
        if (is_key && at->item == item)
            return at->line;
    }
    return line;
}
