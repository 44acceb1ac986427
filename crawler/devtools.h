/* devtools.h - a browser at the other end of a pipe.
 *
 * The Chrome DevTools Protocol as --remote-debugging-pipe speaks it: JSON
 * messages, each ended by a NUL; commands with an id go there, replies with
 * that id and events with a method come back. Sessions are flat: one pipe for
 * the browser and all its pages.
 *
 * What comes from the browser is untrusted, since a hostile page may have
 * taken it over: the bytes of a message, its values and its nesting meet
 * limits; what breaks them ends the pipe.
 *
 * Lives in the caller's loop; every call back comes from aw_loop_wait.
 */
#ifndef AW_CRAWLER_DEVTOOLS_H
#define AW_CRAWLER_DEVTOOLS_H

#include "base/buf.h"
#include "base/loop.h"

#define AW_DEVTOOLS_MESSAGE_MAX ((size_t)96 << 20) /* bytes of one, read */
#define AW_DEVTOOLS_VALUES_MAX ((size_t)64 << 10)  /* of JSON in one */
#define AW_DEVTOOLS_NESTING_MAX 100
#define AW_DEVTOOLS_QUEUE_MAX ((size_t)64 << 20) /* bytes that wait to go */
#define AW_DEVTOOLS_PENDING_MAX 4096             /* replies waited for */
#define AW_DEVTOOLS_ID_MAX 128 /* bytes of any id, with NUL */

struct aw_devtools;
struct aw_devtools_message; /* dies with the call that gives it */

/* The text at a path of names ("params.request.url"); empty where there is
 * none. */
struct aw_str aw_devtools_text(const struct aw_devtools_message *message,
                               const char *path);

/* The number there, cut to an integer; missing where there is none, or it
 * does not fit. */
int64_t aw_devtools_int(const struct aw_devtools_message *message,
                        const char *path, int64_t missing);

/* Each name of the object there whose value is a text. */
typedef void aw_devtools_pair_fn(void *self, struct aw_str name,
                                 struct aw_str value);
void aw_devtools_each(const struct aw_devtools_message *message,
                      const char *path, aw_devtools_pair_fn *visit,
                      void *self);

/* Each object in the list there, as a message of its own. */
typedef void aw_devtools_item_fn(void *self,
                                 const struct aw_devtools_message *item);
void aw_devtools_items(const struct aw_devtools_message *message,
                       const char *path, aw_devtools_item_fn *visit,
                       void *self);

/* A reply: failed is why the browser did not do it, or NULL. */
typedef void aw_devtools_reply_fn(void *self,
                                  const struct aw_devtools_message *reply,
                                  const char *failed);

struct aw_devtools_config {
    struct aw_loop *loop;
    int fd; /* a socket, non-blocking; stays the caller's */
    void (*event)(void *self, struct aw_str method,
                  const struct aw_devtools_message *event);
    /* It is over, and nothing more comes: "closed the pipe", "message over
     * ... bytes". The devtools may not be freed from within. */
    void (*ended)(void *self, const char *why);
    void *self;
};

aw_rc aw_devtools_new(struct aw_devtools **out,
                      const struct aw_devtools_config *config,
                      struct aw_err *err) AW_MUST_USE;
void aw_devtools_free(struct aw_devtools *devtools);

/* Sends a command. session: "" for the browser itself. params: a JSON object,
 * or empty. on_reply may be NULL: then nobody asks. What cannot be sent ends
 * the pipe, at the next turn of the loop. */
void aw_devtools_send(struct aw_devtools *devtools, const char *session,
                      const char *method, struct aw_str params,
                      aw_devtools_reply_fn *on_reply, void *self);

/* Replies that self waits for are no longer told. */
void aw_devtools_forget(struct aw_devtools *devtools, const void *self);

/* Appends bytes as a text of base64 (RFC 4648) to JSON. */
void aw_devtools_put_base64(struct aw_buf *out, const char *name,
                            struct aw_str bytes);

/* Undoes it; AW_INVALID where text is none, AW_LIMIT where out is full. */
aw_rc aw_devtools_base64(struct aw_str text, struct aw_buf *out,
                         struct aw_err *err) AW_MUST_USE;

#endif
