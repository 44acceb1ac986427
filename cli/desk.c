#include "cli/desk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/screen.h"

#define PAGE_MAX ((size_t)64 << 20)
#define TEXTS_MAX ((size_t)1 << 20)
#define TURN_MS 5000 /* after which the queue is looked at anew */
#define PAUSE_MS 300 /* who stops at a finding has it in hand */
#define TEND_MS 20   /* a key that is held down comes sooner */
#define TEND_PIECE 32

void aw_desk_init(struct aw_desk *desk)
{
    aw_arena_init(&desk->texts, TEXTS_MAX);
    aw_arena_init(&desk->page_arena, PAGE_MAX);
    aw_arena_init(&desk->finding_arena, PAGE_MAX);
    aw_buf_init(&desk->message, AW_DESK_MESSAGE_MAX);
}

void aw_desk_deinit(struct aw_desk *desk)
{
    aw_arena_deinit(&desk->texts);
    aw_arena_deinit(&desk->page_arena);
    aw_arena_deinit(&desk->finding_arena);
    aw_buf_deinit(&desk->message);
}

void aw_desk_say(struct aw_desk *desk, const char *fmt, ...)
{
    char text[AW_DESK_MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    aw_buf_reset(&desk->message);
    aw_buf_puts(&desk->message, text);
}

const struct aw_queue_item *aw_desk_item(const struct aw_desk *desk)
{
    return desk->at < desk->page.count ? &desk->page.items[desk->at] : NULL;
}

/* ---- selecting -------------------------------------------------------------
 */

static size_t place_of(const struct aw_desk *desk, int64_t finding)
{
    size_t i = 0;

    while (i < desk->selected_count && desk->selected[i].finding != finding)
        i++;
    return i;
}

bool aw_desk_is_selected(const struct aw_desk *desk, int64_t finding)
{
    return place_of(desk, finding) < desk->selected_count;
}

void aw_desk_toggle(struct aw_desk *desk, const struct aw_queue_item *item)
{
    size_t i = place_of(desk, item->id);

    if (i < desk->selected_count)
        desk->selected[i] = desk->selected[--desk->selected_count];
    else if (i < AW_ORDER_MOST)
        desk->selected[desk->selected_count++] =
            (struct aw_member){item->id, item->version};
    else
        aw_desk_say(desk, "最多选 %d 条", AW_ORDER_MOST);
}

/* ---- the finding that is looked at
 * ------------------------------------------- */

/* What another took away meanwhile is no failure: there is nothing to see. */
static aw_rc look(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_queue_item *item = aw_desk_item(desk);
    struct aw_finding finding = {0};
    struct aw_export_facts facts = {0};
    aw_rc rc = AW_OK;

    if (item && item->id == desk->finding.id) {
        finding.id = item->id; /* the place in it stays */
    } else {
        desk->claim = desk->class = 0;
        desk->scroll = 0;
    }
    memset(&desk->finding, 0, sizeof desk->finding);
    aw_arena_reset(&desk->finding_arena);
    if (!item)
        return AW_OK;
    rc = aw_store_finding_get(desk->store, &desk->finding_arena, item->id,
                              &finding, err);
    if (rc == AW_OK)
        rc = aw_store_export_facts(desk->store, &desk->finding_arena, &finding,
                                   &facts, err);
    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    desk->finding = finding;
    desk->facts = facts;
    if (desk->claim >= finding.claim_count)
        desk->claim = 0;
    return AW_OK;
}

/* ---- pages
 * -------------------------------------------------------------------- */

/* Each finding is read for its title alone: fifty of them take some ms. */
static aw_rc read_heads(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_arena one;
    aw_rc rc = AW_OK;

    desk->heads = aw_arena_array(&desk->page_arena, desk->page.count + 1,
                                 sizeof *desk->heads);
    if (!desk->heads)
        return aw_arena_fail(&desk->page_arena, err);
    aw_arena_init(&one, PAGE_MAX);
    for (size_t i = 0; i < desk->page.count && rc == AW_OK; i++) {
        struct aw_desk_head *head = &desk->heads[i];
        struct aw_finding finding = {0};

        aw_arena_reset(&one);
        rc = aw_store_finding_get(desk->store, &one, desk->page.items[i].id,
                                  &finding, err);
        if (rc == AW_OK)
            rc = aw_arena_dup(&desk->page_arena, finding.title, &head->title,
                              err);
        if (rc == AW_OK)
            rc = aw_arena_dup(&desk->page_arena,
                              finding.host.len > 0 ? finding.host
                                                   : finding.source,
                              &head->host, err);
    }
    aw_arena_deinit(&one);
    return rc;
}

aw_rc aw_desk_load(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_queue_page page = {0};
    aw_rc rc;

    aw_arena_reset(&desk->page_arena);
    desk->page = page;
    rc = aw_queue_ask(desk->queue, desk->store, &desk->question,
                      &desk->page_arena, &page, err);
    if (rc != AW_OK)
        return rc;
    desk->page = page;
    if (desk->at >= page.count)
        desk->at = page.count > 0 ? page.count - 1 : 0;
    rc = read_heads(desk, err);
    return rc == AW_OK ? look(desk, err) : rc;
}

aw_rc aw_desk_start(struct aw_desk *desk, struct aw_err *err)
{
    desk->at = 0;
    desk->before_count = 0;
    desk->question.after = (struct aw_str){0};
    return aw_desk_load(desk, err);
}

static aw_rc turn_on(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_str after = {0};
    aw_rc rc;

    if (desk->page.next.len == 0 || desk->before_count == AW_DESK_PAGES_MAX) {
        aw_desk_say(desk, "已是最后一条");
        return AW_OK;
    }
    rc = aw_arena_dup(&desk->texts, desk->page.next, &after, err);
    if (rc != AW_OK)
        return rc;
    desk->before[desk->before_count++] = desk->question.after;
    desk->question.after = after;
    desk->at = 0;
    return aw_desk_load(desk, err);
}

aw_rc aw_desk_next(struct aw_desk *desk, struct aw_err *err)
{
    if (desk->at + 1 >= desk->page.count)
        return turn_on(desk, err);
    desk->at++;
    return look(desk, err);
}

aw_rc aw_desk_previous(struct aw_desk *desk, struct aw_err *err)
{
    if (desk->at > 0) {
        desk->at--;
        return look(desk, err);
    }
    if (desk->before_count == 0)
        return AW_OK;
    desk->question.after = desk->before[--desk->before_count];
    desk->at = AW_DESK_PAGE - 1;
    return aw_desk_load(desk, err);
}

/* ---- all the while
 * -------------------------------------------------------------- */

/* What is wrong with an order is said; what is wrong with the store ends it.
 */
static aw_rc tell(struct aw_desk *desk, aw_rc rc, struct aw_err *err)
{
    if (rc != AW_INVALID && rc != AW_BUSY && rc != AW_MISSING &&
        rc != AW_LIMIT)
        return rc;
    aw_desk_say(desk, "%s", err->msg);
    return AW_OK;
}

static aw_rc idle(struct aw_desk *desk, struct aw_err *err)
{
    aw_rc rc = aw_desk_lease_due(desk) ? aw_desk_lease(desk, err)
                                       : aw_desk_load(desk, err);

    desk->untended = true; /* a crawl may go on beside */
    return rc;
}

/* A piece of what the queue has to do. Where it fails, that is said and left
 * until the desk is idle: deciding does not wait for it. */
static void tend(struct aw_desk *desk)
{
    struct aw_err err;

    if (aw_queue_tend(desk->queue, desk->store, TEND_PIECE, &desk->untended,
                      &err) == AW_OK)
        return;
    desk->untended = false;
    aw_desk_say(desk, "%s", err.msg);
}

/* Waits for a key, and meanwhile works off what the queue has to do, a piece
 * at a time: the first start after an upgrade has work of minutes. */
static uint32_t await_key(struct aw_desk *desk)
{
    int64_t left = aw_desk_lease_due(desk) ? PAUSE_MS : TURN_MS;
    int64_t until = aw_clock_mono(desk->clock) + left;
    uint32_t key;

    do {
        key = aw_screen_key(
            (int)(desk->untended && left > TEND_MS ? TEND_MS : left));
        if (key == AW_KEY_NONE && desk->untended)
            tend(desk);
        left = until - aw_clock_mono(desk->clock);
    } while (key == AW_KEY_NONE && left > 0);
    return key;
}

static aw_rc turn(struct aw_desk *desk, struct aw_err *err)
{
    uint32_t key;

    aw_desk_draw(desk);
    key = await_key(desk);
    if (key == AW_KEY_NONE)
        return tell(desk, idle(desk, err), err);
    if (key == AW_KEY_RESIZE)
        return AW_OK;
    aw_buf_reset(&desk->message);
    return tell(desk, aw_desk_press(desk, key, err), err);
}

aw_rc aw_desk_run(struct aw_desk *desk, struct aw_err *err)
{
    aw_rc rc = aw_desk_start(desk, err);

    if (rc == AW_OK)
        rc = aw_screen_open(err);
    if (rc != AW_OK)
        return rc;
    aw_desk_say(desk, "按 ? 看键位");
    desk->untended = true;
    while (rc == AW_OK && !desk->over)
        rc = turn(desk, err);
    aw_screen_close();
    return rc == AW_OK ? aw_desk_lease_end(desk, err) : rc;
}
