/* environment.h - with what, and on what kind of machine, it was made.
 *
 * One table of parts (adwatch, its libraries as they are loaded, the browser)
 * and one of checks (clock, proxies, hosts file, resolver, preloaded code,
 * config, rules, model, disk): `adwatch doctor` shows them, bundles hold them
 * as data/08-环境/tool.json, environment.json and commands.log.
 *
 * aw_environment_new looks once: it hashes the running program and asks the
 * browser for its version, which takes a moment. What it found can be written
 * any number of times.
 *
 * A check that is not ok is no error: it is something that whoever weighs the
 * evidence should know. Values of variables are not told, for they may hold
 * passwords.
 */
#ifndef AW_EVIDENCE_ENVIRONMENT_H
#define AW_EVIDENCE_ENVIRONMENT_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/hash.h"
#include "store/store.h"

#define AW_ENVIRONMENT_TEXT_MAX 512
#define AW_ENVIRONMENT_RUNS_MAX 1000   /* in commands.log */
#define AW_ENVIRONMENT_EVENTS_MAX 5000 /* of a finding there, of each kind */

/* All but the clock may be NULL: not known, or not to be told. */
struct aw_environment_config {
    const struct aw_clock *clock;
    const char *workspace;          /* folder with adwatch.yaml */
    const struct aw_config *config; /* of it */
    const char *lexicon_hash, *model_hash;
    /* Where they lie: told with the hashes where these are given; else they
     * are read for them, and the place is not told. */
    const char *lexicon, *model;
    bool browser; /* ask it for its version */
};

struct aw_environment;

aw_rc aw_environment_new(struct aw_environment **out,
                         const struct aw_environment_config *config,
                         struct aw_err *err) AW_MUST_USE;
void aw_environment_free(struct aw_environment *environment); /* or NULL */

/* ---- parts -------------------------------------------------------------- */

typedef void aw_part_fn(void *self, const char *name, const char *version);

/* Program, build, compiler, libraries, browser, in this order. */
void aw_environment_parts(const struct aw_environment *environment,
                          aw_part_fn *visit, void *self);

/* ---- checks ------------------------------------------------------------- */

struct aw_check {
    const char *check; /* "clock", "proxy" ... */
    const char *name;  /* the same, in Chinese */
    bool ok;
    char what[AW_ENVIRONMENT_TEXT_MAX];  /* what was found */
    char words[AW_ENVIRONMENT_TEXT_MAX]; /* the same, in Chinese */
};

typedef void aw_check_fn(void *self, const struct aw_check *check);

/* hosts: those that the hosts file should not name, as of the captures. */
void aw_environment_checks(const struct aw_environment *environment,
                           const struct aw_str *hosts, size_t host_count,
                           aw_check_fn *visit, void *self);

/* ---- files of a bundle -------------------------------------------------- */

/* tool.json. browser: what it was when the pages were rendered (facts.h), or
 * empty. */
void aw_tool_json(struct aw_buf *out, const struct aw_environment *environment,
                  struct aw_str browser);

/* environment.json. */
void aw_environment_json(struct aw_buf *out,
                         const struct aw_environment *environment,
                         const struct aw_str *hosts, size_t host_count);

/* commands.log: the workspace's runs since the first of these findings was
 * first seen, then for each finding its decisions and what the audit has of
 * it. A line each: UTC, Beijing, what. */
aw_rc aw_commands_log(struct aw_buf *out, struct aw_store *store,
                      const int64_t *findings, size_t count,
                      struct aw_err *err) AW_MUST_USE;

#endif
