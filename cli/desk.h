/* desk.h - the review queue on a whole terminal: what `adwatch desk` shows.
 *
 * The same keys as the page, by the same functions: review/queue.h tells what
 * stands there, review/batch.h decides and takes back. desk.c holds the state
 * and moves in it, desk_draw.c shows it, desk_keys.c does what keys say.
 */
#ifndef AW_CLI_DESK_H
#define AW_CLI_DESK_H

#include "base/log.h"
#include "reports/provisions.h"
#include "review/batch.h"
#include "review/queue.h"
#include "store/exports.h"

#define AW_DESK_PAGE 50        /* rows that are held */
#define AW_DESK_PAGES_MAX 1000 /* that can be turned back to */
#define AW_DESK_MESSAGE_MAX ((size_t)2 << 10)

enum aw_desk_view { AW_DESK_CLAIMS, AW_DESK_HISTORY, AW_DESK_EVIDENCE };
#define AW_DESK_VIEWS 3

/* What a row of the list says. */
struct aw_desk_head {
    struct aw_str title, host;
};

struct aw_desk {
    const struct aw_clock *clock;
    struct aw_store *store;
    struct aw_queue *queue;
    const struct aw_provisions *provisions;
    struct aw_str who;
    const struct aw_user *by; /* NULL: the store has no users */

    struct aw_question question;
    struct aw_arena texts; /* of the question, and of pages gone by */
    struct aw_str before[AW_DESK_PAGES_MAX];
    size_t before_count;

    struct aw_arena page_arena;
    struct aw_queue_page page;
    struct aw_desk_head *heads;
    size_t at; /* the row that is looked at */

    struct aw_arena finding_arena;
    struct aw_finding finding; /* id 0: there is none */
    struct aw_export_facts facts;
    size_t claim; /* that is looked at */
    size_t class; /* chosen by hand: 1 is the first; 0: none */
    enum aw_desk_view view;
    int scroll; /* rows of the view that are above the pane */

    struct aw_member selected[AW_ORDER_MOST];
    size_t selected_count;

    int64_t leased; /* the finding that this user has in hand; or 0 */
    int64_t asked;  /* for which a lease was asked for last */
    int64_t asked_ms;

    struct aw_buf message; /* what happened last */
    bool untended;         /* the queue has work to do (aw_queue_tend) */
    bool over;
};

/* The desk's config comes in the members up to `question`. */
void aw_desk_init(struct aw_desk *desk);
void aw_desk_deinit(struct aw_desk *desk);

/* Shows the terminal until somebody leaves. */
aw_rc aw_desk_run(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;

/* ---- state (desk.c) -------------------------------------------------------
 */

/* Asks the queue anew, for the page that `question` names, and looks at the
 * row that is as near as can be to where it was. */
aw_rc aw_desk_load(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;

/* From the first page, with a question that was changed. */
aw_rc aw_desk_start(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;

/* One row on or back, over the edge of a page too. */
aw_rc aw_desk_next(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;
aw_rc aw_desk_previous(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;

/* The row that is looked at; NULL: there is none. */
const struct aw_queue_item *aw_desk_item(const struct aw_desk *desk);

bool aw_desk_is_selected(const struct aw_desk *desk, int64_t finding);
void aw_desk_toggle(struct aw_desk *desk, const struct aw_queue_item *item);

void aw_desk_say(struct aw_desk *desk, const char *fmt, ...) AW_PRINTF(2, 3);

/* ---- what is in hand (desk_lease.c)
 * ------------------------------------------- */

/* Is the lease on what is looked at to be asked for, or renewed, by now? */
bool aw_desk_lease_due(const struct aw_desk *desk);

/* Takes or renews it, and gives up the one before. Who else has the finding is
 * said, and no failure. */
aw_rc aw_desk_lease(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;
aw_rc aw_desk_lease_end(struct aw_desk *desk, struct aw_err *err) AW_MUST_USE;

/* ---- what is seen (desk_draw.c), what keys do (desk_keys.c)
 * ------------------ */

void aw_desk_draw(const struct aw_desk *desk);
aw_rc aw_desk_press(struct aw_desk *desk, uint32_t key,
                    struct aw_err *err) AW_MUST_USE;

/* The keys, for the foot and for help: NULL ends them. */
struct aw_desk_key {
    uint32_t key;
    const char *name; /* how it is written; NULL: as the one before */
    const char *does; /* in two characters */
    const char *help;
    aw_rc (*press)(struct aw_desk *desk, struct aw_err *err);
};
extern const struct aw_desk_key aw_desk_keys[];

#endif
