/* Writes an archive with a record of every kind that the writer knows, for
 * other people's readers to open.   make_archive DIR */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/warc.h"

#define SITE "http://shop.example/"
#define HEAD(line, type)                                        \
    "HTTP/1.1 " line "\r\nServer: stall\r\nContent-Type: " type \
    "\r\nETag: \"1\"\r\n\r\n"
#define DAY INT64_C(86400000)

/* "gold, every day" by gzip. */
static const char packed[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xcf\xcf\x49\xd1\x51\x48\x2d"
    "\x4b\x2d\xaa\x54\x48\x49\xac\x04\x00\xa5\x16\xdd\x05\x0f\x00\x00\x00";

static struct aw_warc_writer *writer;
static struct aw_clock now;

static void end_if(aw_rc rc, const struct aw_err *err)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "make_archive: %s\n", err->msg);
    exit(1);
}

static void append(struct aw_warc_record *record)
{
    struct aw_warc_place place;
    struct aw_err err;

    record->ip = AW_STR("192.0.2.7");
    end_if(aw_warc_append(writer, record, &place, &err), &err);
    now.manual_ms += DAY;
}

/* A page with its request and what is told of it. */
static struct aw_warc_record append_page(const char *url, struct aw_str head,
                                         struct aw_str body)
{
    struct aw_warc_record response = {.type = AW_WARC_RESPONSE,
                                      .target_uri = aw_str_of(url),
                                      .protocol = AW_STR("h2"),
                                      .head = head,
                                      .body = body};
    struct aw_warc_record request = {
        .type = AW_WARC_REQUEST,
        .target_uri = response.target_uri,
        .head = AW_STR("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")};
    struct aw_warc_record metadata = {.type = AW_WARC_METADATA,
                                      .target_uri = response.target_uri,
                                      .body = AW_STR("via: " SITE
                                                     "\r\nhopsFromSeed: L\r\n"
                                                     "fetchTimeMs: 12\r\n")};

    append(&response);
    request.date_ms = metadata.date_ms = response.date_ms;
    request.concurrent_to = metadata.concurrent_to = aw_str_of(response.id);
    append(&request);
    append(&metadata);
    return response;
}

static void append_revisit(const struct aw_warc_record *of, const char *url,
                           enum aw_warc_profile profile, struct aw_str head)
{
    struct aw_warc_record revisit = {.type = AW_WARC_REVISIT,
                                     .profile = profile,
                                     .target_uri = aw_str_of(url),
                                     .refers_to = aw_str_of(of->id),
                                     .refers_to_uri = of->target_uri,
                                     .refers_to_date_ms = of->date_ms,
                                     .head = head};

    memcpy(revisit.payload_digest, of->payload_digest,
           sizeof revisit.payload_digest);
    append(&revisit);
}

static void append_all(void)
{
    struct aw_str html = AW_STR(HEAD("200 OK", "text/html; charset=utf-8"));
    struct aw_warc_record page =
        append_page(SITE "gold.html", html, AW_STR("<p>保本保息</p>\n"));
    struct aw_warc_record resource = {.type = AW_WARC_RESOURCE,
                                      .target_uri = AW_STR(SITE "poster.txt"),
                                      .content_type = AW_STR("text/plain"),
                                      .body = AW_STR("poster")};
    struct aw_warc_record conversion = {.type = AW_WARC_CONVERSION,
                                        .target_uri = AW_STR(SITE "gold.html"),
                                        .content_type = AW_STR("text/plain"),
                                        .refers_to = aw_str_of(page.id),
                                        .body = AW_STR("its text")};
    struct aw_warc_record cut = {.type = AW_WARC_RESPONSE,
                                 .target_uri = AW_STR(SITE "long.html"),
                                 .truncated = AW_STR("length"),
                                 .head = html,
                                 .body = AW_STR("only the beg")};

    append_revisit(&page, SITE "copy.html", AW_WARC_IDENTICAL_PAYLOAD, html);
    append_revisit(&page, SITE "gold.html", AW_WARC_NOT_MODIFIED,
                   AW_STR(HEAD("304 Not Modified", "text/html")));
    append(&resource);
    append(&conversion);
    append(&cut);
    (void)append_page(SITE "packed.html",
                      AW_STR("HTTP/1.1 200 \r\nContent-Type: text/html\r\n"
                             "Content-Encoding: gzip\r\n\r\n"),
                      (struct aw_str){packed, sizeof packed - 1});
    (void)append_page(SITE "gone.html", AW_STR(HEAD("404 No", "text/html")),
                      AW_STR("<p>gone</p>\n"));
}

int main(int argc, char **argv)
{
    struct aw_rng rng;
    struct aw_err err;
    struct aw_warc_config config = {.prefix = "kinds",
                                    .info = "software: make_archive\r\n"
                                            "format: WARC File Format 1.1\r\n",
                                    .clock = &now,
                                    .rng = &rng};

    if (argc != 2)
        return 2;
    config.dir = argv[1];
    now = aw_clock_manual(INT64_C(1714979289012)); /* 2024-05-06 */
    aw_rng_init(&rng, 7);
    end_if(aw_warc_writer_new(&writer, &config, &err), &err);
    append_all();
    end_if(aw_warc_close(writer, &err), &err);
    aw_warc_writer_free(writer);
    return 0;
}
