#include "review/password.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>

#include "base/utf8.h"

#define OPERATIONS 3
#define MEMORY ((size_t)32 << 20)

static_assert(AW_PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES,
              "a hash has room");

/* Of the whole process, as the memory is that it guards. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int running;

static void enter(void)
{
    (void)pthread_mutex_lock(&lock);
    while (running == AW_PASSWORDS_AT_ONCE)
        (void)pthread_cond_wait(&freed, &lock);
    running++;
    (void)pthread_mutex_unlock(&lock);
}

static void leave(void)
{
    (void)pthread_mutex_lock(&lock);
    running--;
    (void)pthread_cond_signal(&freed);
    (void)pthread_mutex_unlock(&lock);
}

aw_rc aw_password_check(struct aw_str password, struct aw_str name,
                        struct aw_err *err)
{
    if (!aw_utf8_valid(password))
        return aw_fail(err, AW_INVALID, "the password is not UTF-8");
    if (aw_utf8_count(password) < AW_PASSWORD_LEAST)
        return aw_fail(err, AW_INVALID,
                       "the password is too short: use %d characters or more",
                       AW_PASSWORD_LEAST);
    if (password.len > AW_PASSWORD_MOST)
        return aw_fail(err, AW_INVALID,
                       "the password is too long: use %d bytes at most",
                       AW_PASSWORD_MOST);
    if (aw_str_eq_nocase(password, name))
        return aw_fail(err, AW_INVALID,
                       "the password is the name: use another");
    return AW_OK;
}

static int make_hash(struct aw_str password, char out[AW_PASSWORD_HASH_MAX])
{
    int failed;

    enter();
    failed = crypto_pwhash_str_alg(out, password.len ? password.ptr : "",
                                   password.len, OPERATIONS, MEMORY,
                                   crypto_pwhash_ALG_ARGON2ID13);
    leave();
    return failed;
}

aw_rc aw_password_hash(struct aw_str password, char out[AW_PASSWORD_HASH_MAX],
                       struct aw_err *err)
{
    if (sodium_init() < 0)
        return aw_fail(err, AW_FAIL, "libsodium does not start");
    if (make_hash(password, out) != 0)
        return aw_fail(err, AW_NOMEM,
                       "no memory to hash a password: %zu MiB are needed",
                       MEMORY >> 20);
    return AW_OK;
}

bool aw_password_is(struct aw_str password, struct aw_str hash)
{
    char text[AW_PASSWORD_HASH_MAX] = "";
    int differs;

    if (sodium_init() < 0 || password.len > AW_PASSWORD_MOST ||
        hash.len >= sizeof text)
        return false;
    if (hash.len == 0) {
        (void)make_hash(password, text);
        return false;
    }
    memcpy(text, hash.ptr, hash.len);
    enter();
    differs = crypto_pwhash_str_verify(text, password.ptr ? password.ptr : "",
                                       password.len);
    leave();
    return differs == 0;
}
