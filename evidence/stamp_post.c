#include <curl/curl.h>
#include <stdio.h>

#include "evidence/shown.h"
#include "evidence/stamp.h"

#define ANSWER_TYPE "application/timestamp-reply"
#define QUESTION_TYPE "Content-Type: application/timestamp-query"
#define HTTP_OK 200L

static size_t keep(char *bytes, size_t size, size_t count, void *self)
{
    struct aw_buf *answer = self;

    aw_buf_append(answer, bytes, size * count);
    return answer->rc == AW_OK ? size * count : 0;
}

struct post {
    CURL *curl;
    struct curl_slist *head;
    char reason[CURL_ERROR_SIZE];
};

static bool set_limits(CURL *curl, const struct aw_tsa_config *tsa,
                       const char *ca_file)
{
    return curl_easy_setopt(curl, CURLOPT_URL, tsa->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)tsa->timeout_ms) ==
               CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "adwatch/" AW_VERSION) ==
               CURLE_OK &&
           (!ca_file ||
            curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

static bool set_post(struct post *post, struct aw_str question,
                     struct aw_buf *answer)
{
    struct curl_slist *more;

    post->head = curl_slist_append(NULL, QUESTION_TYPE);
    more = curl_slist_append(post->head, "Accept: " ANSWER_TYPE);
    if (!post->head || !more)
        return false;
    post->head = curl_slist_append(more, "Expect:"); /* none */
    return curl_easy_setopt(post->curl, CURLOPT_HTTPHEADER, post->head) ==
               CURLE_OK &&
           curl_easy_setopt(post->curl, CURLOPT_POSTFIELDSIZE,
                            (long)question.len) == CURLE_OK &&
           curl_easy_setopt(post->curl, CURLOPT_POSTFIELDS, question.ptr) ==
               CURLE_OK &&
           curl_easy_setopt(post->curl, CURLOPT_ERRORBUFFER, post->reason) ==
               CURLE_OK &&
           curl_easy_setopt(post->curl, CURLOPT_WRITEFUNCTION, keep) ==
               CURLE_OK &&
           curl_easy_setopt(post->curl, CURLOPT_WRITEDATA, answer) == CURLE_OK;
}

static aw_rc check_answer(CURL *curl, struct aw_err *err)
{
    long status = 0;
    char *type = NULL;
    struct aw_str kind = {0};
    struct aw_str rest;

    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    if (status != HTTP_OK)
        return aw_fail(err, AW_NET, "it answers with status %ld", status);
    rest = aw_str_of(type);
    (void)aw_str_split(&rest, ';', &kind);
    if (!aw_str_eq_nocase(aw_str_trim(kind), AW_STR(ANSWER_TYPE)))
        return aw_fail(err, AW_INVALID,
                       "it answers with '%.60s' where " ANSWER_TYPE
                       " is wanted",
                       type ? type : "");
    return AW_OK;
}

static aw_rc perform(struct post *post, const struct aw_buf *answer,
                     struct aw_err *err)
{
    CURLcode code = curl_easy_perform(post->curl);

    if (answer->rc != AW_OK)
        return aw_buf_check(answer, err);
    if (code != CURLE_OK)
        return aw_fail(err, AW_NET, "%s",
                       post->reason[0] ? post->reason
                                       : curl_easy_strerror(code));
    return check_answer(post->curl, err);
}

aw_rc aw_stamp_post(const struct aw_tsa_config *tsa, const char *ca_file,
                    struct aw_str question, struct aw_buf *answer,
                    struct aw_err *err)
{
    struct post post = {.curl = curl_easy_init()};
    char shown[AW_SHOWN_MAX];
    aw_rc rc;

    if (!post.curl || !set_limits(post.curl, tsa, ca_file) ||
        !set_post(&post, question, answer))
        rc = aw_fail(err, AW_NOMEM, "libcurl refuses its options");
    else
        rc = perform(&post, answer, err);
    curl_easy_cleanup(post.curl);
    curl_slist_free_all(post.head);
    if (rc == AW_OK)
        return AW_OK;
    aw_show_uri(tsa->url, shown);
    return aw_fail_in(err, "'%s'", shown);
}
