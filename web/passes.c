#include "web/passes.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX ((size_t)64 << 10) /* of one pass */

struct slot {
    unsigned char key[AW_PASS_BYTES]; /* all zero: empty */
    struct aw_pass pass;              /* its texts live in the arena */
    struct aw_arena arena;
    struct aw_parts parts;
};

struct aw_passes {
    pthread_mutex_t lock;
    struct slot *slots;
    unsigned char mark_key[crypto_shorthash_KEYBYTES];
    size_t count, next; /* next is the one that was filled longest ago */
};

aw_rc aw_passes_new(struct aw_passes **out, size_t most, struct aw_err *err)
{
    struct aw_passes *passes = calloc(1, sizeof *passes);

    if (sodium_init() < 0) {
        free(passes);
        return aw_fail(err, AW_FAIL, "libsodium does not start");
    }
    if (passes)
        passes->slots = calloc(most, sizeof *passes->slots);
    if (!passes || !passes->slots) {
        free(passes);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    randombytes_buf(passes->mark_key, sizeof passes->mark_key);
    passes->count = most;
    for (size_t i = 0; i < most; i++)
        aw_arena_init(&passes->slots[i].arena, TEXTS_MAX);
    (void)pthread_mutex_init(&passes->lock, NULL);
    *out = passes;
    return AW_OK;
}

void aw_passes_free(struct aw_passes *passes)
{
    if (!passes)
        return;
    for (size_t i = 0; i < passes->count; i++) {
        aw_arena_deinit(&passes->slots[i].arena);
        aw_parts_free(&passes->slots[i].parts);
    }
    (void)pthread_mutex_destroy(&passes->lock);
    free(passes->slots);
    free(passes);
}

static aw_rc copy(const struct aw_pass *from, struct aw_arena *arena,
                  struct aw_pass *to, struct aw_err *err)
{
    aw_rc rc;

    *to = *from;
    rc = aw_arena_dup(arena, from->url, &to->url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, from->channel, &to->channel, err);
    return rc == AW_OK ? aw_arena_dup(arena, from->source, &to->source, err)
                       : rc;
}

static aw_rc fill(struct slot *slot, const struct aw_pass *pass,
                  struct aw_err *err)
{
    aw_rc rc;

    sodium_memzero(slot->key, sizeof slot->key);
    aw_arena_reset(&slot->arena);
    aw_parts_free(&slot->parts);
    rc = copy(pass, &slot->arena, &slot->pass, err);
    if (rc == AW_OK)
        randombytes_buf(slot->key, sizeof slot->key);
    return rc;
}

aw_rc aw_passes_add(struct aw_passes *passes, const struct aw_pass *pass,
                    char text[AW_PASS_TEXT_MAX], struct aw_err *err)
{
    struct slot *slot;
    aw_rc rc;

    (void)pthread_mutex_lock(&passes->lock);
    slot = &passes->slots[passes->next];
    rc = fill(slot, pass, err);
    if (rc == AW_OK) {
        passes->next = (passes->next + 1) % passes->count;
        (void)sodium_bin2hex(text, AW_PASS_TEXT_MAX, slot->key,
                             sizeof slot->key);
    }
    (void)pthread_mutex_unlock(&passes->lock);
    return rc;
}

/* With the lock. NULL: there is none. Looks at all of them. */
static struct slot *find(const struct aw_passes *passes, struct aw_str text)
{
    unsigned char key[AW_PASS_BYTES];
    struct slot *found = NULL;
    const char *end = NULL;
    size_t len = 0;

    if (text.len != 2 * sizeof key ||
        sodium_hex2bin(key, sizeof key, text.ptr, text.len, NULL, &len,
                       &end) != 0 ||
        len != sizeof key || sodium_is_zero(key, sizeof key))
        return NULL;
    for (size_t i = 0; i < passes->count; i++)
        if (sodium_memcmp(passes->slots[i].key, key, AW_PASS_BYTES) == 0)
            found = &passes->slots[i];
    return found;
}

aw_rc aw_passes_find(struct aw_passes *passes, struct aw_str text,
                     int64_t now_ms, struct aw_arena *arena,
                     struct aw_pass *out, struct aw_err *err)
{
    const struct slot *slot;
    aw_rc rc;

    (void)pthread_mutex_lock(&passes->lock);
    slot = find(passes, text);
    rc = slot && now_ms < slot->pass.expires_ms
             ? copy(&slot->pass, arena, out, err)
             : aw_fail(err, AW_MISSING, "there is no such pass");
    (void)pthread_mutex_unlock(&passes->lock);
    return rc;
}

/* ---- what the page loads --------------------------------------------------
 */

uint64_t aw_passes_mark(const struct aw_passes *passes, struct aw_str url)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t mark;

    (void)crypto_shorthash(hash, (const unsigned char *)url.ptr, url.len,
                           passes->mark_key);
    memcpy(&mark, hash, sizeof mark);
    return mark != 0 ? mark : 1;
}

void aw_passes_allow(struct aw_passes *passes, struct aw_str text,
                     const struct aw_parts *parts)
{
    struct slot *slot;

    (void)pthread_mutex_lock(&passes->lock);
    slot = find(passes, text);
    if (slot)
        aw_parts_add_all(&slot->parts, parts);
    (void)pthread_mutex_unlock(&passes->lock);
}

bool aw_passes_allows(struct aw_passes *passes, struct aw_str text,
                      struct aw_str url)
{
    uint64_t mark = aw_passes_mark(passes, url);
    const struct slot *slot;
    bool allows;

    (void)pthread_mutex_lock(&passes->lock);
    slot = find(passes, text);
    allows = slot && aw_parts_has(&slot->parts, mark);
    (void)pthread_mutex_unlock(&passes->lock);
    return allows;
}
