/* A bundle as it goes out, of a real archive, with the seals of two officers
 * and a stamp: `adwatch verify` as a whole finds each of 2,000 changed bytes,
 * drawn at random; and those of a file that was changed by somebody who puts
 * all sums right again.
 *
 * ADWATCH_TEST_SEED=N draws the places of an earlier run again. */
#include "evidence/bag.h"
#include "evidence/seal.h"
#include "evidence/verify.h"
#include "tests/evidence/authority.h"
#include "tests/evidence/bundle_fixture.h"

#define CHANGES 2000
#define FORGED 60
#define BYTES_MAX ((size_t)16 << 20)

static char tsa_dir[] = "/tmp/aw-tsa-XXXXXX";
static struct aw_evidence_config evidence = {
    .tsa = {.timeout_ms = 10000, .clock_ms = 300000}};
static struct aw_buf bundle; /* the good one */
static int64_t made_ms;
static struct aw_rng rng;

static void seal(struct aw_sealer *sealer, struct aw_str name, const char *who)
{
    struct aw_login login = {.name = aw_str_of(who),
                             .password = AW_STR(PASSWORD),
                             .peer = AW_STR("terminal")};
    struct aw_sealed_by done;
    int64_t wait_ms;

    ASSERT_OK(
        aw_sealer_seal(sealer, name, &login, &wait_ms, &done, &fixture.err));
    office_clock.manual_ms += 1000;
}

static void seal_and_stamp(const char *path)
{
    struct aw_sealer_config config = {.workspace = fixture.dir,
                                      .evidence = &evidence,
                                      .clock = &office_clock};
    const char *file = strrchr(path, '/') + 1;
    struct aw_str name = {file, strlen(file) - strlen(".zip")};
    struct aw_sealer *sealer = NULL;
    struct aw_stamped stamped;

    evidence.tsa.url = authority_url("tsa");
    ASSERT_OK(aw_sealer_new(&sealer, fixture.store, &config, &fixture.err));
    seal(sealer, name, WANG);
    seal(sealer, name, LI);
    ASSERT_OK(aw_sealer_stamp(sealer, name, &stamped, &fixture.err));
    aw_sealer_free(sealer);
}

static uint64_t seed(void)
{
    const char *given = getenv("ADWATCH_TEST_SEED");

    return given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
}

static int set_up(void **state)
{
    uint64_t from = seed();
    char path[AW_PATH_MAX];

    print_message("ADWATCH_TEST_SEED=%llu\n", (unsigned long long)from);
    aw_rng_init(&rng, from);
    if (!mkdtemp(tsa_dir) || office_set_up(state) != 0)
        return -1;
    authority_make(tsa_dir);
    authority_start(tsa_dir);
    made_ms = aw_clock_wall(&office_clock);
    office_bundle(path);
    seal_and_stamp(path);
    aw_buf_init(&bundle, BYTES_MAX);
    ASSERT_OK(aw_file_read(path, &bundle, &fixture.err));
    return 0;
}

static int tear_down(void **state)
{
    char command[64];

    authority_stop();
    aw_buf_deinit(&bundle);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", tsa_dir);
    return system(command) != 0 ? -1 : fixture_tear_down(state);
}

/* ---- looking ------------------------------------------------------------ */

struct seen {
    int items, failed;
    char first[32];  /* that failed */
    char stamp[256]; /* what is said of it */
};

static aw_rc note(void *self, const struct aw_verify_item *item,
                  struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    seen->items++;
    if (strcmp(item->name, "timestamp") == 0)
        (void)snprintf(seen->stamp, sizeof seen->stamp, "%s", item->what);
    if (!item->ok && seen->failed++ == 0)
        (void)snprintf(seen->first, sizeof seen->first, "%s", item->name);
    return AW_OK;
}

static struct seen look(struct aw_str bytes)
{
    struct seen seen = {0};
    aw_rc rc = aw_bundle_verify_bytes(bytes, NULL, note, &seen, &fixture.err);

    assert_int_equal(rc, seen.failed > 0 ? AW_FAIL : AW_OK);
    return seen;
}

/* Nothing is found false in the good one, which has all that a bundle of the
 * fixture can have. */
static void the_bundle_itself_is_good(void **state)
{
    struct seen seen = look(aw_buf_str(&bundle));

    (void)state;
    assert_int_equal(seen.failed, 0);
    assert_int_equal(seen.items, 17);
    if (!strstr(seen.stamp, "Test TSA"))
        fail_msg("of the stamp it says: %s", seen.stamp);
}

/* ---- bytes -------------------------------------------------------------- */

static void change_byte(size_t at)
{
    char before = bundle.ptr[at];

    bundle.ptr[at] = (char)(before ^ (1 + (int)aw_rng_below(&rng, 255)));
    if (look(aw_buf_str(&bundle)).failed == 0)
        fail_msg("byte %zu is %02x and not %02x: not found", at,
                 (unsigned char)bundle.ptr[at], (unsigned char)before);
    bundle.ptr[at] = before;
}

static void each_of_2000_changed_bytes_is_found(void **state)
{
    (void)state;
    for (int i = 0; i < CHANGES; i++)
        change_byte(aw_rng_below(&rng, bundle.len));
}

/* ---- files with all sums put right again -------------------------------- */

static void add_file(struct aw_bag *bag, const struct aw_bag_file *file,
                     bool changed)
{
    char name[AW_ZIP_NAME_MAX + 1];
    struct aw_buf bytes;

    (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(file->name));
    aw_buf_init(&bytes, BYTES_MAX);
    aw_buf_put(&bytes, file->bytes);
    if (changed)
        bytes.ptr[aw_rng_below(&rng, bytes.len)] ^=
            (char)(1 + (int)aw_rng_below(&rng, 255));
    if (aw_str_starts(file->name, AW_STR("data/")))
        ASSERT_OK(aw_bag_add(bag, name, aw_buf_str(&bytes), &fixture.err));
    else
        ASSERT_OK(
            aw_bag_add_seal(bag, name, aw_buf_str(&bytes), &fixture.err));
    aw_buf_deinit(&bytes);
}

/* The same files, made into a bag again: a byte of the file at `which` is
 * another one. The seals are those of before. */
static void forge(const struct aw_bag_view *view, size_t which,
                  const char *path)
{
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;
    char folder[256];
    size_t i = 0;

    (void)snprintf(folder, sizeof folder, "%.*s", AW_STR_ARG(view->folder));
    ASSERT_OK(aw_bag_new(&bag, path, folder, made_ms, &fixture.err));
    for (; aw_str_starts(view->files[i].name, AW_STR("data/")); i++)
        add_file(bag, &view->files[i], i == which);
    ASSERT_OK(aw_bag_seal(bag, "Source: forged\n", &digests, &fixture.err));
    for (; i < view->count; i++)
        if (aw_bag_is_seal(view->files[i].name))
            add_file(bag, &view->files[i], false);
    ASSERT_OK(aw_bag_close(bag, &fixture.err));
    aw_bag_free(bag);
}

static struct seen look_at_file(const char *path)
{
    struct aw_buf bytes;
    struct seen seen;

    aw_buf_init(&bytes, BYTES_MAX);
    ASSERT_OK(aw_file_read(path, &bytes, &fixture.err));
    seen = look(aw_buf_str(&bytes));
    aw_buf_deinit(&bytes);
    return seen;
}

static size_t payload_of(const struct aw_bag_view *view)
{
    size_t count = 0;

    while (aw_str_starts(view->files[count].name, AW_STR("data/")))
        count++;
    return count;
}

/* Container and manifests are right: what the files say, or the seals, tell.
 */
static void a_file_with_new_sums_is_found_by_its_seals(void **state)
{
    struct aw_bag_view *view = NULL;
    char path[AW_PATH_MAX];
    size_t payload;

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "forged.zip", &fixture.err));
    ASSERT_OK(aw_bag_view_of(&view, aw_buf_str(&bundle), &fixture.err));
    ASSERT_OK(aw_bag_read_zip(view, &fixture.err));
    ASSERT_OK(aw_bag_read_folder(view, &fixture.err));
    payload = payload_of(view);
    for (size_t i = 0; i < FORGED; i++) {
        size_t which = payload > 0 ? i % payload : 0;
        struct seen seen;

        if (view->files[which].bytes.len == 0)
            continue;
        forge(view, which, path);
        seen = look_at_file(path);
        if (seen.failed == 0)
            fail_msg("'%.*s': not found", AW_STR_ARG(view->files[which].name));
        assert_string_not_equal(seen.first, "container");
        assert_string_not_equal(seen.first, "manifest");
        assert_string_not_equal(seen.first, "tagmanifest");
    }
    aw_bag_view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bundle_itself_is_good),
        cmocka_unit_test(each_of_2000_changed_bytes_is_found),
        cmocka_unit_test(a_file_with_new_sums_is_found_by_its_seals),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
