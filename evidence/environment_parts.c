#include "evidence/environment_private.h"

#include <archive.h>
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <gnu/libc-version.h>
#include <hs/hs.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <seccomp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <unicode/uversion.h>

#include "extract/ocr.h"

#define VERSION_MAX 256
#define TEXT(x) #x
#define AS_TEXT(x) TEXT(x)

static void put(char out[VERSION_MAX], const char *text)
{
    (void)snprintf(out, VERSION_MAX, "%.*s", VERSION_MAX - 1, text);
}

/* As it is loaded, not as it was built with. */
static void pcre2_version(char out[VERSION_MAX])
{
    char text[64] = "";

    (void)pcre2_config(PCRE2_CONFIG_VERSION, text);
    put(out, text);
}

static void icu_version(char out[VERSION_MAX])
{
    char text[U_MAX_VERSION_STRING_LENGTH];
    UVersionInfo version;

    u_getVersion(version);
    u_versionToString(version, text);
    put(out, text);
}

/* "20914" is 2.9.14. */
static void libxml2_version(char out[VERSION_MAX])
{
    long number = strtol(xmlParserVersion, NULL, 10);

    (void)snprintf(out, VERSION_MAX, "%ld.%ld.%ld", number / 10000,
                   number / 100 % 100, number % 100);
}

static void seccomp_number(char out[VERSION_MAX])
{
    const struct scmp_version *v = seccomp_version();

    (void)snprintf(out, VERSION_MAX, "%u.%u.%u", v->major, v->minor, v->micro);
}

static void ocr_version(char out[VERSION_MAX])
{
    char text[AW_OCR_VERSION_MAX];
    struct aw_err err;

    put(out, aw_ocr_version(text, &err) == AW_OK ? text : err.msg);
}

#define CALL(name, call)                    \
    static void name(char out[VERSION_MAX]) \
    {                                       \
        put(out, call);                     \
    }
CALL(curl_text, curl_version())
CALL(openssl_text, OpenSSL_version(OPENSSL_VERSION))
CALL(vectorscan_text, hs_version())
CALL(sqlite_text, sqlite3_libversion())
CALL(cjson_text, cJSON_Version())
CALL(archive_text, archive_version_string())
CALL(sodium_text, sodium_version_string())
CALL(libc_text, gnu_get_libc_version())
/* These two tell at build time alone. */
CALL(libdeflate_text, LIBDEFLATE_VERSION_STRING " (as built)")
CALL(isal_text,
     AS_TEXT(ISAL_MAJOR_VERSION) "." AS_TEXT(ISAL_MINOR_VERSION) "." AS_TEXT(
         ISAL_PATCH_VERSION) " (as built)")
#undef CALL

static const struct {
    const char *name;
    void (*version)(char out[VERSION_MAX]);
} libraries[] = {
    {"libcurl", curl_text},
    {"openssl", openssl_text},
    {"libxml2", libxml2_version},
    {"pcre2", pcre2_version},
    {"vectorscan", vectorscan_text},
    {"icu", icu_version},
    {"sqlite", sqlite_text},
    {"tesseract", ocr_version},
    {"cjson", cjson_text},
    {"libarchive", archive_text},
    {"libdeflate", libdeflate_text},
    {"isa-l", isal_text},
    {"libsodium", sodium_text},
    {"libseccomp", seccomp_number},
    {"glibc", libc_text},
};

void aw_environment_parts(const struct aw_environment *e, aw_part_fn *visit,
                          void *self)
{
    char version[VERSION_MAX];

    visit(self, "adwatch", AW_VERSION);
    visit(self, "build", e->build);
    visit(self, "compiler", __VERSION__);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        libraries[i].version(version);
        visit(self, libraries[i].name, version);
    }
    if (e->browser[0])
        visit(self, "browser", e->browser);
}
