#include "reader/pool_private.h"

#define IMAGES_A_PAGE ((size_t)8 << 20) /* bytes that count as a page */

/* What a coding hides, its Content-Type tells; the reader of images reads what
 * is none as well. */
bool aw_pool_is_image(const struct aw_extract_input *input)
{
    return aw_image_sniff(input->bytes) != AW_IMAGE_NONE ||
           (input->content_encoding.len > 0 &&
            aw_str_starts_nocase(input->content_type, AW_STR("image/")));
}

/* Their reader answered: its owner is the one who speaks of it. */
static void on_image(void *self, void *tag, aw_rc rc,
                     const struct aw_answer *answer, const char *why)
{
    struct aw_reader_pool *pool = self;

    if (pool->images->speaking)
        pool->speaking = pool->images->speaking;
    pool->config.done(pool->config.self, tag, rc, answer, why);
}

aw_rc aw_pool_start_images(struct aw_reader_pool *pool, struct aw_err *err)
{
    struct aw_reader_config config = pool->config;

    config.count = 1;
    config.cpu_ms = config.image_ms * AW_OCR_PAGES_MAX;
    config.done = on_image;
    config.self = pool;
    return aw_pool_new(&pool->images, &config, pool, err);
}

int64_t aw_pool_most_ms(const struct aw_reader_pool *pool,
                        const struct aw_extract_input *input)
{
    enum aw_image_type type = aw_image_sniff(input->bytes);
    bool several = type == AW_IMAGE_TIFF || type == AW_IMAGE_PGM;

    if (!pool->owner)
        return pool->config.page_ms;
    return pool->config.image_ms * (several ? AW_OCR_PAGES_MAX : 1);
}

size_t aw_pool_images_waiting(const struct aw_reader_pool *pool)
{
    size_t bytes = 0;

    if (pool->images)
        bytes = aw_job_queue_bytes(&pool->images->small) +
                aw_job_queue_bytes(&pool->images->large);
    return bytes / IMAGES_A_PAGE;
}
