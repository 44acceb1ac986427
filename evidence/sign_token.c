/* Keys on tokens, by the engine pkcs11 of libengine-pkcs11-openssl. OpenSSL 3
 * has providers instead of engines; Debian 12 has no such provider yet. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <stdio.h>

#include "evidence/shown.h"
#include "evidence/sign_private.h"

static bool set_up(ENGINE *engine, const char *pin, const char *module)
{
    return (!module ||
            ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) == 1) &&
           (!pin || ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) == 1) &&
           ENGINE_init(engine) == 1;
}

aw_rc aw_token_key(struct evp_pkey_st **out, const char *uri, const char *pin,
                   const char *module, struct aw_err *err)
{
    ENGINE *engine;
    EVP_PKEY *pkey = NULL;
    char shown[AW_SHOWN_MAX];

    ENGINE_load_builtin_engines();
    engine = ENGINE_by_id("pkcs11");
    if (!engine)
        return aw_openssl_fail(err, AW_CONFIG,
                               "OpenSSL has no engine pkcs11: install "
                               "libengine-pkcs11-openssl");
    if (!set_up(engine, pin, module)) {
        ENGINE_free(engine);
        return aw_openssl_fail(err, AW_CONFIG,
                               "PKCS #11 does not start with '%s'",
                               module ? module : "p11-kit");
    }
    pkey = ENGINE_load_private_key(engine, uri, NULL, NULL);
    (void)ENGINE_finish(engine); /* the key holds the engine while it lives */
    ENGINE_free(engine);
    if (!pkey) {
        aw_show_uri(uri, shown);
        return aw_openssl_fail(err, AW_CONFIG,
                               "no key on a token by '%s': is the PIN right?",
                               shown);
    }
    *out = pkey;
    return AW_OK;
}
