#include "reader/process.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "reader/last_words.h"
#include "reader/protocol.h"

#define READ_PIECE ((size_t)256 << 10)

struct process {
    int fd;
    struct aw_classifier *classifier;
    struct aw_ocr *ocr; /* of a reader of images */
    struct aw_buf in, out;
};

static aw_rc flush(struct process *p, struct aw_err *err)
{
    aw_rc rc = aw_buf_check(&p->out, err);

    if (rc == AW_OK)
        rc = aw_write_all(p->fd, p->out.ptr, p->out.len, err);
    aw_buf_reset(&p->out);
    return rc;
}

/* What a person may look at, and nothing else of it. */
static aw_rc show_page(struct process *p, uint32_t job,
                       const struct aw_extract_input *input,
                       struct aw_err *failure)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;
    struct aw_buf shown;
    aw_rc rc;

    aw_document_init(&doc, input->channel);
    aw_buf_init(&shown, AW_SHOW_BYTES_MAX);
    rc = aw_extract_show(input, &doc, &shown, failure);
    if (rc == AW_OK)
        rc = aw_answer_put_shown(&p->out, job, &doc, &verdict, input->show,
                                 aw_buf_str(&shown), failure);
    aw_buf_deinit(&shown);
    aw_document_deinit(&doc);
    return rc;
}

static aw_rc read_page(struct process *p, const struct aw_frame *frame,
                       struct aw_err *failure)
{
    struct aw_extract_input input;
    struct aw_document doc;
    struct aw_verdict verdict = {0};
    aw_rc rc = aw_question_get(frame, &input, failure);

    if (rc != AW_OK)
        return rc;
    if (input.show > AW_SHOW_BLOCKS)
        return show_page(p, frame->job, &input, failure);
    input.ocr = p->ocr;
    aw_document_init(&doc, input.channel);
    rc = aw_extract(&input, &doc, failure);
    if (rc == AW_OK)
        rc = aw_classifier_run(p->classifier, &doc, &verdict, failure);
    if (rc == AW_OK)
        rc = aw_answer_put_shown(&p->out, frame->job, &doc, &verdict,
                                 input.show, AW_STR(""), failure);
    else if (rc == AW_BUSY)
        rc = aw_answer_put_large(&p->out, frame->job, failure);
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    return rc;
}

static aw_rc answer(struct process *p, const struct aw_frame *frame,
                    struct aw_err *err)
{
    struct aw_err failure = {0};
    aw_rc rc = AW_OK;

    aw_last_words_page();
    if (read_page(p, frame, &failure) != AW_OK) {
        if (failure.rc == AW_NOMEM) /* of the process, or of a document */
            aw_last_words_if_starved();
        aw_buf_reset(&p->out);
        rc = aw_answer_put_error(&p->out, frame->job, &failure, err);
    }
    return rc == AW_OK ? flush(p, err) : rc;
}

/* One more piece of input; AW_MISSING when the other side has closed. */
static aw_rc read_more(struct process *p, struct aw_err *err)
{
    char *at = aw_buf_reserve(&p->in, READ_PIECE);
    ssize_t got;

    if (!at)
        return aw_buf_check(&p->in, err);
    do
        got = read(p->fd, at, READ_PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return aw_fail_errno(err, AW_IO, "reader: cannot read");
    if (got == 0)
        return aw_fail(err, AW_MISSING, "closed");
    p->in.len += (size_t)got;
    return AW_OK;
}

static aw_rc serve(struct process *p, struct aw_err *err)
{
    for (;;) {
        struct aw_frame frame;
        size_t size;
        aw_rc rc = aw_frame_get(aw_buf_str(&p->in), &frame, &size, err);

        if (rc == AW_MISSING) {
            rc = read_more(p, err);
        } else if (rc == AW_OK) {
            rc = answer(p, &frame, err);
            aw_buf_consume(&p->in, size);
        }
        if (rc != AW_OK)
            return rc == AW_MISSING ? AW_OK : rc;
    }
}

static aw_rc load(struct process *p, const struct aw_classifier_config *config,
                  const struct aw_ocr_config *ocr, struct aw_err *err)
{
    aw_rc rc = aw_classifier_new(&p->classifier, config, err);

    return rc == AW_OK && ocr ? aw_ocr_new(&p->ocr, ocr, err) : rc;
}

/* What needs files comes first. Says that it is ready, or why not. */
static aw_rc start(struct process *p,
                   const struct aw_classifier_config *config,
                   const struct aw_ocr_config *ocr,
                   const struct aw_cell_config *cell, struct aw_err *err)
{
    struct aw_err failure = {0};
    aw_rc rc = load(p, config, ocr, &failure);

    if (rc == AW_OK)
        rc = aw_cell_enter(cell, &failure);
    if (rc == AW_OK) {
        rc = aw_ready_put(&p->out, aw_classifier_lexicon_hash(p->classifier),
                          aw_classifier_model_hash(p->classifier), err);
        return rc == AW_OK ? flush(p, err) : rc;
    }
    if (aw_answer_put_error(&p->out, 0, &failure, err) == AW_OK)
        (void)!flush(p, err);
    return aw_fail(err, failure.rc, "%s", failure.msg);
}

aw_rc aw_reader_process(const struct aw_classifier_config *config,
                        const struct aw_ocr_config *ocr,
                        const struct aw_cell_config *cell, struct aw_err *err)
{
    struct process p = {.fd = cell->fd};
    aw_rc rc;

    aw_buf_init(&p.in, AW_FRAME_BODY_MAX + AW_FRAME_HEAD_MAX);
    aw_buf_init(&p.out, AW_FRAME_HEAD_MAX + READ_PIECE);
    rc = start(&p, config, ocr, cell, err);
    if (rc == AW_OK)
        rc = serve(&p, err);
    aw_buf_deinit(&p.out);
    aw_buf_deinit(&p.in);
    aw_ocr_free(p.ocr);
    aw_classifier_free(p.classifier);
    return rc;
}
