#include "extract/state.h"

#include <string.h>

#include "extract/literal.h"
#include "extract/text.h"

void aw_state_init(struct aw_state *state, struct aw_str script, bool json)
{
    *state = (struct aw_state){script, json ? 1 : 0};
}

static void skip(struct aw_state *state, size_t n)
{
    state->rest = aw_str_sub(state->rest, n, state->rest.len);
}

static char front(const struct aw_state *state)
{
    return state->rest.len > 0 ? state->rest.ptr[0] : '\0';
}

/* Names, numbers, true, null: what may stand in data beside strings. */
static bool is_word_char(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '_' || c == '$' ||
           c == '.' || c == '-' || c == '+' || c == '!' ||
           (unsigned char)c >= 0x80;
}

/* Behind "=" or "(": does a literal of data begin here? */
static bool enter(struct aw_state *state)
{
    state->rest = aw_literal_skip_space(state->rest);
    if (front(state) != '{' && front(state) != '[')
        return false;
    state->depth = 1;
    skip(state, 1);
    return true;
}

/* A call with data as one string: "JSON.parse('…')". */
static bool take_packed(struct aw_state *state, struct aw_buf *out)
{
    struct aw_str text;

    if (!aw_literal_begins(state->rest))
        return false;
    aw_buf_reset(out);
    if (!aw_literal_take(&state->rest, out))
        return false;
    text = aw_str_trim(aw_buf_str(out));
    return (aw_str_starts(text, AW_STR("{")) ||
            aw_str_starts(text, AW_STR("["))) &&
           aw_text_has_han(text);
}

/* From code to the next literal of data, with depth over 0, or to a string
 * that holds data; false where there is none. */
static bool find_literal(struct aw_state *state, struct aw_buf *out)
{
    while (state->rest.len > 0) {
        struct aw_str rest = state->rest;
        size_t n = 0;

        while (n < rest.len && rest.ptr[n] != '=' && rest.ptr[n] != '(')
            n++;
        skip(state, n + 1);
        if (n < rest.len &&
            (enter(state) || (rest.ptr[n] == '(' && take_packed(state, out))))
            return true;
    }
    return false;
}

/* A string in data: true where it is a value that holds Chinese. */
static bool take_string(struct aw_state *state, struct aw_buf *out)
{
    struct aw_str behind;

    aw_buf_reset(out);
    if (!aw_literal_take(&state->rest, out) ||
        !aw_text_has_han(aw_buf_str(out)))
        return false;
    behind = aw_literal_skip_space(state->rest);
    return !aw_str_starts(behind, AW_STR(":"));
}

/* One step inside of a literal. */
static bool step(struct aw_state *state, struct aw_buf *out)
{
    char c;

    state->rest = aw_literal_skip_space(state->rest);
    c = front(state);
    if (aw_literal_begins(state->rest))
        return take_string(state, out);
    if (c == '{' || c == '[') {
        state->depth++;
    } else if (c == '}' || c == ']') {
        state->depth--;
    } else if (is_word_char(c)) {
        size_t n = 1;

        while (n < state->rest.len && is_word_char(state->rest.ptr[n]))
            n++;
        skip(state, n);
        return false;
    } else if (c != ',' && c != ':') {
        state->depth = 0; /* an expression: no data */
    }
    skip(state, 1);
    return false;
}

bool aw_state_next(struct aw_state *state, struct aw_buf *out)
{
    while (state->rest.len > 0) {
        if (state->depth == 0) {
            if (!find_literal(state, out))
                return false;
            if (state->depth == 0)
                return true;
        }
        if (step(state, out))
            return true;
    }
    return false;
}

bool aw_state_holds_data(struct aw_str value)
{
    return aw_str_find(value, AW_STR("\":")) >= 0 ||
           aw_str_find(value, AW_STR("[\"")) >= 0;
}
