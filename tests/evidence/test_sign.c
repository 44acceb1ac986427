#include <sys/stat.h>

#include "evidence/shown.h"
#include "evidence/sign.h"
#include "tests/evidence/shell.h"

#define NONE ((struct aw_str){0})
#define TEXT AW_STR("abc 0123  manifest\n")

static struct aw_key *own(void)
{
    struct aw_key *key = NULL;

    ASSERT_OK(aw_key_own(&key, fixture.dir, NONE, &fixture.err));
    return key;
}

static aw_rc load(struct aw_key **out, const char *name, const char *phrase)
{
    struct aw_officer_config officer = {.name = (char *)(uintptr_t) "wang",
                                        .key = (char *)(uintptr_t)name,
                                        .passphrase_file =
                                            (char *)(uintptr_t)phrase};

    return aw_key_load(out, fixture.dir, &officer, NULL, &fixture.err);
}

/* ---- the workspace's own ------------------------------------------------ */

static void the_own_key_is_made_once(void **state)
{
    struct aw_key *first = NULL;
    struct aw_key *again = NULL;
    struct stat st;

    (void)state;
    ASSERT_OK(aw_key_own(&first, fixture.dir, NONE, &fixture.err));
    assert_int_equal(stat(in_fixture("keys"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(in_fixture("keys/workspace.pem"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    ASSERT_OK(aw_key_own(&again, fixture.dir, NONE, &fixture.err));
    assert_string_equal(aw_key_id(first), aw_key_id(again));
    assert_int_equal(aw_key_kind(first), AW_KEY_ED25519);
    shell("[ \"$(ls -A keys)\" = workspace.pem ]");
    aw_key_free(first);
    aw_key_free(again);
}

static void an_own_key_that_is_none_is_told(void **state)
{
    static const struct {
        const char *command, *says;
    } cases[] = {{"chmod 640 keys/workspace.pem", "chmod 600"},
                 {"chmod 600 keys/workspace.pem; echo x > keys/workspace.pem",
                  "has no private key"},
                 {"openssl genpkey -algorithm SM2 -out keys/workspace.pem",
                  "is no Ed25519 key"},
                 {"rm keys/workspace.pem; mkdir keys/workspace.pem",
                  "is no file"}};
    struct aw_key *key = own();

    (void)state;
    aw_key_free(key);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        shell(cases[i].command);
        key = NULL;
        assert_int_equal(aw_key_own(&key, fixture.dir, NONE, &fixture.err),
                         AW_CONFIG);
        ASSERT_SAYS(cases[i].says);
        assert_null(key);
    }
}

static void a_lost_key_is_not_made_anew_in_silence(void **state)
{
    struct aw_key *key = own();
    char id[AW_KEYID_MAX];

    (void)state;
    (void)snprintf(id, sizeof id, "%s", aw_key_id(key));
    aw_key_free(key);
    shell("mv keys/workspace.pem kept.pem");
    assert_int_equal(aw_key_own(&key, fixture.dir, aw_str_of(id),
                                &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS("put that one back");
    shell("[ ! -e keys/workspace.pem ]");
    aw_key_free(own()); /* another one */
    assert_int_equal(aw_key_own(&key, fixture.dir, aw_str_of(id),
                                &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS("put that one back");
    shell("mv kept.pem keys/workspace.pem");
    ASSERT_OK(aw_key_own(&key, fixture.dir, aw_str_of(id), &fixture.err));
    aw_key_free(key);
}

static void secrets_of_addresses_are_not_shown(void **state)
{
    static const struct {
        const char *uri, *shown;
    } cases[] = {
        {"https://tsa.example/a/b", "https://tsa.example/a/b"},
        {"https://me:s3cret@tsa.example:99/a", "https://tsa.example:99/a"},
        {"https://me:s3/cr#et@tsa.example/a", "https://tsa.example/a"},
        {"https://tsa.example/a?key=s3cret#s3cret", "https://tsa.example/a"},
        {"me:s3cret@tsa.example", "tsa.example"},
        {"pkcs11:token=a;object=b?pin-value=s3cret",
         "pkcs11:token=a;object=b"},
        {"pkcs11:pin-value=s3cret;object=b", "pkcs11:object=b"},
        {"pkcs11:object=b;PIN-VALUE=s3cret", "pkcs11:object=b"},
        {"keys/wang.key", "keys/wang.key"},
    };
    char shown[AW_SHOWN_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        aw_show_uri(cases[i].uri, shown);
        assert_string_equal(shown, cases[i].shown);
    }
}

static void the_id_is_of_the_public_der(void **state)
{
    struct aw_key *key = own();
    char command[400];

    (void)state;
    (void)snprintf(command, sizeof command,
                   "[ \"$(openssl pkey -in keys/workspace.pem -pubout -outform"
                   " DER | sha256sum | cut -c1-16)\" = %s ]",
                   aw_key_id(key));
    shell(command);
    aw_key_free(key);
}

/* ---- each kind -----------------------------------------------------------
 */

#define VERIFY(options)                                         \
    "openssl pkeyutl -verify -rawin -pubin -inkey pub.pem -in " \
    "text -sigfile sig " options

static const struct {
    const char *name, *make, *verify;
    enum aw_key_kind kind;
} kinds[] = {
    {"ed25519.pem", "openssl genpkey -algorithm ED25519 -out ed25519.pem",
     VERIFY(""), AW_KEY_ED25519},
    {"sm2.pem", "openssl genpkey -algorithm SM2 -out sm2.pem",
     VERIFY("-digest sm3 -pkeyopt distid:1234567812345678"), AW_KEY_SM2},
    {"rsa.pem",
     "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "
     "rsa.pem",
     VERIFY("-digest sha256"), AW_KEY_RSA}};
#define KINDS (sizeof kinds / sizeof *kinds)

/* Signs TEXT; leaves text, sig and pub.pem in the folder. */
static void sign_text(const struct aw_key *key, struct aw_buf *signature,
                      struct aw_buf *pem)
{
    aw_buf_init(signature, AW_SIGNATURE_MAX);
    aw_buf_init(pem, AW_KEY_PUBLIC_MAX);
    ASSERT_OK(aw_key_sign(key, TEXT, signature, &fixture.err));
    ASSERT_OK(aw_key_public(key, pem, &fixture.err));
    put_bytes("text", TEXT);
    put_bytes("sig", aw_buf_str(signature));
    put_bytes("pub.pem", aw_buf_str(pem));
}

/* No byte of the signature, nor of what was signed, may be another one. */
static void no_byte_changes(const struct aw_key *key, struct aw_buf *signature)
{
    struct aw_buf text;

    for (size_t i = 0; i < signature->len; i++) {
        signature->ptr[i] ^= 1;
        assert_int_equal(aw_key_verify(key, TEXT, aw_buf_str(signature),
                                       &fixture.err),
                         AW_INVALID);
        signature->ptr[i] ^= 1;
    }
    aw_buf_init(&text, 64);
    aw_buf_put(&text, TEXT);
    for (size_t i = 0; i < text.len; i++) {
        text.ptr[i] ^= 1;
        assert_int_equal(aw_key_verify(key, aw_buf_str(&text),
                                       aw_buf_str(signature), &fixture.err),
                         AW_INVALID);
        text.ptr[i] ^= 1;
    }
    aw_buf_deinit(&text);
    aw_buf_putc(signature, 'x');
    assert_int_equal(aw_key_verify(key, TEXT, aw_buf_str(signature),
                                   &fixture.err),
                     AW_INVALID);
}

static void each_kind_signs_and_openssl_verifies(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        struct aw_key *key = NULL;
        struct aw_key *half = NULL;
        struct aw_buf signature, pem;

        shell(kinds[i].make);
        ASSERT_OK(load(&key, kinds[i].name, NULL));
        assert_int_equal(aw_key_kind(key), kinds[i].kind);
        sign_text(key, &signature, &pem);
        shell(kinds[i].verify);
        ASSERT_OK(aw_key_read_public(&half, aw_buf_str(&pem), &fixture.err));
        assert_string_equal(aw_key_id(half), aw_key_id(key));
        ASSERT_OK(
            aw_key_verify(half, TEXT, aw_buf_str(&signature), &fixture.err));
        no_byte_changes(half, &signature);
        aw_buf_deinit(&signature);
        aw_buf_deinit(&pem);
        aw_key_free(key);
        aw_key_free(half);
    }
}

static void a_public_half_is_written_in_one_way(void **state)
{
    struct aw_key *key = own();
    struct aw_key *half = NULL;
    struct aw_buf signature, pem, other;

    (void)state;
    sign_text(key, &signature, &pem);
    for (size_t i = 0; i < pem.len; i++) {
        pem.ptr[i] ^= 4;
        if (aw_key_read_public(&half, aw_buf_str(&pem), &fixture.err) ==
            AW_OK) {
            assert_string_not_equal(aw_key_id(half), aw_key_id(key));
            aw_key_free(half);
        }
        pem.ptr[i] ^= 4;
    }
    aw_buf_init(&other, AW_PEM_MAX);
    aw_buf_puts(&other, "\n");
    aw_buf_put(&other, aw_buf_str(&pem));
    assert_int_equal(aw_key_read_public(&half, aw_buf_str(&other),
                                        &fixture.err),
                     AW_INVALID);
    ASSERT_OK(aw_key_read_loose(&half, aw_buf_str(&other), &fixture.err));
    aw_key_free(half);
    aw_buf_deinit(&other);
    aw_buf_deinit(&signature);
    aw_buf_deinit(&pem);
    aw_key_free(key);
}

/* ---- an officer's key ----------------------------------------------------
 */

static void a_pass_phrase_comes_from_file_or_variable(void **state)
{
    struct aw_officer_config officer = {
        .name = (char *)(uintptr_t) "wang",
        .key = (char *)(uintptr_t) "k.pem",
        .passphrase_env = (char *)(uintptr_t) "AW_TEST_PHRASE"};
    struct aw_key *key = NULL;

    (void)state;
    shell("openssl genpkey -algorithm ED25519 -aes256 -pass pass:secret-1"
          " -out k.pem; printf 'secret-1\\nmore\\n' > phrase;"
          " echo secret-2 > wrong; : > empty; chmod 600 phrase wrong empty");
    ASSERT_OK(load(&key, "k.pem", "phrase"));
    aw_key_free(key);
    key = NULL;
    assert_int_equal(load(&key, "k.pem", "wrong"), AW_CONFIG);
    ASSERT_SAYS("the key of 'wang'");
    ASSERT_SAYS("this pass phrase opens");
    assert_int_equal(load(&key, "k.pem", "empty"), AW_CONFIG);
    assert_int_equal(load(&key, "k.pem", "nowhere"), AW_CONFIG);
    assert_int_equal(load(&key, "k.pem", NULL), AW_CONFIG);
    ASSERT_SAYS("without a pass phrase");
    shell("chmod 644 phrase");
    assert_int_equal(load(&key, "k.pem", "phrase"), AW_CONFIG);
    ASSERT_SAYS("may be read by others");
    assert_int_equal(aw_key_load(&key, fixture.dir, &officer, NULL,
                                 &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS("AW_TEST_PHRASE is not set");
    assert_int_equal(setenv("AW_TEST_PHRASE", "secret-1", 1), 0);
    ASSERT_OK(aw_key_load(&key, fixture.dir, &officer, NULL, &fixture.err));
    aw_key_free(key);
    (void)unsetenv("AW_TEST_PHRASE");
}

static void keys_of_other_kinds_are_refused(void **state)
{
    static const struct {
        const char *make, *says;
    } cases[] = {
        {"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024"
         " -out k.pem",
         "1024 bits"},
        {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
         " -out k.pem",
         "neither Ed25519, SM2 nor RSA"},
        {"openssl pkey -in k.pem -pubout -out p.pem; mv p.pem k.pem;"
         " chmod 600 k.pem",
         "no private key"},
        {"head -c 70000 /dev/zero > k.pem", "65536"}};
    struct aw_key *key = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        shell(cases[i].make);
        assert_int_equal(load(&key, "k.pem", NULL), AW_CONFIG);
        ASSERT_SAYS(cases[i].says);
    }
}

/* ---- a token -------------------------------------------------------------
 */

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define URI "pkcs11:token=office;object=wang;type=private"

static bool has_token(void)
{
    if (access(MODULE, R_OK) == 0 &&
        shell_ok("command -v softhsm2-util && ls"
                 " \"$(openssl version -e | cut -d '\"' -f 2)\"/pkcs11.so"))
        return true;
    (void)fprintf(stderr, "SKIPPED: a key on a token: softhsm2 and"
                          " libengine-pkcs11-openssl are not installed\n");
    return false;
}

static void make_token(void)
{
    assert_int_equal(setenv("SOFTHSM2_CONF", in_fixture("softhsm2.conf"), 1),
                     0);
    shell("mkdir tokens; echo \"directories.tokendir = $D/tokens\" >"
          " softhsm2.conf; softhsm2-util --init-token --free --label office"
          " --so-pin 87654321 --pin 4711-pin; openssl genpkey -algorithm RSA"
          " -pkeyopt rsa_keygen_bits:2048 -out token.pem; softhsm2-util"
          " --import token.pem --token office --label wang --id a1 --pin"
          " 4711-pin; echo 4711-pin > pin; echo 0000 > wrong;"
          " chmod 600 pin wrong");
}

static aw_rc load_token(struct aw_key **out, const char *uri, const char *pin,
                        const char *module)
{
    struct aw_officer_config officer = {.name = (char *)(uintptr_t) "wang",
                                        .key = (char *)(uintptr_t)uri,
                                        .passphrase_file =
                                            (char *)(uintptr_t)pin};

    return aw_key_load(out, fixture.dir, &officer, module, &fixture.err);
}

static void a_key_on_a_token_signs(void **state)
{
    struct aw_key *key = NULL;
    struct aw_buf signature, pem;

    (void)state;
    if (!has_token())
        skip();
    make_token();
    ASSERT_OK(load_token(&key, URI, "pin", MODULE));
    assert_int_equal(aw_key_kind(key), AW_KEY_RSA);
    sign_text(key, &signature, &pem);
    shell(VERIFY("-digest sha256"));
    ASSERT_OK(aw_key_verify(key, TEXT, aw_buf_str(&signature), &fixture.err));
    aw_buf_deinit(&signature);
    aw_buf_deinit(&pem);
    aw_key_free(key);
    assert_int_equal(load_token(&key, "pkcs11:token=office;object=nobody",
                                "pin", MODULE),
                     AW_CONFIG);
    ASSERT_SAYS("no key on a token");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_own_key_is_made_once),
        UNIT(an_own_key_that_is_none_is_told),
        UNIT(a_lost_key_is_not_made_anew_in_silence),
        UNIT(secrets_of_addresses_are_not_shown),
        UNIT(the_id_is_of_the_public_der),
        UNIT(each_kind_signs_and_openssl_verifies),
        UNIT(a_public_half_is_written_in_one_way),
        UNIT(a_pass_phrase_comes_from_file_or_variable),
        UNIT(keys_of_other_kinds_are_refused),
        UNIT(a_key_on_a_token_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
