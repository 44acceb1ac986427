/* json.h - JSON written straight into a buffer. (RFC 8259)
 *
 * Text may hold any byte, NUL too; malformed UTF-8 becomes U+FFFD. Strings
 * are escaped as RFC 8785 wants it, so that what is written in the order of
 * its keys, with integers and texts alone, is canonical and can be hashed.
 *
 *     aw_json_open(out, NULL, '{');
 *     aw_json_int(out, "id", 7);
 *     aw_json_text(out, "url", url);
 *     aw_json_close(out, '}');
 *
 * gives {"id":7,"url":"..."}. Commas are put where they belong. A name of
 * NULL is for members of an array and for the outermost value. Failures
 * stick in the buffer (buf.h).
 */
#ifndef AW_BASE_JSON_H
#define AW_BASE_JSON_H

#include "base/buf.h"

void aw_json_open(struct aw_buf *out, const char *name, char bracket);
void aw_json_close(struct aw_buf *out, char bracket);

void aw_json_text(struct aw_buf *out, const char *name, struct aw_str value);
void aw_json_int(struct aw_buf *out, const char *name, int64_t value);

/* As short as reads back the same; null where it is no finite number. */
void aw_json_real(struct aw_buf *out, const char *name, double value);
void aw_json_bool(struct aw_buf *out, const char *name, bool value);

/* value is JSON already. */
void aw_json_raw(struct aw_buf *out, const char *name, struct aw_str value);

/* True where json holds more than `most` values, counted by the brackets and
 * commas outside of its texts; it may be malformed. Ask before cJSON_Parse:
 * cJSON takes 64 bytes for each value, for those of "[[[" too, and what is
 * small outside must not be large here. */
bool aw_json_too_many(struct aw_str json, size_t most);

#endif
