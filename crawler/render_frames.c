#include <stdio.h>

#include "base/json.h"
#include "crawler/render_private.h"

#define PARAMS_MAX ((size_t)4 << 10)
#define BYTES_OF_UNIT 3 /* of UTF-8, at most, for each unit of a script */
#define AROUND_MAX                                           \
    16384 /* units around a frame's HTML: its address, twice \
           */

/* ---- children: what the browser attaches to the page -------------------- */

/* Frames of other sites, and workers, wait until they are let go; frames ask
 * through us as well. */
static void let_go(struct aw_render_page *page, const char *session,
                   bool is_frame)
{
    static const struct {
        const char *method, *params;
    } commands[] = {
        {"Fetch.enable", "{\"patterns\":[{\"urlPattern\":\"*\"}]}"},
        {"Page.enable", ""},
        {"Target.setAutoAttach",
         "{\"autoAttach\":true,\"waitForDebuggerOnStart\":true,"
         "\"flatten\":true}"},
    };

    for (size_t i = 0; is_frame && i < sizeof commands / sizeof *commands; i++)
        aw_render_send_to(page, session, commands[i].method,
                          aw_str_of(commands[i].params), NULL);
    aw_render_send_to(page, session, "Runtime.runIfWaitingForDebugger",
                      AW_STR(""), NULL);
}

static void put_id(char out[AW_DEVTOOLS_ID_MAX], struct aw_str id)
{
    (void)snprintf(out, AW_DEVTOOLS_ID_MAX, "%.*s", AW_STR_ARG(id));
}

static void keep_child(struct aw_render_page *page, const char *session)
{
    if (page->child_count < AW_RENDER_FRAMES_MAX)
        put_id(page->children[page->child_count++], aw_str_of(session));
    else
        page->lacks = true;
}

static void close_target(struct aw_render_page *page, struct aw_str id)
{
    struct aw_buf params;

    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "targetId", id);
    aw_json_close(&params, '}');
    aw_render_send_to(page, "", "Target.closeTarget", aw_buf_str(&params),
                      NULL);
    aw_buf_deinit(&params);
}

void aw_render_on_child(struct aw_render_page *page,
                        const struct aw_devtools_message *event)
{
    struct aw_str id = aw_devtools_text(event, "params.targetInfo.targetId");
    struct aw_str type = aw_devtools_text(event, "params.targetInfo.type");
    bool is_frame = aw_str_eq(type, AW_STR("iframe"));
    char session[AW_DEVTOOLS_ID_MAX];

    put_id(session, aw_devtools_text(event, "params.sessionId"));
    if (aw_str_eq(id, aw_str_of(page->target)))
        return;
    if (is_frame)
        keep_child(page, session);
    if (is_frame || aw_str_eq(type, AW_STR("worker")))
        let_go(page, session, is_frame);
    else if (aw_str_eq(type, AW_STR("page")))
        close_target(page, id);
}

void aw_render_on_child_gone(struct aw_render_page *page,
                             const struct aw_devtools_message *event)
{
    struct aw_str session = aw_devtools_text(event, "params.sessionId");

    for (size_t i = 0; i < page->child_count; i++)
        if (aw_str_eq(session, aw_str_of(page->children[i]))) {
            page->child_count--;
            put_id(page->children[i],
                   aw_str_of(page->children[page->child_count]));
            return;
        }
}

void aw_render_on_window(struct aw_render_page *page,
                         const struct aw_devtools_message *event)
{
    struct aw_str id = aw_devtools_text(event, "params.targetInfo.targetId");

    if (page->target[0] && !aw_str_eq(id, aw_str_of(page->target)) &&
        aw_str_eq(aw_devtools_text(event, "params.targetInfo.type"),
                  AW_STR("page")) &&
        aw_str_eq(aw_devtools_text(event,
                                   "params.targetInfo.browserContextId"),
                  aw_str_of(page->context)))
        close_target(page, id);
}

void aw_render_stop_children(struct aw_render_page *page)
{
    for (size_t i = 0; i < page->child_count; i++) {
        aw_render_send_to(page, page->children[i],
                          "Emulation.setScriptExecutionDisabled",
                          AW_STR("{\"value\":true}"), NULL);
        aw_render_send_to(page, page->children[i],
                          "Runtime.terminateExecution", AW_STR(""), NULL);
    }
}

/* ---- which frames there are --------------------------------------------- */

struct tree_walk {
    struct aw_render_page *page;
    struct aw_str session;
};

static void add_frame(struct aw_render_page *page, struct aw_str session,
                      struct aw_str id)
{
    struct aw_render_frame *frame = &page->frames[page->frame_count];

    if (page->frame_count == AW_RENDER_FRAMES_MAX) {
        aw_render_lack(page, "more frames than are read");
        return;
    }
    put_id(frame->session, session);
    put_id(frame->id, id);
    page->frame_count++;
}

/* A frame that stands in another one comes behind it. Frames of other
 * processes are not in their parent's tree, but have one of their own. */
static void on_branch(void *self, const struct aw_devtools_message *branch)
{
    const struct tree_walk *walk = self;

    add_frame(walk->page, walk->session, aw_devtools_text(branch, "frame.id"));
    aw_devtools_items(branch, "childFrames", on_branch, self);
}

static void next_frame(struct aw_render_page *page);

static void on_tree(void *self, const struct aw_devtools_message *reply,
                    const char *failed)
{
    struct aw_render_page *page = self;
    struct tree_walk walk = {page, aw_devtools_text(reply, "sessionId")};
    bool is_page = aw_str_eq(walk.session, aw_str_of(page->session));

    if (page->phase != AW_RENDER_FRAMES)
        return;
    if (failed)
        aw_render_lack(page, "a frame went while it was read");
    else if (!is_page)
        add_frame(page, walk.session,
                  aw_devtools_text(reply, "result.frameTree.frame.id"));
    if (!failed)
        aw_devtools_items(reply, "result.frameTree.childFrames", on_branch,
                          &walk);
    if (--page->trees == 0)
        next_frame(page);
}

/* ---- what stands in them ------------------------------------------------ */

/* How much of a frame's HTML still finds room, in units of a script. */
static int64_t room(const struct aw_render_page *page)
{
    int64_t most = page->browser->pool->config.limits->html_max;

    return (most - (int64_t)page->html.len) / BYTES_OF_UNIT - AROUND_MAX;
}

static void put_frame(struct aw_render_page *page,
                      const struct aw_devtools_message *reply)
{
    struct aw_str html = aw_devtools_text(reply, "result.result.value.html");

    if (aw_devtools_int(reply, "result.result.value.cut", 0) != 0)
        page->html_cut = true;
    if ((int64_t)(page->html.len + html.len) <=
        page->browser->pool->config.limits->html_max)
        aw_buf_put(&page->html, html);
    else
        page->html_cut = true;
}

static void on_frame(void *self, const struct aw_devtools_message *reply,
                     const char *failed)
{
    struct aw_render_page *page = self;

    if (page->phase != AW_RENDER_FRAMES)
        return;
    if (failed || aw_devtools_text(reply, "result.exceptionDetails.text").len)
        aw_render_lack(page, "a frame went while it was read");
    else
        put_frame(page, reply);
    page->frame++;
    next_frame(page);
}

static void on_frame_world(void *self, const struct aw_devtools_message *reply,
                           const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    if (page->phase != AW_RENDER_FRAMES)
        return;
    if (failed) {
        on_frame(page, reply, failed);
        return;
    }
    aw_buf_init(&params, AW_RENDER_COMMAND_MAX);
    aw_render_script_frame(&params,
                           aw_devtools_int(reply, "result.executionContextId",
                                           0),
                           room(page));
    aw_render_send_to(page, page->frames[page->frame].session,
                      "Runtime.evaluate", aw_buf_str(&params), on_frame);
    aw_buf_deinit(&params);
}

/* One after the other: what is kept of one tells what room there is. */
static void next_frame(struct aw_render_page *page)
{
    const struct aw_render_frame *frame = &page->frames[page->frame];
    struct aw_buf params;

    if (page->frame < page->frame_count && room(page) <= 0)
        page->html_cut = true;
    if (page->frame == page->frame_count || page->html_cut) {
        aw_render_tell_dom(page);
        return;
    }
    aw_buf_init(&params, PARAMS_MAX);
    aw_render_world_params(&params, frame->id);
    aw_render_send_to(page, frame->session, "Page.createIsolatedWorld",
                      aw_buf_str(&params), on_frame_world);
    aw_buf_deinit(&params);
}

/* Half of the page's time that is left: screenshots are to come. */
static int64_t time_for_frames(const struct aw_render_page *page)
{
    int64_t spent = aw_render_now(page) - page->began_ms - page->waited_ms;
    int64_t left = page->browser->pool->config.limits->page_ms - spent;

    return left > 0 ? left / 2 : 0;
}

void aw_render_read_frames(struct aw_render_page *page)
{
    page->phase = AW_RENDER_FRAMES;
    page->frames_until_ms = aw_render_now(page) + time_for_frames(page);
    page->trees = 1 + page->child_count;
    aw_render_send_to(page, page->session, "Page.getFrameTree", AW_STR(""),
                      on_tree);
    for (size_t i = 0; i < page->child_count; i++)
        aw_render_send_to(page, page->children[i], "Page.getFrameTree",
                          AW_STR(""), on_tree);
}

void aw_render_look_at_frames(struct aw_render_page *page)
{
    if (aw_render_now(page) <= page->frames_until_ms)
        return;
    aw_render_lack(page, "its frames were not read in time");
    aw_render_tell_dom(page);
}
