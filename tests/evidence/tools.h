/* tools.h - an archive for a test's captures, what its bundles tell that they
 * were made with, and how they are made.
 */
#ifndef AW_TESTS_EVIDENCE_TOOLS_H
#define AW_TESTS_EVIDENCE_TOOLS_H

#include "archive/warc.h"
#include "evidence/bundle.h"
#include "evidence/environment.h"
#include "tests/store/fixture.h"

/* Looked at once, and kept. */
static inline const struct aw_environment *tools_here(void)
{
    static struct aw_environment *tools;
    const struct aw_environment_config config = {.clock = aw_clock_system()};
    struct aw_err err;

    if (!tools)
        assert_int_equal(aw_environment_new(&tools, &config, &err), AW_OK);
    return tools;
}

/* In the fixture's folder; clock and rng outlive the writer. */
static inline void tools_archive(struct aw_warc_writer **writer,
                                 struct aw_clock *clock, struct aw_rng *rng)
{
    static char dir[AW_PATH_MAX];
    struct aw_warc_config config = {.dir = dir,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .clock = clock,
                                    .rng = rng};

    aw_rng_init(rng, 7);
    ASSERT_OK(aw_path_join(dir, fixture.dir, "archive", &fixture.err));
    ASSERT_OK(aw_mkdirs(dir, &fixture.err));
    ASSERT_OK(aw_warc_writer_new(writer, &config, &fixture.err));
}

/* One finding's, without papers, from the fixture's store and archive. */
static inline aw_rc tools_bundle(int64_t finding, const char *lexicon_dir,
                                 const struct aw_clock *clock,
                                 char path[AW_PATH_MAX])
{
    static const struct aw_papers_config papers = {.templates = "papers"};
    char archive[AW_PATH_MAX];
    struct aw_bundle_config config = {.workspace = fixture.dir,
                                      .archive_dir = archive,
                                      .lexicon_dir = lexicon_dir,
                                      .papers = &papers,
                                      .no_papers = true,
                                      .tool = "adwatch test",
                                      .environment = tools_here(),
                                      .clock = clock,
                                      .findings = &finding,
                                      .count = 1};

    ASSERT_OK(aw_path_join(archive, fixture.dir, "archive", &fixture.err));
    return aw_bundle_make(fixture.store, &config, path, &fixture.err);
}

#endif
