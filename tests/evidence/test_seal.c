#include "evidence/chain.h"
#include "evidence/custody.h"
#include "evidence/leftovers.h"
#include "evidence/seal.h"
#include "evidence/seal_check.h"
#include "evidence/verify.h"
#include "tests/evidence/authority.h"
#include "tests/evidence/bundle_fixture.h"

static char tsa_dir[] = "/tmp/aw-tsa-XXXXXX";

static struct aw_evidence_config evidence;
static struct aw_officer_config officers[2];
static char path[AW_PATH_MAX]; /* of the bundle */
static char name[256];         /* of it */
static struct aw_sealed_by done;
static struct aw_stamped stamped;

static int start(void **state)
{
    (void)state;
    if (!mkdtemp(tsa_dir))
        return -1;
    authority_make(tsa_dir);
    authority_start(tsa_dir);
    return 0;
}

static int stop(void **state)
{
    char command[64];

    (void)state;
    authority_stop();
    (void)snprintf(command, sizeof command, "rm -rf '%s'", tsa_dir);
    return system(command);
}

static void make_bundle(void)
{
    const char *slash;

    office_bundle(path);
    slash = strrchr(path, '/');
    (void)snprintf(name, sizeof name, "%.*s",
                   (int)(strlen(slash + 1) - strlen(".zip")), slash + 1);
}

static int set_up(void **state)
{
    int failed = office_set_up(state);

    evidence = (struct aw_evidence_config){
        .tsa = {.timeout_ms = 10000, .clock_ms = 300000}};
    make_bundle();
    return failed;
}

/* ---- acts ----------------------------------------------------------------
 */

static struct aw_sealer *open_sealer(void)
{
    struct aw_sealer_config config = {.workspace = fixture.dir,
                                      .evidence = &evidence,
                                      .clock = &office_clock};
    struct aw_sealer *sealer = NULL;

    ASSERT_OK(aw_sealer_new(&sealer, fixture.store, &config, &fixture.err));
    return sealer;
}

static aw_rc seal_with(const char *who, const char *password)
{
    struct aw_sealer *sealer = open_sealer();
    struct aw_login login = {.name = aw_str_of(who),
                             .password = aw_str_of(password),
                             .peer = AW_STR("terminal")};
    int64_t wait_ms;
    aw_rc rc = aw_sealer_seal(sealer, aw_str_of(name), &login, &wait_ms, &done,
                              &fixture.err);

    aw_sealer_free(sealer);
    office_clock.manual_ms += 1000;
    return rc;
}

static aw_rc seal(const char *who)
{
    return seal_with(who, PASSWORD);
}

static void stamp_by(const char *way)
{
    struct aw_sealer *sealer = open_sealer();

    evidence.tsa.url = authority_url(way);
    ASSERT_OK(
        aw_sealer_stamp(sealer, aw_str_of(name), &stamped, &fixture.err));
    aw_sealer_free(sealer);
}

/* ---- looking -------------------------------------------------------------
 */

static struct aw_sealed_file *open_file(void)
{
    struct aw_sealed_file *file = NULL;

    ASSERT_OK(aw_sealed_open(&file, path, &fixture.err));
    return file;
}

static struct aw_trust *trust_of(const char *file)
{
    const char *paths[] = {file};
    struct aw_trust *trust = NULL;

    ASSERT_OK(aw_trust_new(&trust, paths, 1, &fixture.err));
    return trust;
}

static char what[AW_SEAL_WHAT_MAX];
static bool missing;

/* What verify says of the seals; trusted: a file, or NULL. */
static aw_rc look(const char *trusted)
{
    struct aw_sealed_file *file = open_file();
    struct aw_trust *trust = trusted ? trust_of(trusted) : NULL;
    aw_rc rc = aw_seals_verify(aw_sealed_get(file), trust, what, &missing,
                               &fixture.err);

    aw_trust_free(trust);
    aw_sealed_free(file);
    return rc;
}

#define ASSERT_WHAT(part)                                \
    do {                                                 \
        if (!strstr(what, part))                         \
            fail_msg("'%s' is not in '%s'", part, what); \
    } while (0)

static aw_rc print_false(void *self, const struct aw_verify_item *item,
                         struct aw_err *err)
{
    (void)self;
    (void)err;
    if (!item->ok)
        (void)fprintf(stderr, "%s: %s\n", item->name, item->what);
    return AW_OK;
}

static void assert_whole(void)
{
    ASSERT_OK(aw_bundle_verify(path, NULL, print_false, NULL, &fixture.err));
}

/* ---- two officers --------------------------------------------------------
 */

static void two_officers_seal_a_bundle(void **state)
{
    (void)state;
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("not sealed");
    ASSERT_OK(seal(WANG));
    assert_int_equal(done.officer, 1);
    assert_non_null(strstr(done.key, "Ed25519 "));
    assert_whole();
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("half sealed");
    ASSERT_WHAT("王芳 (37080001)");
    ASSERT_OK(seal(LI));
    assert_int_equal(done.officer, 2);
    assert_whole();
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("sealed by 王芳 (37080001)");
    ASSERT_WHAT("and 李强 (37080002)");
    ASSERT_WHAT("who has them is not proven");
    assert_int_equal(fixture_number("SELECT count(*) FROM seal"), 2);
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM audit WHERE action = 'seal'"),
                     2);
}

static void the_workspaces_key_proves_it(void **state)
{
    (void)state;
    shell("openssl genpkey -algorithm ED25519 | openssl pkey -pubout"
          " -out other.pem");
    assert_int_equal(look(in_fixture("other.pem")), AW_INVALID);
    ASSERT_SAYS("not sealed");
    assert_true(missing);
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("who made it is not proven");
    assert_true(missing);
    ASSERT_OK(seal(WANG));
    shell("openssl pkey -in keys/workspace.pem -pubout -out own.pem;"
          " openssl genpkey -algorithm ED25519 | openssl pkey -pubout"
          " -out other.pem");
    assert_int_equal(look(in_fixture("own.pem")), AW_INVALID);
    ASSERT_SAYS("a second officer is missing");
    assert_true(missing);
    ASSERT_OK(seal(LI));
    ASSERT_OK(look(in_fixture("own.pem")));
    assert_false(missing);
    ASSERT_WHAT("which is trusted, by the workspace's key only");
    assert_int_equal(look(in_fixture("other.pem")), AW_INVALID);
    ASSERT_SAYS("officer-1.json: none of its keys is trusted");
}

static void who_may_not_seal_is_refused(void **state)
{
    static const struct {
        const char *user;
        enum aw_role role;
        const char *certificate, *says;
    } cases[] = {{"a", AW_ROLE_AUDITOR, "37080003", "is auditor"},
                 {"b", AW_ROLE_ADMIN, "37080004", "is administrator"},
                 {"c", AW_ROLE_SUPERVISOR, "", "no certificate number"}};
    bool off = false;
    struct aw_user_change change = {.active = &off};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        office_user(cases[i].user, cases[i].role, cases[i].certificate);
        assert_int_equal(seal(cases[i].user), AW_INVALID);
        ASSERT_SAYS(cases[i].says);
    }
    assert_int_equal(seal("nobody"), AW_INVALID);
    ASSERT_SAYS("the name or the password is wrong");
    ASSERT_OK(aw_user_change(fixture.store, &office_clock, AW_STR("root"), 2,
                             &change, &fixture.err));
    assert_int_equal(seal(LI), AW_INVALID);
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("not sealed");
}

static void a_password_cannot_be_guessed_here(void **state)
{
    (void)state;
    for (int i = 0; i < AW_LOGIN_NAME_FREE + 1; i++) {
        assert_int_equal(seal_with(WANG, "wrong horse battery"), AW_INVALID);
        office_clock.manual_ms -= 1000;
    }
    assert_int_equal(seal(WANG), AW_BUSY);
    ASSERT_SAYS("too many tries");
}

static void one_officer_is_not_two(void **state)
{
    (void)state;
    office_user("same", AW_ROLE_REVIEWER, "37080001");
    office_user("third", AW_ROLE_REVIEWER, "37080003");
    ASSERT_OK(seal(WANG));
    assert_int_equal(seal(WANG), AW_INVALID);
    ASSERT_SAYS("sealed it already");
    assert_int_equal(seal("same"), AW_INVALID);
    ASSERT_SAYS("the same certificate number");
    ASSERT_OK(seal(LI));
    assert_int_equal(seal("third"), AW_INVALID);
    ASSERT_SAYS("two officers sealed it already");
}

static void a_changed_bundle_is_not_sealed(void **state)
{
    (void)state;
    shell("f=$(ls bundles/*.zip); printf 'x' | dd of=\"$f\" bs=1 seek=300"
          " conv=notrunc");
    assert_int_equal(seal(WANG), AW_INVALID);
    assert_int_equal(fixture_number("SELECT count(*) FROM seal"), 0);
}

static void a_bundle_of_elsewhere_is_not_sealed(void **state)
{
    static const char *const names[] = {"", ".", "../x", "a/b", "nowhere"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(name, sizeof name, "%s", names[i]);
        assert_true(seal(WANG) == AW_INVALID || fixture.err.rc == AW_MISSING);
    }
}

/* A process that was killed wrote the file, and none of its rows. */
#define FORGET(act)                                                     \
    "DELETE FROM seal; DELETE FROM handover WHERE action = '" act "';"  \
    "DELETE FROM audit WHERE action = '" act "' OR (action = 'custody'" \
    " AND json_extract(detail, '$.act') = '" act "')"

static void assert_way(const char *steps, size_t count)
{
    struct aw_custody_way way;
    struct aw_custody_file file;
    struct aw_arena arena;

    aw_arena_init(&arena, (size_t)1 << 20);
    ASSERT_OK(aw_custody_read(fixture.store, &arena, aw_str_of(name), &way,
                              &fixture.err));
    if (way.count != count)
        fail_msg("%zu steps are not: %s", way.count, steps);
    assert_true(way.audited);
    for (size_t i = 0; i < way.count; i++)
        assert_false(aw_custody_is_false(way.steps[i].change));
    ASSERT_OK(aw_custody_file(path, &file, &fixture.err));
    assert_int_equal(aw_custody_compare(&way, &file), AW_CUSTODY_SAME);
    aw_arena_deinit(&arena);
}

static void what_a_crash_left_in_the_file_is_taken_up(void **state)
{
    (void)state;
    ASSERT_OK(seal(WANG));
    fixture_tamper(FORGET("seal"));
    ASSERT_OK(seal(WANG)); /* whoever was killed seals again */
    assert_int_equal(done.officer, 1);
    assert_way("making, seal", 2);
    fixture_tamper(FORGET("seal"));
    ASSERT_OK(seal(LI));
    assert_way("making, two seals", 3);
    assert_int_equal(done.officer, 2);
    assert_int_equal(fixture_number("SELECT count(*) FROM seal"), 2);
    assert_int_equal(fixture_number("SELECT count(*) FROM seal WHERE officer ="
                                    " '王芳' AND certificate = '37080001'"),
                     1);
}

/* ---- officers' own keys --------------------------------------------------
 */

#define TEXT(literal) (char *)(uintptr_t)(literal)

/* An SM2 key with a certificate of a CA; "days" of it. The CA is an old one:
 * the office's clock need not be the machine's. */
static void make_key_of(const char *cn, const char *uses, const char *dates)
{
#define SM2_ID "distid:1234567812345678"
#define OLD "-startdate 20200101000000Z -enddate 20991231000000Z"
    char command[3072];

    (void)snprintf(
        command, sizeof command,
        "set -e; for k in ca wang; do"
        " openssl genpkey -algorithm SM2 -out $k.key; done;"
        "printf '[ca]\\ndefault_ca=h\\n[h]\\ndatabase=./index.txt\\n"
        "new_certs_dir=.\\nserial=./serial\\ndefault_md=sm3\\npolicy=p\\n"
        "[p]\\ncommonName=supplied\\n[r]\\nkeyUsage=critical,keyCertSign\\n"
        "basicConstraints=critical,CA:TRUE\\n[u]\\n%s\\n' > ca.cnf;"
        ": > index.txt; echo 01 > serial;"
        "sign() { openssl req -new -key $1.key -sm3 -sigopt " SM2_ID
        " -subj \"$2\" -utf8 -out $1.csr; shift 2;"
        " openssl ca -batch -utf8 -config ca.cnf -keyfile ca.key -notext"
        " -sigopt " SM2_ID " -vfyopt " SM2_ID " \"$@\"; };"
        "sign ca '/CN=Office CA' -selfsign -extensions r -in ca.csr -out"
        " ca.pem " OLD ";"
        "sign wang '/CN=%s' -cert ca.pem -extensions u -in wang.csr -out"
        " wang.crt %s;"
        "cat wang.crt ca.pem > wang.pem; chmod 600 wang.key",
        uses, cn, dates);
    shell(command);
    officers[0] = (struct aw_officer_config){.name = TEXT(WANG),
                                             .key = TEXT("wang.key"),
                                             .certificate = TEXT("wang.pem")};
    evidence.officers = officers;
    evidence.officer_count = 1;
}

static void make_officer_key(const char *dates)
{
    make_key_of(WANG, "keyUsage=digitalSignature", dates);
}

/* Both seal; the workspace's key is in own.pem. */
static void seal_twice(void)
{
    ASSERT_OK(seal(WANG));
    ASSERT_OK(seal(LI));
    shell("openssl pkey -in keys/workspace.pem -pubout -out own.pem;"
          " cat ca.pem own.pem > all.pem; cat wang.crt own.pem > both.pem");
}

static void a_certificate_of_something_else_proves_no_officer(void **state)
{
    static const struct {
        const char *cn, *uses, *says;
    } cases[] = {
        {"www.shop.example", "keyUsage=digitalSignature", "neither the"},
        {WANG, "keyUsage=digitalSignature\\nextendedKeyUsage=serverAuth",
         "not one for signing"},
        {WANG,
         "keyUsage=digitalSignature\\nextendedKeyUsage=critical,"
         "timeStamping",
         "not one for signing"},
        {WANG, "keyUsage=keyAgreement", "not one for signing"},
        {WANG, "basicConstraints=CA:FALSE", "not one for signing"},
        {"37080001", "keyUsage=nonRepudiation", NULL},
        {"王　芳", "keyUsage=digitalSignature", NULL}, /* a wide space */
        {"３７０８０００１", "keyUsage=digitalSignature", NULL},
        {"王芬", "keyUsage=digitalSignature", "neither the"},
        {"3708000１１", "keyUsage=digitalSignature", "neither the"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_bundle();
        make_key_of(cases[i].cn, cases[i].uses, OLD);
        seal_twice();
        if (!cases[i].says) {
            ASSERT_OK(look(in_fixture("all.pem")));
            continue;
        }
        assert_int_equal(look(in_fixture("ca.pem")), AW_INVALID);
        ASSERT_SAYS(cases[i].says);
    }
}

/* The same key in the hands of both. */
static void one_key_is_not_two_officers(void **state)
{
    (void)state;
    make_officer_key(OLD);
    officers[1] = officers[0];
    officers[1].name = TEXT(LI);
    evidence.officer_count = 2;
    ASSERT_OK(seal(WANG));
    ASSERT_OK(seal(LI));
    assert_int_equal(look(NULL), AW_INVALID);
    ASSERT_SAYS("her own key is that of another");
}

static void an_officers_own_key_is_proven_by_her_authority(void **state)
{
    (void)state;
    make_officer_key(OLD);
    seal_twice();
    assert_whole();
    ASSERT_OK(look(in_fixture("all.pem")));
    ASSERT_WHAT("which is trusted");
    ASSERT_OK(look(in_fixture("both.pem")));
    shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout x.key -out x.pem"
          " -subj /CN=x");
    assert_int_equal(look(in_fixture("x.pem")), AW_INVALID);
    ASSERT_SAYS("leads to none that is trusted");
}

static void a_certificate_out_of_date_proves_nothing(void **state)
{
    (void)state;
    make_officer_key("-startdate 20200101000000Z -enddate 20210101000000Z");
    ASSERT_OK(seal(WANG));
    ASSERT_OK(look(NULL));
    assert_int_equal(look(in_fixture("ca.pem")), AW_INVALID);
    ASSERT_SAYS("expired");
    assert_int_equal(look(in_fixture("wang.crt")), AW_INVALID);
    ASSERT_SAYS("out of date");
}

static void a_key_that_does_not_fit_is_told(void **state)
{
    (void)state;
    make_officer_key(OLD);
    shell("cat ca.pem > wang.pem");
    assert_int_equal(seal(WANG), AW_CONFIG);
    ASSERT_SAYS("the first certificate is not that of key");
    shell("rm wang.key");
    assert_int_equal(seal(WANG), AW_CONFIG);
    ASSERT_OK(look(NULL));
    ASSERT_WHAT("not sealed");
}

/* ---- every byte ----------------------------------------------------------
 */

static bool holds(const struct aw_sealed *sealed)
{
    char text[AW_SEAL_WHAT_MAX];
    struct aw_err err = {0};

    return aw_seals_verify(sealed, NULL, text, &missing, &err) == AW_OK &&
           aw_seal_stamp_verify(sealed, NULL, text, &missing, &err) == AW_OK &&
           aw_seal_chain_verify(sealed, NULL, text, &missing, &err) == AW_OK;
}

/* Sealed by two, one with certificates, and stamped. */
static void seal_all(void)
{
    make_officer_key(OLD);
    ASSERT_OK(seal(WANG));
    ASSERT_OK(seal(LI));
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("tsa");
    assert_string_equal(stamped.state, AW_STAMP_DONE);
    assert_whole();
}

static void no_byte_of_a_seal_changes_unseen(void **state)
{
    struct aw_sealed_file *file;
    struct aw_sealed sealed;
    size_t bytes = 0;

    (void)state;
    seal_all();
    file = open_file();
    sealed = *aw_sealed_get(file);
    assert_int_equal(sealed.count, 10);
    assert_true(holds(&sealed));
    for (size_t i = 0; i < sealed.count; i++) {
        struct aw_str good = sealed.files[i].bytes;
        char *copy = malloc(good.len);

        assert_non_null(copy);
        memcpy(copy, good.ptr, good.len);
        sealed.files[i].bytes.ptr = copy;
        /* Of a large one each third: under sanitizers this takes long. */
        for (size_t at = 0;
             at<good.len; at += good.len> 1024 ? 3 : 1, bytes++) {
            copy[at] ^= (char)(1 << at % 8);
            if (holds(&sealed))
                fail_msg("%.*s: byte %zu changes unseen",
                         AW_STR_ARG(sealed.files[i].name), at);
            copy[at] = good.ptr[at];
        }
        sealed.files[i].bytes = good;
        free(copy);
    }
    assert_true(bytes > 2000);
    aw_sealed_free(file);
}

static void no_file_of_a_seal_is_left_out_added_or_swapped_unseen(void **state)
{
    struct aw_sealed_file *file;
    struct aw_sealed sealed, other;

    (void)state;
    seal_all();
    file = open_file();
    sealed = *aw_sealed_get(file);
    for (size_t i = 0; i < sealed.count; i++) {
        other = sealed;
        other.files[i] = other.files[--other.count];
        if (holds(&other))
            fail_msg("%.*s is left out unseen",
                     AW_STR_ARG(sealed.files[i].name));
        for (size_t j = 0; j < i; j++) {
            other = sealed;
            other.files[i].bytes = sealed.files[j].bytes;
            other.files[j].bytes = sealed.files[i].bytes;
            if (holds(&other))
                fail_msg("%zu and %zu are swapped unseen", i, j);
        }
        other = sealed;
        other.files[i].name = AW_STR("officer-3.json");
        assert_false(holds(&other));
    }
    other = sealed;
    other.files[other.count++] =
        (struct aw_seal_file){AW_STR("keys/0123456789abcdef.pem"),
                              sealed.files[0].bytes};
    assert_false(holds(&other));
    other = sealed;
    other.folder = AW_STR("another");
    assert_false(holds(&other));
    other = sealed;
    other.tagmanifest = AW_STR("abc  bagit.txt\n");
    assert_false(holds(&other));
    aw_sealed_free(file);
}

/* ---- time stamps ---------------------------------------------------------
 */

static aw_rc look_stamp(const char *trusted)
{
    struct aw_sealed_file *file = open_file();
    struct aw_trust *trust = trusted ? trust_of(trusted) : NULL;
    aw_rc rc = aw_seal_stamp_verify(aw_sealed_get(file), trust, what, &missing,
                                    &fixture.err);

    aw_trust_free(trust);
    aw_sealed_free(file);
    return rc;
}

static void without_an_authority_there_is_no_stamp(void **state)
{
    (void)state;
    ASSERT_OK(seal(WANG));
    assert_string_equal(done.stamped.state, AW_STAMP_NONE);
    ASSERT_OK(look_stamp(NULL));
    ASSERT_WHAT("none: its times are those of the machine");
}

static aw_rc keep_stamped(void *self, struct aw_str bundle,
                          const struct aw_stamped *one, struct aw_err *err)
{
    (void)bundle;
    (void)err;
    ++*(int *)self;
    stamped = *one;
    return AW_OK;
}

static void a_stamp_that_is_not_had_is_asked_for_again(void **state)
{
    struct aw_sealer *sealer;
    char command[128];
    int told = 0;

    (void)state;
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("500");
    assert_string_equal(stamped.state, AW_STAMP_PENDING);
    assert_non_null(strstr(stamped.what, "status 500"));
    assert_whole();
    stamp_by("rubbish");
    assert_int_equal(fixture_number("SELECT count(*) FROM bundle WHERE stamp ="
                                    " 'pending' AND stamp_tries = 2 AND"
                                    " stamp_why LIKE '%RFC 3161%'"),
                     1);
    evidence.tsa.url = authority_url("switch");
    sealer = open_sealer();
    assert_int_equal(aw_sealer_retry(sealer, 10, keep_stamped, &told,
                                     &fixture.err),
                     AW_PARTLY);
    assert_int_equal(told, 1);
    (void)snprintf(command, sizeof command, "touch %s/switch", tsa_dir);
    shell(command);
    assert_int_equal(
        aw_sealer_retry(sealer, 10, keep_stamped, &told, &fixture.err),
        AW_PARTLY); /* one that was not there is not asked at once again */
    assert_non_null(strstr(stamped.what, "not asked"));
    aw_sealer_free(sealer);
    sealer = open_sealer();
    ASSERT_OK(aw_sealer_retry(sealer, 10, keep_stamped, &told, &fixture.err));
    assert_true(stamped.fresh);
    aw_sealer_free(sealer);
    ASSERT_OK(look_stamp(NULL));
    ASSERT_WHAT("CN=Test TSA: who that is is not proven");
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM audit WHERE action = 'stamp'"),
                     1);
    assert_whole();
}

static void an_authority_proves_the_time(void **state)
{
    char file[AW_PATH_MAX];
    char command[2 * AW_PATH_MAX];

    (void)state;
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("tsa");
    (void)snprintf(file, sizeof file, "%s/ca.pem", tsa_dir);
    ASSERT_OK(look_stamp(file));
    ASSERT_WHAT("CN=Test TSA, who is trusted");
    (void)snprintf(file, sizeof file, "%s/other.pem", tsa_dir);
    assert_int_equal(look_stamp(file), AW_INVALID);
    ASSERT_SAYS("is not trusted");
    (void)snprintf(command, sizeof command,
                   "unzip -q %s -d out && cd out/* && sha256sum -c --quiet"
                   " tagmanifest-sha256.txt manifest-sha256.txt && openssl ts"
                   " -verify -in seal/timestamp.tsr -data"
                   " tagmanifest-sha256.txt -CAfile %s/ca.pem && openssl"
                   " pkeyutl -verify -rawin -pubin -inkey seal/keys/*.pem -in"
                   " seal/timestamp.tsr -sigfile seal/timestamp.*.sig",
                   path, tsa_dir);
    shell(command);
}

/* A certificate of the same name by somebody else. */
static void an_authority_of_the_same_name_is_another(void **state)
{
    char file[AW_PATH_MAX];

    (void)state;
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("fake");
    ASSERT_OK(look_stamp(NULL));
    ASSERT_WHAT("CN=Test TSA: who that is is not proven");
    (void)snprintf(file, sizeof file, "%s/ca.pem", tsa_dir);
    assert_int_equal(look_stamp(file), AW_INVALID);
    ASSERT_SAYS("CN=Test TSA is not trusted");
}

/* Who has the key of a certificate that ran out can tell any time. */
static void
a_certificate_that_ran_out_before_the_stamp_proves_nothing(void **state)
{
    int64_t now_ms = office_clock.manual_ms;
    char dates[128];
    char end[AW_TIME_MAX];

    (void)state;
    aw_time_compact(now_ms - 120000, end); /* 20261127014500123 */
    (void)snprintf(dates, sizeof dates,
                   "-startdate 20200101000000Z -enddate %.14sZ", end);
    office_clock.manual_ms = now_ms - 240000;
    make_officer_key(dates);
    seal_twice();
    ASSERT_OK(look(in_fixture("all.pem")));
    office_clock.manual_ms = now_ms;
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("tsa");
    assert_string_equal(stamped.state, AW_STAMP_DONE);
    ASSERT_OK(look(NULL));
    assert_int_equal(look(in_fixture("ca.pem")), AW_INVALID);
    ASSERT_SAYS("expired");
}

static void a_stamp_that_the_store_forgot_is_taken_up(void **state)
{
    (void)state;
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("tsa");
    fixture_tamper("UPDATE bundle SET stamp = 'pending'");
    stamp_by("500");
    assert_string_equal(stamped.state, AW_STAMP_DONE);
}

/* A bundle whose own clock was ahead when it was made. */
static void what_is_before_the_making_is_false(void **state)
{
    (void)state;
    office_clock.manual_ms += 7200000;
    make_bundle();
    office_clock.manual_ms -= 7200000;
    assert_int_equal(seal(WANG), AW_INVALID);
    ASSERT_SAYS("the clock says");
    fixture_tamper("UPDATE bundle SET stamp = 'pending' WHERE id = 2");
    stamp_by("tsa");
    assert_int_equal(look_stamp(NULL), AW_INVALID);
    ASSERT_SAYS("before it was made");
}

/* ---- the chain ------------------------------------------------------------
 */

static void ignore(void *self, const char *file, const char *why)
{
    (void)self;
    (void)file;
    (void)why;
}

static aw_rc verify_chain(void)
{
    struct aw_chain_found found;
    char bundles[AW_PATH_MAX];

    ASSERT_OK(aw_path_join(bundles, fixture.dir, "bundles", &fixture.err));
    return aw_chain_verify(fixture.store, bundles, NULL, ignore, NULL, &found,
                           &fixture.err);
}

static void the_files_are_held_against_the_chain(void **state)
{
    (void)state;
    make_bundle();
    ASSERT_OK(verify_chain());
    ASSERT_OK(seal(WANG)); /* the seal is outside of what is chained */
    ASSERT_OK(verify_chain());
    shell("cd bundles && set -- *.zip && mv $1 x && mv $2 $1 && mv x $2");
    assert_int_equal(verify_chain(), AW_INVALID);
    ASSERT_SAYS("another bundle");
    shell("cd bundles && set -- *.zip && mv $1 x && mv $2 $1 && mv x $2 &&"
          " rm $2");
    assert_int_equal(verify_chain(), AW_PARTLY);
}

static void what_has_no_row_is_told(void **state)
{
    (void)state;
    ASSERT_OK(verify_chain());
    shell("cd bundles && cp *.zip adwatch-other.zip");
    assert_int_equal(verify_chain(), AW_PARTLY);
    ASSERT_SAYS("1 are not of it");
    shell("cd bundles && mv adwatch-other.zip adwatch-other.zip.tmp");
    assert_int_equal(verify_chain(), AW_PARTLY);
    ASSERT_SAYS("1 are not of it");
}

/* Killed when its rows were written, and it had no name. */
static void what_has_its_row_gets_its_name(void **state)
{
    char bundles[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(aw_path_join(bundles, fixture.dir, "bundles", &fixture.err));
    shell("cd bundles && for b in *.zip; do cp $b adwatch-o.zip.tmp; mv $b"
          " $b.tmp; done");
    assert_int_equal(verify_chain(), AW_PARTLY);
    ASSERT_OK(aw_leftovers_clear(fixture.store, bundles, &fixture.err));
    ASSERT_OK(verify_chain()); /* and the other is gone */
    assert_whole();
    assert_way("making", 1);
}

#undef UNIT
#define UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(two_officers_seal_a_bundle),
        UNIT(the_workspaces_key_proves_it),
        UNIT(who_may_not_seal_is_refused),
        UNIT(a_password_cannot_be_guessed_here),
        UNIT(one_officer_is_not_two),
        UNIT(a_changed_bundle_is_not_sealed),
        UNIT(a_bundle_of_elsewhere_is_not_sealed),
        UNIT(what_a_crash_left_in_the_file_is_taken_up),
        UNIT(a_certificate_of_something_else_proves_no_officer),
        UNIT(one_key_is_not_two_officers),
        UNIT(an_officers_own_key_is_proven_by_her_authority),
        UNIT(a_certificate_out_of_date_proves_nothing),
        UNIT(a_key_that_does_not_fit_is_told),
        UNIT(no_byte_of_a_seal_changes_unseen),
        UNIT(no_file_of_a_seal_is_left_out_added_or_swapped_unseen),
        UNIT(without_an_authority_there_is_no_stamp),
        UNIT(a_stamp_that_is_not_had_is_asked_for_again),
        UNIT(an_authority_proves_the_time),
        UNIT(an_authority_of_the_same_name_is_another),
        UNIT(a_certificate_that_ran_out_before_the_stamp_proves_nothing),
        UNIT(a_stamp_that_the_store_forgot_is_taken_up),
        UNIT(what_is_before_the_making_is_false),
        UNIT(the_files_are_held_against_the_chain),
        UNIT(what_has_no_row_is_told),
        UNIT(what_has_its_row_gets_its_name),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
