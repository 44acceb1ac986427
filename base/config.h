/* config.h - adwatch.yaml: what a workspace watches, and how.
 *
 * Every key but `agent` and `sources` may be left out. Errors are AW_CONFIG
 * and name file and line, or source and key. docs/03-configuration.md tells
 * each key to its users.
 */
#ifndef AW_BASE_CONFIG_H
#define AW_BASE_CONFIG_H

#include "base/error.h"
#include "base/fs.h"
#include "base/str.h"

#define AW_CONFIG_NAME "adwatch.yaml"
#define AW_SOURCES_MAX 10000
#define AW_STARTS_MAX 10000
#define AW_PAGES_MAX_DEFAULT 100000

enum aw_scope {
    AW_SCOPE_HOST,  /* the start page's host, any port */
    AW_SCOPE_PREFIX /* URLs that begin with a start page's folder */
};

enum aw_robots_way {
    AW_ROBOTS_OBEY,
    AW_ROBOTS_IGNORE /* needs robots_ground, which goes into the records */
};

#define AW_SOURCE_NUMBERS 3
#define AW_CRAWL_NUMBERS 10

/* `given` is what the file said for each number, or NULL; read the plain
 * fields, which aw_config_load fills. */
struct aw_source {
    char *name;
    char **start; /* URLs */
    unsigned start_count;
    enum aw_scope scope;
    int depth;         /* links from a start page; 0: these alone */
    int64_t pause_ms;  /* between two requests to one host */
    int64_t pages_max; /* a night; 0, written so: no limit */
    enum aw_robots_way robots;
    char *robots_ground; /* the legal ground to ignore robots.txt */
    char *given[AW_SOURCE_NUMBERS];
};

struct aw_agent_config {
    char *name;    /* product token, also in robots.txt */
    char *purpose; /* who and why, in the agent string */
    char *contact; /* where to complain: a URL or mail address */
};

struct aw_network_config {
    char **allow; /* CIDR ranges beside the public ones */
    unsigned allow_count;
    char **resolve; /* "host:port:address", as curl --resolve */
    unsigned resolve_count;
    char *ca_file; /* PEM; NULL: the system's */
};

struct aw_crawl_config {
    int concurrency;      /* hosts asked at once */
    int64_t pause_ms;     /* between two requests to one host */
    int64_t timeout_ms;   /* of one request, whole */
    int64_t body_max;     /* bytes of a body on the wire; longer is cut */
    int64_t head_max;     /* bytes of a response head */
    int redirects_max;    /* in a row */
    int tries_max;        /* of a page that fails for now */
    int readers;          /* reader processes */
    int64_t reader_ms;    /* wall time of a reader for one page */
    int64_t reader_bytes; /* address space of a reader process */
    char *given[AW_CRAWL_NUMBERS];
};

struct aw_config {
    char *name; /* of the office or the watch */
    struct aw_agent_config agent;
    struct aw_network_config network;
    struct aw_crawl_config crawl;
    char *lexicon; /* folder; NULL: the one that came with adwatch */
    char *model;   /* file; NULL: likewise */
    struct aw_source *sources;
    unsigned source_count;
    char path[AW_PATH_MAX]; /* of the file; empty: there is none */
};

/* Loads DIR/adwatch.yaml, fills in defaults, checks ranges. */
aw_rc aw_config_load(struct aw_config **out, const char *dir,
                     struct aw_err *err) AW_MUST_USE;
void aw_config_free(struct aw_config *config);

/* Puts "FILE:LINE: " in front of the message that err holds; key as in
 * aw_yaml_line_at ("sources[2].depth"). The file is read again for it: where
 * that fails, FILE alone. Returns err->rc. */
aw_rc aw_config_fail_at(const struct aw_config *config, struct aw_err *err,
                        const char *key, ...) AW_PRINTF(3, 4);

/* The text of a new workspace's adwatch.yaml, commented. */
const char *aw_config_template(void);

#endif
