/* wire.h - the fields in the head of a frame (protocol.h).
 *
 * A number is eight bytes in host order; a real number likewise. A text is its
 * length as four bytes, its bytes, and a NUL: UTF-8 without a NUL in it. A
 * list is the number of its items, then the items. Nothing is padded.
 *
 * Reading, nothing is believed: each field is asked for by its name and with
 * the most that it may be. After the first field that is not as it should be
 * (rc and err tell of it) all that is read is 0 or empty, so that who reads
 * may ask once, in the end; a list is empty then, too.
 */
#ifndef AW_READER_WIRE_H
#define AW_READER_WIRE_H

#include "base/arena.h"
#include "base/buf.h"

/* What stands first in an answer and in the first frame of a reader. */
enum aw_wire_kind {
    AW_WIRE_FAILED, /* then a text: why */
    AW_WIRE_OK,
    AW_WIRE_LARGE, /* then nothing */
    AW_WIRE_KIND_COUNT
};

void aw_wire_put_number(struct aw_buf *out, uint64_t number);
void aw_wire_put_real(struct aw_buf *out, double real);

/* Malformed UTF-8 becomes U+FFFD; it is cut before a NUL. */
void aw_wire_put_text(struct aw_buf *out, struct aw_str text);

struct aw_wire {
    struct aw_str rest; /* not read yet */
    struct aw_arena *arena;
    struct aw_err *err;
    aw_rc rc; /* AW_READER, or AW_NOMEM; then err has the words */
};

/* arena may be NULL where no list is asked for. */
void aw_wire_init(struct aw_wire *wire, struct aw_str head,
                  struct aw_arena *arena, struct aw_err *err);

/* Fails as AW_READER, unless it has failed before. */
void aw_wire_fail(struct aw_wire *wire, const char *name, const char *why);

uint64_t aw_wire_number(struct aw_wire *wire, const char *name, uint64_t most);
bool aw_wire_flag(struct aw_wire *wire, const char *name);

/* 0 to most. */
double aw_wire_real(struct aw_wire *wire, const char *name, double most);

/* A view into the head, ended by a NUL; at most `most` bytes. */
struct aw_str aw_wire_text(struct aw_wire *wire, const char *name,
                           size_t most);

/* Begins a list of at most `most` items: room for them, each of size bytes and
 * zeroed, in the arena. */
void *aw_wire_list(struct aw_wire *wire, const char *name, size_t most,
                   size_t size, size_t *count);

/* What was read, to its end? */
aw_rc aw_wire_end(struct aw_wire *wire) AW_MUST_USE;

#endif
