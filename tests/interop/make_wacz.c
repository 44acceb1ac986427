/* Makes a WACZ of a WARC, for other people's readers to open.
 *   make_wacz WARC OUT [URL TITLE]...     the newest record of each URL */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/warc.h"
#include "base/fs.h"
#include "evidence/wacz.h"

static void end_if(aw_rc rc, const struct aw_err *err)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "make_wacz: %s\n", err->msg);
    exit(1);
}

static int64_t date_of(const char *warc, const char *url)
{
    struct aw_warc_source source = {.file = warc};
    struct aw_warc_query query = {.urls = {aw_str_of(url), aw_str_of(url)},
                                  .at_ms = AW_WARC_NEWEST};
    struct aw_warc_reader *reader;
    struct aw_warc_record record;
    struct aw_warc_place place;
    struct aw_err err;

    end_if(aw_warc_find(&source, &query, &place, &err), &err);
    end_if(aw_warc_open_found(&reader, &source, &place, &err), &err);
    end_if(aw_warc_next(reader, &record, NULL, &err), &err);
    aw_warc_reader_free(reader);
    return record.date_ms;
}

static void make(const char *warc, const char *path,
                 struct aw_wacz_source *source)
{
    struct aw_buf bytes, wacz;
    char what[AW_WACZ_WHAT_MAX];
    struct aw_err err;

    aw_buf_init(&bytes, (size_t)1 << 30);
    aw_buf_init(&wacz, (size_t)1 << 30);
    end_if(aw_file_read(warc, &bytes, &err), &err);
    source->warc = aw_buf_str(&bytes);
    end_if(aw_wacz_make(&wacz, source, &err), &err);
    end_if(aw_wacz_check(aw_buf_str(&wacz), source->warc, NULL, what, &err),
           &err);
    end_if(aw_file_write(path, aw_buf_str(&wacz), &err), &err);
    (void)puts(what);
    aw_buf_deinit(&bytes);
    aw_buf_deinit(&wacz);
}

int main(int argc, char **argv)
{
    static struct aw_wacz_page pages[AW_WACZ_PAGES_MAX];
    struct aw_wacz_source source = {.pages = pages,
                                    .title = AW_STR("样例"),
                                    .software = AW_STR("adwatch test"),
                                    .created_ms = INT64_C(1795399980123)};

    if (argc < 3 || argc > 2 * AW_WACZ_PAGES_MAX)
        return 2;
    for (int i = 3; i + 1 < argc; i += 2)
        pages[source.page_count++] =
            (struct aw_wacz_page){.url = aw_str_of(argv[i]),
                                  .ts_ms = date_of(argv[1], argv[i]),
                                  .title = aw_str_of(argv[i + 1]),
                                  .text = aw_str_of(argv[i + 1])};
    make(argv[1], argv[2], &source);
    return 0;
}
