/* frames.h - captured pages, asked for over a connection as browsers do. */
#ifndef AW_TESTS_WEB_FRAMES_H
#define AW_TESTS_WEB_FRAMES_H

#include "tests/web/socket.h"

#include "extract/replay.h"
#include "store/users.h"
#include "web/replay.h"

#define FRAMES_HOST "127.0.0.1:8711" /* as its browser calls it */
#define FRAMES_ORIGIN "http://" FRAMES_HOST

/* The key of a session. */
#define FRAMES_SESSION \
    "5e551050000000000000000000000000000000000000000000000000000000aa"

/* Somebody comes in. */
static inline void frames_come_in(struct aw_store *store, int64_t now_ms)
{
    struct aw_user_row user = {.created_ms = now_ms,
                               .name = AW_STR("fang-wang"),
                               .role = AW_STR("reviewer"),
                               .password = AW_STR("none"),
                               .active = true};
    struct aw_session_row session = {.key = AW_STR(FRAMES_SESSION),
                                     .csrf = AW_STR("none"),
                                     .created_ms = now_ms,
                                     .seen_ms = now_ms,
                                     .expires_ms = now_ms + 36000000};
    struct aw_err err;

    assert_int_equal(aw_store_user_add(store, &user, &err), AW_OK);
    session.user = user.id;
    assert_int_equal(aw_store_session_add(store, &session, &err), AW_OK);
}

struct frames_asked {
    struct aw_frames *frames;
    struct aw_http_reply *reply;
};

static inline void frames_drop(struct aw_http_reply *reply)
{
    aw_buf_deinit(&reply->body);
    aw_arena_deinit(&reply->arena);
    *reply = (struct aw_http_reply){.status = 200, .fd = -1};
}

/* What is sent is kept: a socket is slow to read, and has no fields. */
static inline void frames_answer(void *self,
                                 const struct aw_http_request *request,
                                 struct aw_http_reply *sent)
{
    const struct frames_asked *asked = self;
    struct aw_http_reply *kept = asked->reply;
    struct aw_err err;

    aw_frames_answer(asked->frames, request, sent);
    kept->status = sent->status;
    kept->type = sent->type;
    aw_buf_put(&kept->body, aw_buf_str(&sent->body));
    for (size_t i = 0; i < sent->field_count; i++)
        assert_int_equal(aw_http_reply_field(kept, sent->fields[i].name,
                                             sent->fields[i].value, &err),
                         AW_OK);
}

/* line: "GET /PASS/URL"; fields: each ends with CRLF. */
static inline void frames_ask(struct aw_frames *frames, const char *line,
                              const char *fields, struct aw_http_reply *reply)
{
    struct frames_asked asked = {frames, reply};
    struct aw_http_config config = {.bind = "127.0.0.1",
                                    .connections_max = 4,
                                    .idle_s = 30,
                                    .body_max = 1024,
                                    .reply_max = (size_t)64 << 20,
                                    .answer = frames_answer,
                                    .self = &asked};
    static char answer[ANSWER_MAX];
    struct aw_http *http = NULL;
    struct aw_buf request;
    struct aw_err err;

    frames_drop(reply);
    aw_buf_init(&reply->body, config.reply_max);
    aw_arena_init(&reply->arena, (size_t)1 << 20);
    aw_buf_init(&request, (size_t)64 << 10);
    aw_buf_printf(&request, "%s HTTP/1.1\r\n%sConnection: close\r\n\r\n", line,
                  fields);
    assert_int_equal(aw_http_new(&http, &config, &err), AW_OK);
    assert_int_equal(aw_http_start(http, &err), AW_OK);
    ask(aw_http_port(http), request.ptr, answer);
    aw_http_free(http);
    aw_buf_deinit(&request);
    assert_int_equal(status_of(answer), reply->status);
}

#endif
