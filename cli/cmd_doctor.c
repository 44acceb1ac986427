#include <archive.h>
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <hs/hs.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <libxml/xmlversion.h>
#include <openssl/crypto.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <seccomp.h>
#include <sqlite3.h>
#include <unicode/uvernum.h>

#include "classify/classify.h"
#include "cli/cli.h"
#include "crawler/render_process.h"
#include "reader/cell.h"

static void print_versions(void)
{
    char pcre2[64] = "";
    const struct scmp_version *seccomp = seccomp_version();
    char offer[AW_CELL_OFFER_MAX];

    (void)pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    (void)printf("adwatch     " AW_VERSION "\n");
    (void)printf("libcurl     %s\n", curl_version());
    (void)printf("pcre2       %s\n", pcre2);
    (void)printf("vectorscan  %s\n", hs_version());
    (void)printf("sqlite      %s\n", sqlite3_libversion());
    (void)printf("icu         %s\n", U_ICU_VERSION);
    (void)printf("cjson       %s\n", cJSON_Version());
    (void)printf("libdeflate  %s\n", LIBDEFLATE_VERSION_STRING);
    (void)printf("isa-l       %d.%d.%d\n", ISAL_MAJOR_VERSION,
                 ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
    (void)printf("libxml2     %s\n", LIBXML_DOTTED_VERSION);
    (void)printf("libarchive  %s\n", archive_version_string());
    (void)printf("openssl     %s\n", OpenSSL_version(OPENSSL_VERSION));
    (void)printf("libseccomp  %u.%u.%u\n", seccomp->major, seccomp->minor,
                 seccomp->micro);
    (void)aw_cell_offer(offer);
    (void)printf("cell        %s\n", offer);
}

/* The one that is looked for in PATH; a workspace may name another. */
static void print_browser(void)
{
    char path[AW_PATH_MAX];
    char version[AW_BROWSER_VERSION_MAX];
    struct aw_err err;
    aw_rc rc = aw_browser_find(NULL, path, &err);

    if (rc == AW_OK)
        rc = aw_browser_version(path, version, &err);
    (void)printf("browser     %s\n", rc == AW_OK ? version : err.msg);
}

/* Rules and model load, and can be told apart later by their digests. */
static aw_rc check_rules(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_classifier *classifier = NULL;
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    char cache[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model,
                                          .cache_dir = aw_cache_path(cache)};
    aw_rc rc = aw_rules_paths(cli, lexicon, model, err);

    if (rc == AW_OK)
        rc = aw_classifier_new(&classifier, &config, err);
    if (rc == AW_OK)
        (void)printf("lexicon     %s sha256:%s\nmodel       %s sha256:%s\n",
                     lexicon, aw_classifier_lexicon_hash(classifier), model,
                     aw_classifier_model_hash(classifier));
    aw_classifier_free(classifier);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    print_versions();
    print_browser();
    return check_rules(cli, err);
}

const struct aw_command aw_cmd_doctor = {
    .name = "doctor",
    .words = "",
    .summary = "versions, and what is missing",
    .text = "",
    .run = run,
};
