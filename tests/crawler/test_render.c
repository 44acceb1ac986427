/* Pages in a real browser, from a small server of our own in a child process.
 * The browser keeps the machine's network namespace, so that what holds it in
 * is what holds it everywhere. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/render.h"
#include "crawler/render_process.h"

#define LIFE_S 900   /* of the server */
#define PATIENCE 300 /* s, for one page on a slow machine */
#define SHOTS 2
#define MARK_MS 10000

/* ---- the server --------------------------------------------------------- */

#define PAGE(body) "<!doctype html><meta charset=utf-8><title>页</title>" body

/* %d: the port of what must not be asked. */
static const struct {
    const char *path, *type, *body;
} files[] = {
    {"/built", "text/html",
     PAGE("<div id=a></div><script>fetch('/data.json').then(r => r.json())"
          ".then(d => a.innerHTML = '<p>' + d.a + '<b>' + d.b + "
          "'</b></p>')</script>")},
    {"/data.json", "application/json",
     "{\"a\":\"\xE4\xBF\x9D\xE6\x9C\xAC \",\"b\":\"\xE4\xBF\x9D"
     "\xE6\x81\xAF\"}"},
    {"/lazy", "text/html",
     PAGE("<div style='height:4000px'>top</div>"
          "<img loading=lazy width=50 height=50 src=/lazy.svg>")},
    {"/lazy.svg", "image/svg+xml",
     "<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>"},
    {"/ways-out", "text/html",
     PAGE("<p>inside</p><link rel=dns-prefetch href=//out.example>"
          "<link rel=preconnect href=http://127.0.0.2:%d>"
          "<link rel=prefetch href=http://127.0.0.2:%d/p>"
          "<img src=http://127.0.0.2:%d/i><img src=http://localhost:%d/i>"
          "<iframe src=http://127.0.0.2:%d/f></iframe>"
          "<iframe src=file:///etc/passwd></iframe>"
          "<script>const at = '127.0.0.2:%d';"
          "try { new WebSocket('ws://' + at + '/w') } catch (x) {}"
          "try { new EventSource('http://' + at + '/e') } catch (x) {}"
          "try { navigator.sendBeacon('http://' + at + '/b', 'x') }"
          " catch (x) {}"
          "fetch('http://' + at + '/x').catch(() => 0);"
          "fetch('http://' + at + '/x', {method: 'POST', mode: 'no-cors'})"
          ".catch(() => 0);"
          "new Worker(URL.createObjectURL(new Blob([\"fetch('http://\" + at +"
          "\"/k').catch(() => 0)\"])));"
          "const p = new RTCPeerConnection({iceServers:"
          "[{urls: 'stun:' + at}]}); p.createDataChannel('d');"
          "p.createOffer().then(o => p.setLocalDescription(o));</script>")},
    {"/noise", "text/html",
     PAGE("<p>quiet</p><a id=d download=f.bin href=/data.json>d</a><script>"
          "onbeforeunload = () => 'stay'; alert(1); confirm(2); prompt(3);"
          "for (let i = 0; i < 5; i++) open('/built');"
          "d.click(); print();"
          "setTimeout(() => alert(4), 300);</script>")},
    {"/endless", "text/html",
     PAGE("<p>before the loop</p><script>setTimeout(() => { for (;;); }, 50)"
          "</script>")},
    {"/glutton", "text/html",
     PAGE("<p>hungry</p><script>const all = []; setInterval(() => {"
          "for (let i = 0; i < 20; i++) {"
          "const b = new Uint8Array(1 << 24); b.fill(i + 1); all.push(b); }"
          "}, 10)</script>")},
    {"/many", "text/html",
     PAGE("<p>pictures</p><script>for (let i = 0; i < 10000; i++)"
          "new Image().src = '/lazy.svg?' + i</script>")},
    {"/onward", "text/html",
     PAGE("<p>onward</p><script>location.href = '/onward?' + Math.random()"
          "</script>")},
    {"/leaves", "text/html",
     PAGE("<p>still here</p><script>location.href = '/forbidden'</script>")},
    {"/broken-script", "text/html",
     PAGE("<p>broken</p><script src=/fails></script>")},
    {"/late-data", "text/html",
     PAGE("<p>late</p><script>fetch('/silent')</script>")},
    {"/posts", "text/html",
     PAGE("<p>posts</p><script>fetch('/data.json', {method: 'POST'})"
          ".catch(() => 0)</script>")},
    {"/no-script", "text/html",
     PAGE("<p>none</p><script src=/missing.js></script>"
          "<img src=/fails>")},
    {"/forbidden", "text/html", PAGE("<p>forbidden</p>")},
    {"/hangs", "text/html", PAGE("<p>waits</p><img src=/silent>")},
    {"/hangs-on", "text/html", PAGE("<p>waits</p><img src=/watched>")},
    {"/shadow", "text/html",
     PAGE("<div id=h></div><iframe id=f></iframe><script>"
          "h.attachShadow({mode: 'open'}).innerHTML = '<p>in the shadow</p>';"
          "f.contentDocument.body.innerHTML = '<p>in the frame</p>'"
          "</script>")},
    {"/frames", "text/html",
     PAGE("<p>around</p><script>const put = (more) => document.write("
          "'<iframe ' + more + '></iframe>'), at = 'http://localhost:' + "
          "location.port;"
          "put('src=' + at + '/deep/outer');"
          "put('sandbox=allow-scripts src=/boxed');"
          "put('style=display:none src=' + at + '/unseen');"
          "put('src=/boxed srcdoc=written')</script>")},
    {"/deep/outer", "text/html",
     PAGE("<p>of another site</p><a href=on.html>on</a><p id=a></p>"
          "<script>a.textContent = 'made \"there\" & then';"
          "document.write('<iframe src=http://127.0.0.1:' + location.port +"
          " '/boxed?2></iframe>')</script>")},
    {"/boxed", "text/html",
     PAGE("<p id=b></p><script>b.textContent = 'in a box' + location.search;"
          "</script>")},
    {"/unseen", "text/html", PAGE("<p>nobody sees</p>")},
    {"/frame-loops", "text/html",
     PAGE("<p>calm</p><script>document.write('<iframe src=http://localhost:'"
          " + location.port + '/endless></iframe>')</script>")},
    {"/frame-missing", "text/html",
     PAGE("<p>alone</p><script>document.write('<iframe src=http://localhost:'"
          " + location.port + '/fails></iframe>')</script>")},
    {"/many-frames", "text/html",
     PAGE("<p>crowd</p><script>for (let i = 0; i < 60; i++)"
          "document.write('<iframe srcdoc=\"<p>n' + i + '.\"></iframe>')"
          "</script>")},
    {"/high", "text/html", PAGE("<div style='height:30000px'>high</div>")},
    {"/cookie", "text/html",
     PAGE("<p>first</p><script>if (!document.cookie.includes('k')) {"
          "document.cookie = 'k=1'; location.reload(); }"
          "else document.querySelector('p').textContent = 'second'"
          "</script>")},
};

static void put(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t done = send(fd, text, len, MSG_NOSIGNAL);

        if (done <= 0)
            _exit(0);
        text += done;
        len -= (size_t)done;
    }
}

static void put_file(int fd, const char *type, const char *body, int port)
{
    char text[8192];
    char head[256];
    int len =
        snprintf(text, sizeof text, body, port, port, port, port, port, port);

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                   "Content-Length: %d\r\nConnection: close\r\n\r\n",
                   type, len);
    put(fd, head, strlen(head));
    put(fd, text, (size_t)len);
}

static int gone[2]; /* pipe: a byte for each client that hung up */

static void await_its_end(int fd)
{
    char byte;

    (void)!recv(fd, &byte, 1, 0);
    (void)!write(gone[1], "", 1);
    _exit(0);
}

static void serve_one(int fd, int forbidden_port)
{
    static const char missing[] =
        "HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char failed[] =
        "HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char moved[] = "HTTP/1.1 302 Found\r\nLocation: /built\r\n"
                                "Content-Length: 0\r\nConnection: close\r\n"
                                "\r\n";
    char request[8192];
    ssize_t got = recv(fd, request, sizeof request - 1, 0);
    char path[256];

    if (got <= 0)
        _exit(0);
    request[got] = '\0';
    if (sscanf(request, "GET %255[^ ?]", path) != 1)
        _exit(0);
    if (strcmp(path, "/silent") == 0)
        (void)pause();
    if (strcmp(path, "/fails") == 0)
        put(fd, failed, strlen(failed));
    if (strcmp(path, "/watched") == 0)
        await_its_end(fd);
    if (strcmp(path, "/moved") == 0)
        put(fd, moved, strlen(moved));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].path, path) == 0) {
            put_file(fd, files[i].type, files[i].body, forbidden_port);
            return;
        }
    put(fd, missing, strlen(missing));
}

static void bind_to(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    (void)alarm(LIFE_S);
}

static _Noreturn void serve(int listener, pid_t parent, int forbidden_port)
{
    bind_to(parent);
    (void)signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pid_t self = getpid();

        if (fd >= 0 && fork() == 0) {
            bind_to(self);
            serve_one(fd, forbidden_port);
            _exit(0);
        }
        (void)close(fd);
    }
}

/* ---- the caller --------------------------------------------------------- */

static struct {
    pid_t server;
    int port;
    int forbidden, datagrams, forbidden_port; /* nobody may come there */
    char program[AW_PATH_MAX];
    struct aw_loop *loop;
    struct aw_address_policy policy;
    struct aw_render_config limits;
    struct aw_render_pool *pool;
    const char *quote;
    bool hold; /* the page is not marked */
    bool whole;
    /* What was told. */
    int done;
    struct aw_buf asked; /* paths, a line each */
    struct aw_buf html;
    char why[256], note[256], title[64];
    struct aw_render_result result;
    struct aw_render_shot shots[SHOTS];
    struct aw_render_box first_box[SHOTS];
} f;

static const char *on_may_visit(void *self, void *job, struct aw_str url)
{
    (void)self;
    (void)job;
    return aw_str_ends(url, AW_STR("/forbidden")) ? "robots.txt forbids it"
                                                  : NULL;
}

static void on_fetched(void *self, void *job,
                       const struct aw_render_fetched *fetched)
{
    struct aw_str url = fetched->url;
    ptrdiff_t at = aw_str_find(aw_str_sub(url, 8, url.len), AW_STR("/"));

    (void)self;
    assert_ptr_equal(job, &f);
    assert_int_equal(fetched->answer->rc, AW_OK);
    aw_buf_printf(&f.asked, "%.*s\n",
                  AW_STR_ARG(aw_str_sub(url, (size_t)at + 8, url.len)));
}

static void on_dom(void *self, void *job, struct aw_str html, bool whole)
{
    struct aw_str quote = aw_str_of(f.quote);

    (void)self;
    f.whole = whole;
    aw_buf_reset(&f.html);
    aw_buf_put(&f.html, html);
    if (!f.hold)
        aw_render_mark(f.pool, job, &quote, f.quote ? 1 : 0);
}

static void on_done(void *self, void *job,
                    const struct aw_render_result *result)
{
    (void)self;
    assert_ptr_equal(job, &f);
    f.done++;
    f.result = *result;
    (void)snprintf(f.why, sizeof f.why, "%s", result->why);
    (void)snprintf(f.note, sizeof f.note, "%s", result->note);
    (void)snprintf(f.title, sizeof f.title, "%.*s", AW_STR_ARG(result->title));
    for (size_t i = 0; i < result->shot_count; i++) {
        f.shots[i] = result->shots[i];
        if (result->shots[i].box_count > 0)
            f.first_box[i] = result->shots[i].boxes[0];
    }
}

static void open_pool(const char *program)
{
    struct aw_render_pool_config config = {
        .limits = &f.limits,
        .program = program,
        .network = true,
        .mark_ms = MARK_MS,
        .fetch = {.loop = f.loop,
                  .clock = aw_clock_system(),
                  .policy = &f.policy,
                  .user_agent = "adwatch-test/1",
                  .timeout_ms = 1000 * PATIENCE,
                  .body_max = 1 << 20,
                  .head_max = 1 << 16,
                  .connections = 1},
        .calls = {on_may_visit, on_fetched, on_dom, on_done},
        .self = &f,
    };
    struct aw_err err;

    assert_int_equal(aw_render_pool_new(&f.pool, &config, &err), AW_OK);
}

static int listen_at(const char *address, int port, int kind, int *out_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);

    assert_int_equal(inet_pton(AF_INET, address, &at.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    if (kind == SOCK_STREAM)
        assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *out_port = ntohs(at.sin_port);
    return fd;
}

static int set_up_all(void **state)
{
    static const char *const allow[] = {"127.0.0.1/32"};
    pid_t parent = getpid();
    struct aw_err err;
    int listener;
    int ignored;

    (void)state;
    assert_int_equal(aw_browser_find(NULL, f.program, &err), AW_OK);
    listener = listen_at("127.0.0.1", 0, SOCK_STREAM, &f.port);
    f.forbidden = listen_at("127.0.0.2", 0, SOCK_STREAM, &f.forbidden_port);
    f.datagrams =
        listen_at("127.0.0.2", f.forbidden_port, SOCK_DGRAM, &ignored);
    aw_buf_init(&f.asked, 1 << 20);
    aw_buf_init(&f.html, 2 << 20);
    assert_int_equal(aw_loop_new(&f.loop, &err), AW_OK);
    assert_int_equal(aw_address_policy_init(&f.policy, allow, 1, &err), AW_OK);
    assert_int_equal(pipe(gone), 0);
    f.server = fork();
    if (f.server == 0)
        serve(listener, parent, f.forbidden_port);
    (void)close(listener);
    return f.server > 0 ? 0 : -1;
}

static int tear_down_all(void **state)
{
    (void)state;
    aw_render_pool_free(f.pool);
    aw_loop_free(f.loop);
    aw_buf_deinit(&f.asked);
    aw_buf_deinit(&f.html);
    (void)close(f.forbidden);
    (void)close(f.datagrams);
    (void)close(gone[0]);
    (void)close(gone[1]);
    (void)kill(f.server, SIGKILL);
    return waitpid(f.server, NULL, 0) == f.server ? 0 : -1;
}

/* The browser stays from one test to the next; its limits are looked at anew
 * for each page. */
static int set_up(void **state)
{
    (void)state;
    f.limits = (struct aw_render_config){
        .browsers = 1,
        .page_ms = 400000,
        .load_ms = 240000,
        .settle_ms = 300,
        .memory_max = INT64_C(3) << 30,
        .resources_max = 100,
        .bytes_max = 8 << 20,
        .html_max = 1 << 20,
        .height_max = 16384,
    };
    f.quote = NULL;
    f.hold = false;
    return 0;
}

static void turn(void)
{
    struct aw_err err;
    int wait = 100;

    aw_render_tick(f.pool, &wait);
    assert_int_equal(aw_loop_wait(f.loop, wait < 100 ? wait : 100, &err),
                     AW_OK);
}

static void ask(const char *path, const struct aw_render_given *given)
{
    char url[256];
    struct aw_err err;

    if (!f.pool)
        open_pool(f.program);
    f.done = 0;
    memset(f.first_box, 0, sizeof f.first_box);
    aw_buf_reset(&f.html);
    aw_buf_reset(&f.asked);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f.port, path);
    assert_int_equal(aw_render_ask(f.pool, aw_str_of(url), given, &f, &err),
                     AW_OK);
}

static void await(void)
{
    int64_t until =
        aw_clock_mono(aw_clock_system()) + INT64_C(1000) * PATIENCE;

    while (!f.done && aw_clock_mono(aw_clock_system()) < until)
        turn();
    assert_int_equal(f.done, 1);
}

static void show(const char *path)
{
    ask(path, NULL);
    await();
}

static void assert_shown(const char *text)
{
    assert_string_equal(f.why, "");
    assert_int_equal(f.result.rc, AW_OK);
    if (aw_str_find(aw_buf_str(&f.html), aw_str_of(text)) < 0)
        fail_msg("'%s' is not in:\n%s", text, f.html.ptr);
    assert_int_equal(f.result.shot_count, 2);
}

/* The browser asks for an icon when it likes: order says nothing. */
static int times_asked(const char *path)
{
    struct aw_str rest = aw_buf_str(&f.asked);
    struct aw_str line;
    int times = 0;

    while (aw_str_split(&rest, '\n', &line))
        times += aw_str_eq(line, aw_str_of(path));
    return times;
}

static bool was_asked(const char *path)
{
    return times_asked(path) > 0;
}

static bool nobody_came(void)
{
    struct pollfd fds[] = {{f.forbidden, POLLIN, 0}, {f.datagrams, POLLIN, 0}};

    return poll(fds, 2, 0) == 0;
}

/* ---- tests -------------------------------------------------------------- */

static void what_scripts_build_is_seen_and_its_texts_are_found(void **state)
{
    (void)state;
    f.quote = "保本保息";
    show("/built");
    assert_shown("<p>保本 <b>保息</b></p>");
    assert_true(was_asked("/built"));
    assert_true(was_asked("/data.json"));
    assert_string_equal(f.title, "页");
    assert_int_equal(f.result.status, 200);
    assert_string_equal(f.shots[0].kind, "first");
    assert_int_equal(f.shots[0].width, 1280);
    assert_int_equal(f.shots[0].height, 800);
    for (int i = 0; i < SHOTS; i++) {
        assert_true(f.shots[i].box_count >= 1);
        assert_true(f.first_box[i].width > 20 && f.first_box[i].height > 5);
        assert_true(f.first_box[i].y < 100);
    }
    assert_string_equal(f.note, "");
}

static void a_page_that_was_given_is_not_asked_for(void **state)
{
    const struct aw_render_given given = {
        .status = 203,
        .head = AW_STR("HTTP/1.1 203 OK\r\nContent-Type: text/html; "
                       "charset=gbk\r\nContent-Length: 3\r\n\r\n"),
        .body = AW_STR("<p>\xB1\xA3\xB1\xBE"),
    };

    (void)state;
    ask("/built", &given);
    await();
    assert_shown("<p>保本</p>");
    assert_false(was_asked("/built"));
    assert_int_equal(f.result.status, 203);
}

static void a_redirect_is_followed(void **state)
{
    (void)state;
    show("/moved");
    assert_shown("保息");
    assert_true(was_asked("/moved"));
    assert_true(was_asked("/built"));
}

static void what_loads_on_sight_is_loaded(void **state)
{
    (void)state;
    show("/lazy");
    assert_shown("top");
    assert_true(was_asked("/lazy.svg"));
    assert_true(f.shots[1].height > 4000);
}

static void shadow_roots_and_frames_of_scripts_are_read(void **state)
{
    (void)state;
    show("/shadow");
    assert_shown("in the shadow");
    assert_shown("in the frame");
}

static struct aw_str frame_of(const char *address)
{
    struct aw_str html = aw_buf_str(&f.html);
    char head[512];
    ptrdiff_t at;

    (void)snprintf(head, sizeof head,
                   "<iframe src=\"http://%s\" srcdoc=", address);
    at = aw_str_find(html, aw_str_of(head));
    if (at < 0)
        fail_msg("no '%s' in:\n%s", head, f.html.ptr);
    html = aw_str_sub(html, (size_t)at, html.len);
    at = aw_str_find(html, AW_STR("</iframe>"));
    return aw_str_sub(html, 0, at < 0 ? 0 : (size_t)at);
}

static void assert_in_frame(const char *where, const char *text)
{
    char address[256];
    struct aw_str frame;

    (void)snprintf(address, sizeof address, where, f.port);
    frame = frame_of(address);
    if (aw_str_find(frame, aw_str_of(text)) < 0)
        fail_msg("'%s' is not in: %.*s", text, AW_STR_ARG(frame));
}

static void frames_of_other_origins_are_read_and_say_where(void **state)
{
    (void)state;
    show("/frames");
    assert_shown("around");
    assert_in_frame("localhost:%d/deep/outer", "<p>of another site</p>");
    assert_in_frame("localhost:%d/deep/outer", "<base href=&quot;http");
    assert_in_frame("localhost:%d/deep/outer",
                    "made &quot;there&quot; &amp;amp; then");
    assert_in_frame("127.0.0.1:%d/boxed", "in a box<");
    assert_in_frame("127.0.0.1:%d/boxed?2", "in a box?2");
    assert_shown("<iframe src=\"about:srcdoc\" srcdoc=");
    assert_in_frame("localhost:%d/unseen", "nobody sees");
    assert_shown("<div style=\"display:none\"><iframe src=\"http://localhost");
    assert_true(f.whole);
}

static void a_frame_that_hangs_or_is_missing_leaves_the_page(void **state)
{
    (void)state;
    show("/frame-loops");
    assert_shown("calm");
    assert_shown("before the loop");
    show("/frame-missing");
    assert_shown("alone");
    assert_false(f.whole);
    show("/built");
    assert_shown("保息");
}

static void frames_have_an_end(void **state)
{
    (void)state;
    show("/many-frames");
    assert_shown("n49.");
    assert_false(f.whole);
    assert_string_equal(f.note,
                        "a part of it was not had: more frames than are read");
    f.limits.html_max = 8192;
    show("/frames");
    assert_shown("around");
    assert_false(f.whole);
    assert_true(f.html.len <= 8192);
    assert_string_equal(f.note, "its HTML is longer than html_max");
}

static void nothing_leaves_by_itself(void **state)
{
    (void)state;
    show("/ways-out");
    assert_shown("inside");
    assert_true(nobody_came());
    assert_true(f.result.refused > 0);
    assert_true(aw_str_find(aw_buf_str(&f.html), AW_STR("root:")) < 0);
}

static void dialogs_windows_and_downloads_hold_nothing_up(void **state)
{
    (void)state;
    show("/noise");
    assert_shown("quiet");
    show("/built");
    assert_shown("保息");
}

static void an_endless_script_is_stopped(void **state)
{
    (void)state;
    f.limits.load_ms = 3000;
    show("/endless");
    assert_shown("before the loop");
    assert_string_equal(f.note,
                        "scripts and loading were stopped after load_ms");
}

static void what_never_comes_is_not_waited_for(void **state)
{
    (void)state;
    f.limits.load_ms = 3000;
    show("/hangs");
    assert_shown("waits");
    assert_string_equal(f.note,
                        "scripts and loading were stopped after load_ms");
}

static void what_an_ended_page_asked_for_is_no_longer_waited_for(void **state)
{
    struct pollfd hung_up = {gone[0], POLLIN, 0};

    (void)state;
    f.limits.load_ms = 3000;
    show("/hangs-on");
    assert_shown("waits");
    assert_int_equal(poll(&hung_up, 1, 1000 * PATIENCE / 4), 1);
}

static void
a_page_that_takes_all_memory_is_ended_and_others_go_on(void **state)
{
    (void)state;
    f.limits.memory_max = INT64_C(900) << 20;
    show("/glutton");
    if (f.result.rc == AW_OK)
        fail_msg("a page of gigabytes was shown");
    assert_true(strstr(f.why, "memory_max") || strstr(f.why, "crashed"));
    show("/built");
    assert_shown("保息");
}

static void a_page_that_lacks_a_part_is_told_so(void **state)
{
    (void)state;
    show("/built");
    assert_string_equal(f.note, "");
    assert_true(f.whole);
    show("/no-script");
    assert_shown("none");
    assert_true(f.whole);
    show("/broken-script");
    assert_shown("broken");
    assert_false(f.whole);
    assert_string_equal(f.note, "a part of it was not had: http 500");
    show("/posts");
    assert_shown("posts");
    assert_false(f.whole);
    f.limits.load_ms = 3000;
    show("/late-data");
    assert_shown("late");
    assert_false(f.whole);
}

static void requests_have_an_end(void **state)
{
    (void)state;
    f.limits.resources_max = 20;
    show("/many");
    assert_shown("pictures");
    assert_true(f.result.resources <= 20);
    assert_string_equal(f.note, "no requests were made beyond resources_max");
}

static void a_page_that_leads_on_for_ever_is_left(void **state)
{
    (void)state;
    show("/onward");
    assert_string_equal(f.note, "it led on more often than is followed");
    assert_true(f.result.resources <= AW_RENDER_NAVIGATIONS_MAX + 2);
}

static void a_page_that_leads_where_it_may_not_is_refused(void **state)
{
    (void)state;
    show("/leaves");
    assert_string_equal(f.note, "robots.txt forbids it");
    assert_false(was_asked("/forbidden"));
}

static void a_cookie_lasts_as_long_as_its_page(void **state)
{
    (void)state;
    show("/cookie");
    assert_shown("<p>second</p>");
    show("/cookie");
    assert_shown("<p>second</p>");
    assert_int_equal(times_asked("/cookie"), 2);
}

static void a_high_page_is_cut_and_a_phone_has_its_width(void **state)
{
    (void)state;
    f.limits.viewport = AW_VIEWPORT_MOBILE;
    f.limits.height_max = 2000;
    show("/high");
    assert_shown("high");
    assert_true(f.result.mobile);
    assert_int_equal(f.shots[0].width, 412);
    assert_int_equal(f.shots[1].height, 2000);
    assert_string_equal(f.note, "the page is higher than height_max");
}

static void a_caller_who_is_slow_loses_boxes_and_no_more(void **state)
{
    (void)state;
    f.quote = "保本保息";
    f.hold = true;
    show("/built");
    assert_shown("保息");
    assert_string_equal(f.note, "its claims were not known in time for boxes");
    assert_int_equal(f.shots[0].box_count, 0);
    assert_int_equal(f.shots[1].box_count, 0);
}

static void a_browser_that_is_killed_is_replaced(void **state)
{
    (void)state;
    f.hold = true;
    ask("/built", NULL);
    for (int i = 0; i < 10 * PATIENCE && f.html.len == 0; i++)
        turn();
    assert_true(f.html.len > 0);
    assert_int_equal(kill(aw_render_pid(f.pool, 0), SIGKILL), 0);
    await();
    assert_string_equal(f.why, "browser ended by signal 9");
    assert_true(f.result.crashed);
    f.hold = false;
    show("/built");
    assert_shown("保息");
}

static void a_browser_that_cannot_be_started_is_told(void **state)
{
    (void)state;
    aw_render_pool_free(f.pool);
    open_pool("/bin/false");
    show("/built");
    assert_int_equal(f.result.rc, AW_FAIL);
    assert_true(f.result.no_browser);
    assert_string_equal(f.why, "no browser can be started");
}

static void a_browser_that_is_not_there_is_told_with_what_to_do(void **state)
{
    char path[AW_PATH_MAX];
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_browser_find("no-such-browser", path, &err),
                     AW_MISSING);
    assert_non_null(strstr(err.msg, "apt install chromium"));
    assert_int_equal(aw_browser_find("/etc/passwd", path, &err), AW_MISSING);
}

static void a_browser_tells_its_version(void **state)
{
    char version[AW_BROWSER_VERSION_MAX];
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_browser_version(f.program, version, &err), AW_OK);
    assert_non_null(strpbrk(version, "0123456789"));
    assert_null(strchr(version, '\n'));
    assert_int_equal(aw_browser_version("/etc/passwd", version, &err),
                     AW_FAIL);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_scripts_build_is_seen_and_its_texts_are_found),
        TEST(a_page_that_was_given_is_not_asked_for),
        TEST(a_redirect_is_followed),
        TEST(what_loads_on_sight_is_loaded),
        TEST(shadow_roots_and_frames_of_scripts_are_read),
        TEST(frames_of_other_origins_are_read_and_say_where),
        TEST(a_frame_that_hangs_or_is_missing_leaves_the_page),
        TEST(frames_have_an_end),
        TEST(nothing_leaves_by_itself),
        TEST(dialogs_windows_and_downloads_hold_nothing_up),
        TEST(an_endless_script_is_stopped),
        TEST(what_never_comes_is_not_waited_for),
        TEST(what_an_ended_page_asked_for_is_no_longer_waited_for),
        TEST(a_page_that_takes_all_memory_is_ended_and_others_go_on),
        TEST(a_page_that_lacks_a_part_is_told_so),
        TEST(requests_have_an_end),
        TEST(a_page_that_leads_on_for_ever_is_left),
        TEST(a_page_that_leads_where_it_may_not_is_refused),
        TEST(a_cookie_lasts_as_long_as_its_page),
        TEST(a_high_page_is_cut_and_a_phone_has_its_width),
        TEST(a_caller_who_is_slow_loses_boxes_and_no_more),
        TEST(a_browser_that_is_killed_is_replaced),
        TEST(a_browser_that_cannot_be_started_is_told),
        TEST(a_browser_that_is_not_there_is_told_with_what_to_do),
        TEST(a_browser_tells_its_version),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
