#include "evidence/environment_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

static void look_for_browser(struct aw_environment *e,
                             const struct aw_environment_config *config)
{
    const char *program =
        config->config ? config->config->render.program : NULL;
    char path[AW_PATH_MAX];
    struct aw_err err;
    aw_rc rc = aw_browser_find(program, path, &err);

    if (rc == AW_OK)
        rc = aw_browser_version(path, e->browser, &err);
    e->has_browser = rc == AW_OK;
    if (rc != AW_OK)
        (void)snprintf(e->browser, sizeof e->browser, "%.*s",
                       (int)sizeof e->browser - 1, err.msg);
}

aw_rc aw_environment_new(struct aw_environment **out,
                         const struct aw_environment_config *config,
                         struct aw_err *err)
{
    struct aw_environment *e = calloc(1, sizeof *e);
    aw_rc rc;

    if (!e)
        return aw_fail(err, AW_NOMEM, "out of memory");
    e->looked_ms = aw_clock_wall(config->clock);
    rc = aw_sha256_file("/proc/self/exe", e->build, err);
    if (rc != AW_OK) {
        free(e);
        return rc;
    }
    if (config->browser)
        look_for_browser(e, config);
    aw_environment_look(e, config);
    *out = e;
    return AW_OK;
}

void aw_environment_free(struct aw_environment *e)
{
    free(e);
}

/* ---- JSON --------------------------------------------------------------- */

static void put_time(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso_ms(wall_ms, text);
    aw_json_text(out, "at", aw_str_of(text));
    aw_time_beijing(wall_ms, text);
    aw_json_text(out, "at_beijing", aw_str_of(text));
}

static void put_part(void *self, const char *name, const char *version)
{
    struct aw_buf *out = self;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "name", aw_str_of(name));
    aw_json_text(out, "version", aw_str_of(version));
    aw_json_close(out, '}');
}

void aw_tool_json(struct aw_buf *out, const struct aw_environment *e,
                  struct aw_str browser)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "tool", AW_STR("adwatch " AW_VERSION));
    aw_json_text(out, "build", aw_str_of(e->build));
    aw_json_text(out, "build_of", AW_STR("SHA-256 of the running program"));
    aw_json_text(out, "browser_recorded", browser);
    aw_json_text(out, "browser_now",
                 e->has_browser ? aw_str_of(e->browser) : AW_STR(""));
    aw_json_open(out, "parts", '[');
    aw_environment_parts(e, put_part, out);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_check(void *self, const struct aw_check *check)
{
    struct aw_buf *out = self;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "check", aw_str_of(check->check));
    aw_json_text(out, "name", aw_str_of(check->name));
    aw_json_bool(out, "ok", check->ok);
    aw_json_text(out, "what", aw_str_of(check->words));
    aw_json_text(out, "what_en", aw_str_of(check->what));
    aw_json_close(out, '}');
}

void aw_environment_json(struct aw_buf *out, const struct aw_environment *e,
                         const struct aw_str *hosts, size_t host_count)
{
    aw_json_open(out, NULL, '{');
    put_time(out, e->looked_ms);
    aw_json_open(out, "checks", '[');
    aw_environment_checks(e, hosts, host_count, put_check, out);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}
