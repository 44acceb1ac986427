/* cli.h - the command line: one table of commands drives parsing, --help,
 * the shell's completion and the man pages.
 *
 * Each cmd_*.c exports its struct aw_command; commands.c lists them. A
 * command gets its parsed words and options, writes data to stdout and the
 * rest to stderr, and returns an aw_rc that becomes the exit status.
 */
#ifndef AW_CLI_CLI_H
#define AW_CLI_CLI_H

#include "base/clock.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/rng.h"
#include "store/store.h"

#define AW_OPTIONS_MAX 16 /* of one command */
#define AW_GIVEN_MAX 64   /* values of options in one call */

struct aw_option {
    const char *name;  /* "json" is --json; NULL ends the list */
    const char *value; /* "DIR" where it takes one, NULL for a flag */
    const char *help;
};

struct aw_cli;

struct aw_command {
    const char *name;
    const char *words; /* "[FILE...]" */
    int words_min;
    int words_max;       /* -1: any number */
    const char *summary; /* one line, no full stop */
    const char *text;    /* paragraphs for --help and the man page */
    const struct aw_option *options; /* or NULL */
    bool hidden; /* from help: for this program's own use */
    aw_rc (*run)(struct aw_cli *cli, struct aw_err *err);
};

/* All commands, in the order of a night's work; ended by NULL. */
extern const struct aw_command *const aw_commands[];

/* Options that stand before the command. */
extern const struct aw_option aw_global_options[];

struct aw_cli {
    const struct aw_command *command;
    const char *values[AW_OPTIONS_MAX]; /* by option; "" for a flag given */
    struct {
        int option;
        const char *value;
    } given[AW_GIVEN_MAX]; /* all values, in their order */
    size_t given_count;
    char **words;
    int word_count;
    const char *dir; /* -C: the workspace */
    bool has_dir;    /* -C was given */
    const struct aw_clock *clock;
    struct aw_rng rng;
    struct aw_log log;
    char program[AW_PATH_MAX]; /* this program's own path */
};

/* Parses argv and runs a command; what main returns. */
int aw_cli_main(int argc, char **argv);

/* The value of an option of the running command, or NULL. */
const char *aw_cli_value(const struct aw_cli *cli, const char *option);

/* The values of an option that may stand several times, `most` at most; how
 * many there are. */
size_t aw_cli_values(const struct aw_cli *cli, const char *option,
                     const char **out, size_t most);

/* A number, where the option is given; AW_USAGE where it is none or outside
 * least to most. *out stays as it is where the option is not given. */
aw_rc aw_cli_number(const struct aw_cli *cli, const char *option,
                    int64_t least, int64_t most, int64_t *out,
                    struct aw_err *err) AW_MUST_USE;

/* AW_USAGE with "adwatch COMMAND: message; see ..." */
aw_rc aw_cli_usage(const struct aw_cli *cli, struct aw_err *err,
                   const char *fmt, ...) AW_PRINTF(3, 4);

/* True where people look at fd: a terminal. Colour: and NO_COLOR not set. */
bool aw_cli_is_terminal(int fd);
bool aw_cli_has_colour(int fd);

/* Writes data to stdout; AW_IO where that fails (a full disk; a closed pipe
 * ends the program quietly). */
aw_rc aw_cli_print(struct aw_str text, struct aw_err *err) AW_MUST_USE;

/* Is this the name of a page: *.html, *.htm, *.xhtml? */
bool aw_cli_is_page(struct aw_str file);

/* help.c */
void aw_help_all(FILE *out);
void aw_help_command(FILE *out, const struct aw_command *command);
void aw_help_man(FILE *out, const struct aw_command *command); /* or NULL */
void aw_help_completion(FILE *out);

/* ---- workspace.c: where things lie ------------------------------------- */

/* Paths of the workspace and of what came with adwatch. */
struct aw_workspace {
    struct aw_config *config;
    struct aw_store *store;
    struct aw_freezer *freezer; /* of a run, which adds findings; or NULL */
    int lock;                   /* -1: not held */
    char dir[AW_PATH_MAX], archive[AW_PATH_MAX], bundles[AW_PATH_MAX];
    char lexicon[AW_PATH_MAX], model[AW_PATH_MAX], store_path[AW_PATH_MAX];
    char ca_file[AW_PATH_MAX]; /* empty: the system's */
};

/* Loads adwatch.yaml and opens the store. lock: for a run; AW_BUSY with the
 * pid of who holds it. The caller closes it also after a failure. */
aw_rc aw_workspace_open(struct aw_workspace *ws, const struct aw_cli *cli,
                        bool lock, struct aw_err *err) AW_MUST_USE;
void aw_workspace_close(struct aw_workspace *ws);

/* From which score on the model calls a document suspected: what is nearest to
 * it is least sure. */
aw_rc aw_workspace_threshold(const struct aw_workspace *ws, double *out,
                             struct aw_err *err) AW_MUST_USE;

/* The lexicon and the model that came with adwatch: $ADWATCH_DATA, the tree
 * it was built in, or share/adwatch beside the program's folder. */
aw_rc aw_data_path(const struct aw_cli *cli, const char *name,
                   char out[AW_PATH_MAX], struct aw_err *err) AW_MUST_USE;

/* The folder with templates of papers: what the workspace's config names
 * (NULL: there is none), or what came with adwatch. */
aw_rc aw_papers_path(const struct aw_cli *cli, const struct aw_config *config,
                     char out[AW_PATH_MAX], struct aw_err *err) AW_MUST_USE;

/* The browser that prints them; AW_MISSING where there is none, or none is
 * wanted. */
aw_rc aw_papers_browser(const struct aw_config *config, char out[AW_PATH_MAX],
                        struct aw_err *err) AW_MUST_USE;

/* Where the next start finds what this one made: $ADWATCH_CACHE (empty:
 * nowhere), systemd's $CACHE_DIRECTORY, $XDG_CACHE_HOME/adwatch or
 * ~/.cache/adwatch. NULL where there is none of these. */
const char *aw_cache_path(char out[AW_PATH_MAX]);

/* For commands that need no workspace: --lexicon and --model, or what came
 * with adwatch. */
aw_rc aw_rules_paths(const struct aw_cli *cli, char lexicon[AW_PATH_MAX],
                     char model[AW_PATH_MAX], struct aw_err *err) AW_MUST_USE;

#endif
