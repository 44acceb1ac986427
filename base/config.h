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

#define AW_PATTERNS_MAX 1000

enum aw_scope_way {
    AW_SCOPE_HOST,   /* the start page's host, any port */
    AW_SCOPE_SITE,   /* all hosts of the start page's site: crawler/site.h */
    AW_SCOPE_PREFIX, /* URLs that begin with a start page's folder */
    AW_SCOPE_LISTED  /* what `include` names, and nothing else */
};

enum aw_robots_way {
    AW_ROBOTS_OBEY,
    AW_ROBOTS_IGNORE /* needs robots_ground, which goes into the records */
};

enum aw_switch { AW_ON, AW_OFF };

/* Where a store's JSON has the fields of a listing: JSON Pointers (pointer.h,
 * extract/mapping.h). NULL: it has none of that. */
#define AW_LISTING_POINTERS(X) \
    X(apps)                    \
    X(id)                      \
    X(name)                    \
    X(developer)               \
    X(description)             \
    X(whats_new)               \
    X(category)                \
    X(link)                    \
    X(reviews)                 \
    X(review)

struct aw_listing_config {
    char *store; /* the store's own name; NULL: that of the source */
#define X(key) char *key;
    AW_LISTING_POINTERS(X)
#undef X
};

/* Where the kernel refuses the cell of a reader (reader/cell.h). */
enum aw_cell_need {
    AW_CELL_REQUIRED,   /* no run */
    AW_CELL_BEST_EFFORT /* a run with the walls that there are */
};

/* Which pages of a source a browser looks at as well. */
enum aw_render_way {
    AW_RENDER_AUTO, /* those of scripts without text, and new findings */
    AW_RENDER_YES,
    AW_RENDER_NO
};

enum aw_viewport { AW_VIEWPORT_DESKTOP, AW_VIEWPORT_MOBILE };

#define AW_SOURCE_NUMBERS 6
#define AW_RENDER_NUMBERS 10
#define AW_CRAWL_NUMBERS 25

/* `given` and `given_*` are what the file said, where it did; read the plain
 * fields, which aw_config_load fills. */
struct aw_source {
    char *name;
    char **start; /* URLs */
    unsigned start_count;
    enum aw_scope_way scope;
    char **include; /* patterns of crawler/scope.h: on the beat as well */
    unsigned include_count;
    char **exclude; /* patterns: off the beat, whatever else names it */
    unsigned exclude_count;
    int depth;              /* links from a start page; 0: these alone */
    int64_t pause_ms;       /* between two requests to one host */
    int64_t pages_max;      /* a run; 0, written so: no limit */
    int64_t bytes_max;      /* on the wire in a run; 0: no limit */
    int64_t time_max_s;     /* of a run, since its first request; 0: none */
    int64_t host_pages_max; /* a run, of any one host; 0: no limit */
    bool landing;  /* one click beyond an advertisement, off the beat too */
    bool images;   /* read those of advertisements that may be posters */
    bool sitemaps; /* read those that robots.txt names */
    enum aw_render_way render;
    enum aw_robots_way robots;
    char *robots_ground; /* the legal ground to ignore robots.txt */
    struct aw_listing_config *listing; /* NULL: no store's JSON */
    char *given[AW_SOURCE_NUMBERS];
    enum aw_switch given_landing;
    enum aw_switch given_images;
    enum aw_switch given_sitemaps;
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
    int concurrency;  /* hosts asked at once */
    int64_t pause_ms; /* between two requests to one host, at least */
    /* Between two requests to one address; 0: addresses are not looked at;
     * -1: a quarter of the source's pause. */
    int64_t address_pause_ms;
    int64_t pause_most_ms; /* what slow answers stretch pause_ms to, at most */
    int pause_factor;      /* the pause in answer times; 0: pause_ms alone */
    int64_t backoff_first_ms; /* after the first 429, 503 or time-out */
    int64_t backoff_most_ms;  /* doubled up to this; not below the first */
    int64_t patience_ms; /* a host closed for longer is left to the next run */
    int64_t run_max_s;   /* of a whole run; 0: no limit */
    int64_t timeout_ms;  /* of one request, whole */
    int64_t speed_min;   /* bytes a second; 0: no limit */
    int64_t speed_ms;    /* a request slower than that for so long fails */
    int64_t body_max;    /* bytes of a body on the wire; longer is cut */
    int64_t decoded_max; /* bytes of a body undone from its encoding */
    int64_t ratio_max;   /* decoded bytes for each one on the wire */
    int64_t head_max;    /* bytes of a response head */
    int redirects_max;   /* in a row */
    int tries_max;       /* of a page that fails for now */
    int64_t revisit_first_s; /* the first interval of an unchanged page */
    int64_t revisit_most_s;  /* the longest one; not below the first */
    int readers;             /* reader processes */
    int64_t reader_ms;       /* wall time of a reader for one page */
    int64_t reader_cpu_ms;   /* processor time likewise */
    int64_t image_ms;        /* wall time for one image */
    int64_t reader_bytes;    /* address space of a reader process */
    enum aw_cell_need reader_cell;
    char *metrics; /* OpenMetrics file to write; NULL: none */
    char *given[AW_CRAWL_NUMBERS];
};

/* How the browser looks at pages, and for how long. */
struct aw_render_config {
    char *program; /* path, or name in PATH; NULL: chromium */
    enum aw_viewport viewport;
    int browsers;          /* at once; 0: none, nothing is rendered */
    int64_t time_max_s;    /* of browsers, in a run; 0: no limit */
    int64_t page_ms;       /* wall time of one page, whole */
    int64_t load_ms;       /* after which its scripts are stopped */
    int64_t settle_ms;     /* without requests: it is done loading */
    int64_t memory_max;    /* bytes of a browser's processes together */
    int64_t resources_max; /* requests of one page */
    int64_t bytes_max;     /* of their answers together */
    int64_t html_max;      /* bytes of the page as it stands then */
    int64_t height_max;    /* pixels of the screenshot of the whole page */
    char *given[AW_RENDER_NUMBERS];
};

/* An officer who seals bundles, and the key of his own (evidence/sign.h).
 * Paths count from the workspace. */
struct aw_officer_config {
    char *name;            /* of the user */
    char *key;             /* PEM file, or "pkcs11:..." */
    char *certificate;     /* PEM file, the key's own first; NULL: none */
    char *passphrase_file; /* of the key; for PKCS#11: the PIN */
    char *passphrase_env;  /* name of the variable that has it */
};

#define AW_TSA_NUMBERS 2

/* Who stamps bundles (RFC 3161). The office names it: its address is asked
 * whatever `network` says. */
struct aw_tsa_config {
    char *url;     /* http or https; NULL: nobody does */
    char *ca_file; /* PEM, of its https; NULL: the system's */
    int64_t timeout_ms;
    int64_t clock_ms; /* that its clock may differ from ours, at most */
    char *given[AW_TSA_NUMBERS];
};

/* What papers say of the office; NULL: left blank in them. */
struct aw_office_config {
    char *name, *address, *telephone, *contact;
};

#define AW_OFFICERS_MAX 100

struct aw_evidence_config {
    struct aw_officer_config *officers;
    unsigned officer_count;
    char *pkcs11_module; /* shared library; NULL: p11-kit's */
    struct aw_tsa_config tsa;
    char *papers; /* folder of templates; NULL: those of adwatch */
    struct aw_office_config office;
};

struct aw_config {
    char *name; /* of the office or the watch */
    struct aw_agent_config agent;
    struct aw_network_config network;
    struct aw_crawl_config crawl;
    struct aw_render_config render;
    struct aw_evidence_config evidence;
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

/* The source of that name, or NULL. */
const struct aw_source *aw_config_source(const struct aw_config *config,
                                         const char *name);

/* Puts "FILE:LINE: " in front of the message that err holds; key as in
 * aw_yaml_line_at ("sources[2].depth"). The file is read again for it: where
 * that fails, FILE alone. Returns err->rc. */
aw_rc aw_config_fail_at(const struct aw_config *config, struct aw_err *err,
                        const char *key, ...) AW_PRINTF(3, 4);

/* The text of a new workspace's adwatch.yaml, commented. */
const char *aw_config_template(void);

#endif
