/* row.h - a finding as a row of the list (ROW of the API), and the question
 * that a query string asks. */
#ifndef AW_WEB_ROW_H
#define AW_WEB_ROW_H

#include "review/queue.h"
#include "review/user.h"
#include "web/route.h"

/* As item->publisher: the caller tells the publisher, with more of it. */
#define AW_ROW_PUBLISHER_APART INT64_C(-1)

/* Appends the members of a ROW without the braces, so that a caller can add
 * its own: item is of the queue, the rest is read from the store. */
aw_rc aw_row_json(struct aw_buf *out, struct aw_store *store,
                  const struct aw_queue_item *item, int64_t now_ms,
                  struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;

/* A parameter of a query by its name, decoded; empty where it is not given. */
typedef struct aw_str aw_query_fn(void *self, const char *name);

/* What is asked for by who asks; AW_INVALID names the parameter that is
 * wrong. */
aw_rc aw_question_read(struct aw_question *out, aw_query_fn *query, void *self,
                       const struct aw_user *user,
                       struct aw_err *err) AW_MUST_USE;

/* The same from a query string, "state=new&q=%E4%BF%9D": decoded into the
 * arena. */
aw_rc aw_question_parse(struct aw_question *out, struct aw_str query,
                        const struct aw_user *user, struct aw_arena *arena,
                        struct aw_err *err) AW_MUST_USE;

#endif
