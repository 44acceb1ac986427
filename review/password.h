/* password.h - passwords, kept as argon2id hashes alone (libsodium).
 *
 * A hash takes about a tenth of a second and 32 MiB; AW_PASSWORDS_AT_ONCE are
 * reckoned at once, others wait: who guesses cannot take the whole machine.
 */
#ifndef AW_REVIEW_PASSWORD_H
#define AW_REVIEW_PASSWORD_H

#include "base/error.h"
#include "base/str.h"

#define AW_PASSWORD_LEAST 10     /* characters */
#define AW_PASSWORD_MOST 128     /* bytes */
#define AW_PASSWORD_HASH_MAX 128 /* bytes, with the NUL */
#define AW_PASSWORDS_AT_ONCE 2

/* AW_INVALID, and what is wanted: too short, too long, no UTF-8, or the name
 * itself. */
aw_rc aw_password_check(struct aw_str password, struct aw_str name,
                        struct aw_err *err) AW_MUST_USE;

aw_rc aw_password_hash(struct aw_str password, char out[AW_PASSWORD_HASH_MAX],
                       struct aw_err *err) AW_MUST_USE;

/* Is it the password of that hash? An empty hash is nobody's: it takes as long
 * as any other, and is false. */
bool aw_password_is(struct aw_str password, struct aw_str hash);

#endif
