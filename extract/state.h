/* state.h - texts in the data that a page hands to its scripts: JSON in a
 * script element, and object and array literals in code.
 *
 *     <script type="application/json">{"title":"…"}</script>
 *     window.__STATE__ = {title: '…', tags: ["…"]};
 *     self.push([1, "…"]);  JSON.parse('{"title":"…"}')
 *
 * Values that hold Chinese are told, in the order of the text; keys are not. A
 * value may hold data itself (JSON in a string): aw_state_holds_data.
 * Literals need not be whole: what a page breaks off is read up to there, and
 * what is no data (a function's body) ends it. Nothing is run.
 */
#ifndef AW_EXTRACT_STATE_H
#define AW_EXTRACT_STATE_H

#include "base/buf.h"

struct aw_state {
    struct aw_str rest;
    size_t depth; /* of brackets; 0: between literals */
};

/* json: the script is data, not code. */
void aw_state_init(struct aw_state *state, struct aw_str script, bool json);

/* The next value goes to out, which is emptied first; false at the end. */
bool aw_state_next(struct aw_state *state, struct aw_buf *out);

/* Does a value look like JSON? */
bool aw_state_holds_data(struct aw_str value);

#endif
