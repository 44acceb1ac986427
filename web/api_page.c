#include <stdio.h>

#include "base/hash.h"
#include "web/page.h"
#include "web/route.h"

#define ASSETS "/assets/"
#define ETAG_MAX (AW_SHA256_HEX_MAX + 2)

static const struct {
    const char *end, *type;
} types[] = {{".html", "text/html; charset=utf-8"},
             {".css", "text/css; charset=utf-8"},
             {".js", "text/javascript; charset=utf-8"},
             {".json", "application/json"},
             {".svg", "image/svg+xml"},
             {".png", "image/png"},
             {".woff2", "font/woff2"},
             {".txt", "text/plain; charset=utf-8"}};

static const char *type_of(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (aw_str_ends(aw_str_of(name), aw_str_of(types[i].end)))
            return types[i].type;
    return "application/octet-stream";
}

static const struct aw_page_file *find(struct aw_str name)
{
    for (const struct aw_page_file *file = aw_page_files; file->name; file++)
        if (aw_str_eq(name, aw_str_of(file->name)))
            return file;
    return NULL;
}

/* The page finds its own way: its paths are all one file. Those with a dot are
 * files that there are not. */
static const struct aw_page_file *file_of(struct aw_str path)
{
    size_t prefix = sizeof ASSETS - 1;

    if (aw_str_starts(path, AW_STR(ASSETS)))
        return find(aw_str_sub(path, prefix, path.len));
    if (aw_str_find(path, AW_STR(".")) >= 0)
        return NULL;
    return find(AW_STR("index.html"));
}

/* The browser asks each time, and is told that nothing changed: after an
 * update nobody works with half an old page. */
static aw_rc put_fields(struct aw_call *call, const char *etag,
                        struct aw_err *err)
{
    aw_rc rc = aw_http_reply_field(call->reply, "ETag", aw_str_of(etag), err);

    return rc == AW_OK ? aw_http_reply_field(call->reply, "Cache-Control",
                                             AW_STR("no-cache"), err)
                       : rc;
}

aw_rc aw_page_answer(struct aw_call *call, struct aw_err *err)
{
    const struct aw_page_file *file = file_of(call->request->path);
    struct aw_str bytes;
    char hash[AW_SHA256_HEX_MAX], etag[ETAG_MAX];

    if (!file)
        return aw_fail(err, AW_MISSING, "there is nothing at this address");
    bytes = (struct aw_str){(const char *)file->bytes, file->len};
    aw_sha256_hex(bytes, hash);
    (void)snprintf(etag, sizeof etag, "\"%s\"", hash);
    call->reply->type = type_of(file->name);
    if (aw_str_eq(aw_http_field(call->request, "If-None-Match"),
                  aw_str_of(etag)))
        call->reply->status = 304;
    else
        aw_buf_put(&call->reply->body, bytes);
    return put_fields(call, etag, err);
}
