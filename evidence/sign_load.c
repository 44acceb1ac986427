#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "evidence/shown.h"
#include "evidence/sign_private.h"

#define KEYS_DIR "keys"
#define OWN_NAME "workspace.pem"
#define FOR_OWNER_ALONE 0600
#define OF_OTHERS 077

/* ---- files that others may not read --------------------------------------
 */

static aw_rc check_mode(int fd, const char *path, struct aw_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "'%s'", path);
    if (!S_ISREG(st.st_mode))
        return aw_fail(err, AW_CONFIG, "'%s' is no file", path);
    if (st.st_mode & OF_OTHERS)
        return aw_fail(err, AW_CONFIG,
                       "'%s' may be read by others: chmod 600 '%s'", path,
                       path);
    return AW_OK;
}

/* AW_MISSING: there is no such file. The caller wipes what it was given. */
static aw_rc read_guarded(const char *path, struct aw_buf *out,
                          struct aw_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_CONFIG,
                             "'%s'", path);
    rc = check_mode(fd, path, err);
    if (rc == AW_OK)
        rc = aw_fd_read(fd, out, err);
    (void)close(fd);
    return rc;
}

static void wipe(struct aw_buf *buf)
{
    if (buf->ptr)
        OPENSSL_cleanse(buf->ptr, buf->cap);
    aw_buf_deinit(buf);
}

/* ---- PEM -----------------------------------------------------------------
 */

static int give_phrase(char *buf, int size, int rwflag, void *self)
{
    const char *phrase = self;
    int len = phrase ? (int)strlen(phrase) : -1;

    (void)rwflag;
    if (len < 0 || len > size)
        return -1;
    memcpy(buf, phrase, (size_t)len);
    return len;
}

static aw_rc read_private(EVP_PKEY **out, const char *path, const char *phrase,
                          struct aw_err *err)
{
    struct aw_buf pem;
    BIO *bio = NULL;
    aw_rc rc;

    aw_buf_init(&pem, AW_PEM_MAX);
    rc = read_guarded(path, &pem, err);
    if (rc == AW_OK) {
        bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);
        *out = bio ? PEM_read_bio_PrivateKey(bio, NULL, give_phrase,
                                             (void *)(uintptr_t)phrase)
                   : NULL;
        BIO_free(bio);
        if (!*out)
            rc = aw_openssl_fail(err, AW_CONFIG,
                                 "'%s' has no private key that %s", path,
                                 phrase ? "this pass phrase opens"
                                        : "opens without a pass phrase");
    }
    wipe(&pem);
    return rc;
}

/* ---- the workspace's own -------------------------------------------------
 */

static aw_rc make_dir(const char *workspace, char dir[AW_PATH_MAX],
                      struct aw_err *err)
{
    aw_rc rc = aw_path_join(dir, workspace, KEYS_DIR, err);

    if (rc != AW_OK || mkdir(dir, 0700) == 0 || errno == EEXIST)
        return rc;
    return aw_fail_errno(err, AW_IO, "cannot make '%s'", dir);
}

static aw_rc write_key(int fd, EVP_PKEY *pkey, struct aw_err *err)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    char *text = NULL;
    aw_rc rc;

    if (!bio ||
        PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) != 1) {
        BIO_free(bio);
        return aw_openssl_fail(err, AW_FAIL, "cannot write a key");
    }
    rc = aw_write_all(fd, text, (size_t)BIO_get_mem_data(bio, &text), err);
    BIO_free(bio);
    if (rc == AW_OK && fsync(fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot write a key");
    return rc;
}

/* Of two that make it at once the second finds the first one's: a link is made
 * or is not, and takes nothing's place. */
static aw_rc put_key(EVP_PKEY *pkey, const char *path, const char *dir,
                     struct aw_err *err)
{
    char temporary[AW_PATH_MAX];
    aw_rc rc = aw_path_join(temporary, dir, ".new-XXXXXX", err);
    int fd;

    if (rc != AW_OK)
        return rc;
    fd = mkostemp(temporary, O_CLOEXEC); /* 0600 */
    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a key in '%s'", dir);
    rc = write_key(fd, pkey, err);
    (void)close(fd);
    if (rc == AW_OK && link(temporary, path) != 0 && errno != EEXIST)
        rc = aw_fail_errno(err, AW_IO, "cannot make '%s'", path);
    (void)unlink(temporary);
    aw_sync_folder_of(path);
    return rc;
}

static aw_rc make_key(const char *path, const char *dir, struct aw_err *err)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    aw_rc rc;

    if (!pkey)
        return aw_openssl_fail(err, AW_FAIL, "cannot make a key");
    rc = put_key(pkey, path, dir, err);
    EVP_PKEY_free(pkey);
    return rc;
}

static aw_rc take(struct aw_key **out, EVP_PKEY *pkey, const char *name,
                  struct aw_err *err)
{
    if (aw_key_of(out, pkey, err) == AW_OK)
        return AW_OK;
    (void)aw_fail_in(err, "'%s'", name);
    return err->rc = err->rc == AW_NOMEM ? AW_NOMEM : AW_CONFIG;
}

/* A pair that was lost is not made anew in silence: who trusted the old one
 * would find the new seals false. */
static aw_rc check_known(const char *path, const struct aw_key *key,
                         struct aw_str known, struct aw_err *err)
{
    if (known.len == 0 || (key && aw_str_eq(aw_str_of(key->id), known)))
        return AW_OK;
    return aw_fail(err, AW_CONFIG,
                   "'%s' is %s%s, and this workspace sealed with key %.*s: "
                   "put that one back from a backup (chmod 600). Where it is "
                   "lost for good, seal in a new workspace and tell who "
                   "trusts the old key",
                   path, key ? "key " : "gone", key ? key->id : "",
                   AW_STR_ARG(known));
}

static aw_rc read_or_make(EVP_PKEY **pkey, const char *path, const char *dir,
                          struct aw_str known, struct aw_err *err)
{
    aw_rc rc = read_private(pkey, path, NULL, err);

    if (rc != AW_MISSING)
        return rc;
    rc = check_known(path, NULL, known, err);
    if (rc == AW_OK)
        rc = make_key(path, dir, err);
    return rc == AW_OK ? read_private(pkey, path, NULL, err) : rc;
}

aw_rc aw_key_own(struct aw_key **out, const char *workspace,
                 struct aw_str known, struct aw_err *err)
{
    char dir[AW_PATH_MAX];
    char path[AW_PATH_MAX];
    EVP_PKEY *pkey = NULL;
    struct aw_key *key = NULL;
    aw_rc rc = make_dir(workspace, dir, err);

    if (rc == AW_OK)
        rc = aw_path_join(path, dir, OWN_NAME, err);
    if (rc == AW_OK)
        rc = read_or_make(&pkey, path, dir, known, err);
    if (rc == AW_OK)
        rc = take(&key, pkey, path, err);
    if (rc == AW_OK && key->kind != AW_KEY_ED25519)
        rc = aw_fail(err, AW_CONFIG, "'%s' is no Ed25519 key", path);
    if (rc == AW_OK)
        rc = check_known(path, key, known, err);
    if (rc == AW_OK)
        *out = key;
    else
        aw_key_free(key);
    return rc;
}

/* ---- an officer's --------------------------------------------------------
 */

/* The first line; AW_CONFIG where there is none, or it is too long. */
static aw_rc first_line(struct aw_str text, const char *where,
                        char out[AW_SECRET_MAX], struct aw_err *err)
{
    struct aw_str line = {0};

    (void)aw_str_split(&text, '\n', &line);
    if (aw_str_ends(line, AW_STR("\r")))
        line.len--;
    if (line.len == 0 || line.len >= AW_SECRET_MAX)
        return aw_fail(err, AW_CONFIG,
                       "the first line of %s is no pass phrase", where);
    memcpy(out, line.ptr, line.len);
    out[line.len] = '\0';
    return AW_OK;
}

static aw_rc phrase_of_file(const char *workspace, const char *name,
                            char out[AW_SECRET_MAX], struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct aw_buf text;
    aw_rc rc = aw_path_join(path, workspace, name, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&text, (size_t)4 << 10);
    rc = read_guarded(path, &text, err);
    if (rc == AW_OK)
        rc = first_line(aw_buf_str(&text), path, out, err);
    wipe(&text);
    return rc;
}

/* *phrase is out, or NULL where the config names none. */
static aw_rc find_phrase(const char *workspace,
                         const struct aw_officer_config *officer,
                         char out[AW_SECRET_MAX], const char **phrase,
                         struct aw_err *err)
{
    const char *text;

    *phrase = NULL;
    if (!officer->passphrase_file && !officer->passphrase_env)
        return AW_OK;
    *phrase = out;
    if (officer->passphrase_file)
        return phrase_of_file(workspace, officer->passphrase_file, out, err);
    text = getenv(officer->passphrase_env);
    if (!text)
        return aw_fail(err, AW_CONFIG, "the variable %s is not set",
                       officer->passphrase_env);
    return first_line(aw_str_of(text), officer->passphrase_env, out, err);
}

static aw_rc load_pkey(EVP_PKEY **out, const char *workspace,
                       const struct aw_officer_config *officer,
                       const char *pkcs11, const char *phrase,
                       struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc;

    if (aw_str_starts(aw_str_of(officer->key), AW_STR("pkcs11:")))
        return aw_token_key(out, officer->key, phrase, pkcs11, err);
    rc = aw_path_join(path, workspace, officer->key, err);
    return rc == AW_OK ? read_private(out, path, phrase, err) : rc;
}

aw_rc aw_key_load(struct aw_key **out, const char *workspace,
                  const struct aw_officer_config *officer, const char *pkcs11,
                  struct aw_err *err)
{
    char secret[AW_SECRET_MAX] = "";
    char shown[AW_SHOWN_MAX];
    const char *phrase = NULL;
    EVP_PKEY *pkey = NULL;
    aw_rc rc = find_phrase(workspace, officer, secret, &phrase, err);

    aw_show_uri(officer->key, shown);
    if (rc == AW_OK)
        rc = load_pkey(&pkey, workspace, officer, pkcs11, phrase, err);
    OPENSSL_cleanse(secret, sizeof secret);
    if (rc == AW_OK)
        rc = take(out, pkey, shown, err);
    if (rc == AW_OK || rc == AW_NOMEM)
        return rc;
    err->rc = AW_CONFIG;
    return aw_fail_in(err, "the key of '%s'", officer->name);
}
