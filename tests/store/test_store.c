#include "tests/store/fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "store/schema.h"

/* ---- opening ----------------------------------------------------------- */

static aw_rc open_other(const char *path)
{
    struct aw_store *other = NULL;
    aw_rc rc = aw_store_open(&other, path, &fixture.err);

    if (rc != AW_OK)
        assert_null(other);
    aw_store_close(other);
    return rc;
}

static void migrations_bring_an_empty_store_to_the_newest(void **state)
{
    (void)state;
    assert_int_equal(fixture_number("SELECT max(version) FROM schema_version"),
                     aw_schema_newest());
    assert_int_equal(fixture_number("SELECT count(*) FROM schema_version"),
                     aw_schema_newest());
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"), 0);
}

static void a_store_opened_again_keeps_its_rows(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_finding finding = {0};

    (void)state;
    fixture_reopen();
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &finding,
                                   &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM schema_version"),
                     aw_schema_newest());
}

static void a_newer_store_is_refused(void **state)
{
    (void)state;
    fixture_tamper("INSERT INTO schema_version VALUES (99)");
    assert_int_equal(open_other(fixture.path), AW_STORE);
    ASSERT_SAYS("version 99");
    ASSERT_SAYS("use a newer adwatch");
    ASSERT_SAYS(fixture.path);
}

static void a_migration_that_fails_leaves_nothing_behind(void **state)
{
    char path[AW_PATH_MAX];
    struct aw_db *db = NULL;
    int64_t tables = -1;

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "half.db", &fixture.err));
    ASSERT_OK(aw_db_open(&db, path, 1000, &fixture.err));
    ASSERT_OK(aw_db_script(db, "CREATE TABLE claim (x)", &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("migration 1");
    ASSERT_OK(aw_db_int(db, &fixture.err, &tables,
                        "SELECT count(*) FROM sqlite_schema"
                        " WHERE name IN ('run', 'host', 'finding')",
                        ""));
    assert_int_equal(tables, 0);
    aw_db_close(db);
}

/* As many as start at once on the morning after an upgrade. */
static void open_as_soon_as_told(const char *path, int told)
{
    struct aw_store *store = NULL;
    char byte;
    aw_rc rc = AW_FAIL;

    if (read(told, &byte, 1) == 0)
        rc = aw_store_open(&store, path, &fixture.err);
    aw_store_close(store);
    _exit((int)rc);
}

static void many_that_open_a_new_store_at_once_all_get_it(void **state)
{
    enum { ROUNDS = 10, PROCESSES = 6 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        pid_t children[PROCESSES];
        char path[AW_PATH_MAX], name[32];
        int ends[2];

        (void)snprintf(name, sizeof name, "new-%d.db", round);
        ASSERT_OK(aw_path_join(path, fixture.dir, name, &fixture.err));
        assert_int_equal(pipe(ends), 0);
        for (int i = 0; i < PROCESSES; i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (children[i] == 0) {
                (void)close(ends[1]);
                open_as_soon_as_told(path, ends[0]);
            }
        }
        (void)close(ends[0]);
        (void)close(ends[1]);
        for (int i = 0; i < PROCESSES; i++) {
            int status;

            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), AW_OK);
        }
    }
}

static void a_file_that_is_no_database_is_a_store_error(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "torn.db", &fixture.err));
    ASSERT_OK(aw_file_write(path,
                            AW_STR("not a database, but long enough for "
                                   "the header of one, which has a hundred "
                                   "bytes and begins with its name ......"),
                            &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("file is not a database");
    ASSERT_SAYS("torn.db");
}

static void
a_store_in_a_folder_that_is_not_there_is_a_store_error(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(
        aw_path_join(path, fixture.dir, "none/adwatch.db", &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("cannot open");
}

/* ---- transactions ------------------------------------------------------ */

static void a_rollback_drops_all(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    aw_store_rollback(fixture.store);
    assert_int_equal(fixture_number("SELECT (SELECT count(*) FROM finding) +"
                                    " (SELECT count(*) FROM claim) +"
                                    " (SELECT count(*) FROM capture)"),
                     0);
}

static void what_is_not_committed_is_gone_after_a_close(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    fixture_reopen();
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"), 0);
}

static void a_commit_is_seen_by_others(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"), 0);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"), 1);
}

static void a_rollback_without_a_transaction_does_nothing(void **state)
{
    (void)state;
    aw_store_rollback(fixture.store);
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
}

static void a_second_writer_is_told_that_the_store_is_busy(void **state)
{
    struct aw_db *other = NULL;

    (void)state;
    ASSERT_OK(aw_db_open(&other, fixture.path, 20, &fixture.err));
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    assert_int_equal(aw_db_begin(other, &fixture.err), AW_BUSY);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    ASSERT_OK(aw_db_begin(other, &fixture.err));
    aw_db_rollback(other);
    aw_db_close(other);
}

static void a_row_that_refers_to_nothing_is_refused(void **state)
{
    struct aw_finding finding = fixture_finding("f", 77, NULL);
    bool added;

    (void)state;
    assert_int_equal(aw_store_finding_add(fixture.store, &finding, &added,
                                          &fixture.err),
                     AW_STORE);
    ASSERT_SAYS("FOREIGN KEY");
}

/* ---- runs -------------------------------------------------------------- */

static struct aw_run begin_run(const char *kind, bool *resumed)
{
    struct aw_run run = {.kind = aw_str_of(kind),
                         .started_ms = 1000,
                         .lexicon_hash = AW_STR("lexicon"),
                         .model_hash = AW_STR("model"),
                         .tool = AW_STR("adwatch test")};

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, resumed, &fixture.err));
    return run;
}

static void end_run(int64_t run, const char *end)
{
    ASSERT_OK(aw_store_run_end(fixture.store, run, 2000, end, &fixture.err));
}

static void a_crawl_that_did_not_end_is_taken_up(void **state)
{
    bool resumed;
    int64_t first = begin_run("crawl", &resumed).id;

    (void)state;
    assert_false(resumed);
    fixture_reopen();
    assert_int_equal(begin_run("crawl", &resumed).id, first);
    assert_true(resumed);
    end_run(first, "stopped");
    assert_int_equal(begin_run("crawl", &resumed).id, first);
    assert_true(resumed);
}

static void a_crawl_that_ended_is_followed_by_a_new_one(void **state)
{
    bool resumed;
    int64_t first = begin_run("crawl", &resumed).id;

    (void)state;
    end_run(first, "done");
    assert_int_not_equal(begin_run("crawl", &resumed).id, first);
    assert_false(resumed);
}

static void an_ingest_between_does_not_hide_a_broken_crawl(void **state)
{
    bool resumed;
    int64_t crawl = begin_run("crawl", &resumed).id;
    int64_t ingest = begin_run("ingest", &resumed).id;

    (void)state;
    assert_false(resumed);
    assert_int_not_equal(begin_run("ingest", &resumed).id, ingest);
    assert_int_equal(begin_run("crawl", &resumed).id, crawl);
    assert_true(resumed);
}

static void the_newest_crawl_is_the_last_run(void **state)
{
    struct aw_run run = {0};
    bool resumed;

    (void)state;
    assert_int_equal(aw_store_run_last(fixture.store, &fixture.arena, &run,
                                       &fixture.err),
                     AW_MISSING);
    end_run(begin_run("crawl", &resumed).id, "done");
    ASSERT_OK(
        aw_store_run_last(fixture.store, &fixture.arena, &run, &fixture.err));
    assert_int_equal(run.started_ms, 1000);
    assert_int_equal(run.ended_ms, 2000);
    assert_true(aw_str_eq(run.state, AW_STR("done")));
    assert_true(aw_str_eq(run.lexicon_hash, AW_STR("lexicon")));
}

/* ---- the key of the hashes --------------------------------------------- */

static int64_t hash_of(const struct aw_store *store)
{
    return aw_store_url_hash(store, AW_STR("http://a.example/"));
}

static void a_url_has_another_hash_in_another_store(void **state)
{
    struct aw_store *other = NULL;
    char path[AW_PATH_MAX];
    int64_t here = hash_of(fixture.store);

    (void)state;
    assert_int_not_equal(here, 0);
    assert_int_not_equal(here,
                         aw_store_url_hash(fixture.store,
                                           AW_STR("http://a.example/x")));
    ASSERT_OK(aw_path_join(path, fixture.dir, "other.db", &fixture.err));
    ASSERT_OK(aw_store_open(&other, path, &fixture.err));
    assert_int_not_equal(hash_of(other), here);
    aw_store_close(other);
    fixture_reopen();
    assert_int_equal(hash_of(fixture.store), here);
}

static void a_damaged_key_is_told(void **state)
{
    static const char *const damages[] = {
        "UPDATE setting SET value = '0123'",
        "UPDATE setting SET value = 'g' || substr(value, 2)",
        "UPDATE setting SET value = substr(value, 1, 31) || '-'",
        "DELETE FROM setting",
    };

    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        fixture_tamper("UPDATE setting SET value = hex(randomblob(16))");
        assert_int_equal(open_other(fixture.path), AW_OK);
        fixture_tamper(damages[i]);
        assert_int_equal(open_other(fixture.path), AW_STORE);
        ASSERT_SAYS("url_hash_key is damaged");
        ASSERT_SAYS(fixture.path);
    }
}

/* ---- without the right to write ---------------------------------------- */

static aw_rc add_up(void *self, struct aw_str source, struct aw_str state,
                    struct aw_str reason, int64_t count, struct aw_err *err)
{
    (void)source;
    (void)state;
    (void)reason;
    (void)err;
    *(int64_t *)self += count;
    return AW_OK;
}

/* Runs in a process of its own, for the rights that root has: counts the one
 * finding. */
static int read_as_nobody(const char *path)
{
    struct aw_store *store = NULL;
    struct aw_err err = {0};
    int64_t sum = 0;
    aw_rc rc = AW_FAIL;

    if (geteuid() != 0 || setuid(65534) == 0)
        rc = aw_store_open(&store, path, &err);
    if (rc == AW_OK)
        rc = aw_store_finding_counts(store, add_up, &sum, &err);
    if (rc == AW_OK && sum != 1)
        rc = AW_MISSING;
    aw_store_close(store);
    (void)printf("%s\n", err.msg);
    return (int)rc;
}

/* What one who may read the store, and no more, is told: in fixture.err. */
static aw_rc opened_by_a_reader(void)
{
    int ends[2];
    int status;
    pid_t child;

    assert_int_equal(chmod(fixture.path, 0444), 0);
    assert_int_equal(chmod(fixture.dir, 0555), 0);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)execl("/proc/self/exe", "test_store", fixture.path, NULL);
        _exit(127);
    }
    memset(&fixture.err, 0, sizeof fixture.err);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], fixture.err.msg, AW_ERR_MAX - 1) > 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_int_equal(chmod(fixture.dir, 0700), 0);
    assert_true(WIFEXITED(status));
    return (aw_rc)WEXITSTATUS(status);
}

static void a_store_that_may_not_be_written_is_read(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    aw_store_close(fixture.store);
    fixture.store = NULL;
    assert_int_equal(opened_by_a_reader(), AW_OK);
}

static void a_store_that_another_writes_is_read(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    assert_int_equal(opened_by_a_reader(), AW_OK);
}

static void a_log_that_cannot_be_read_is_told_with_what_to_do(void **state)
{
    char index[AW_PATH_MAX + 8];

    (void)state;
    (void)fixture_simple("f");
    (void)snprintf(index, sizeof index, "%s-shm", fixture.path);
    assert_int_equal(unlink(index), 0);
    assert_int_equal(opened_by_a_reader(), AW_STORE);
    ASSERT_SAYS("run this as who may");
}

static void an_older_store_that_may_not_be_written_is_told(void **state)
{
    (void)state;
    fixture_tamper("DELETE FROM schema_version");
    aw_store_close(fixture.store);
    fixture.store = NULL;
    assert_int_equal(opened_by_a_reader(), AW_STORE);
    ASSERT_SAYS("of an older adwatch");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT(migrations_bring_an_empty_store_to_the_newest),
        UNIT(a_store_opened_again_keeps_its_rows),
        UNIT(a_newer_store_is_refused),
        UNIT(a_migration_that_fails_leaves_nothing_behind),
        UNIT(many_that_open_a_new_store_at_once_all_get_it),
        UNIT(a_file_that_is_no_database_is_a_store_error),
        UNIT(a_store_in_a_folder_that_is_not_there_is_a_store_error),
        UNIT(a_rollback_drops_all),
        UNIT(what_is_not_committed_is_gone_after_a_close),
        UNIT(a_commit_is_seen_by_others),
        UNIT(a_rollback_without_a_transaction_does_nothing),
        UNIT(a_second_writer_is_told_that_the_store_is_busy),
        UNIT(a_row_that_refers_to_nothing_is_refused),
        UNIT(a_crawl_that_did_not_end_is_taken_up),
        UNIT(a_crawl_that_ended_is_followed_by_a_new_one),
        UNIT(an_ingest_between_does_not_hide_a_broken_crawl),
        UNIT(the_newest_crawl_is_the_last_run),
        UNIT(a_url_has_another_hash_in_another_store),
        UNIT(a_damaged_key_is_told),
        UNIT(a_store_that_may_not_be_written_is_read),
        UNIT(a_store_that_another_writes_is_read),
        UNIT(a_log_that_cannot_be_read_is_told_with_what_to_do),
        UNIT(an_older_store_that_may_not_be_written_is_told),
    };

    if (argc == 2)
        return read_as_nobody(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
