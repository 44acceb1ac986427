#include "cli/cli.h"
#include "reports/text.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALUE_BASE 1000 /* getopt's codes of our options start here */

const struct aw_option aw_global_options[] = {
    {"directory", "DIR", "the workspace (short: -C DIR)"},
    {"log-json", NULL, "log as JSON lines"},
    {"verbose", NULL, "log more (short: -v)"},
    {"quiet", NULL, "log errors alone (short: -q)"},
    {"version", NULL, "print the version"},
    {"help", NULL, "print this help (short: -h)"},
    {NULL, NULL, NULL}};

bool aw_cli_is_terminal(int fd)
{
    return isatty(fd) == 1;
}

bool aw_cli_has_colour(int fd)
{
    const char *none = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return aw_cli_is_terminal(fd) && !(none && *none) &&
           !(term && strcmp(term, "dumb") == 0);
}

aw_rc aw_cli_print(struct aw_str text, struct aw_err *err)
{
    if (text.len > 0 && fwrite(text.ptr, 1, text.len, stdout) != text.len)
        return aw_fail_errno(err, AW_IO, "cannot write to standard output");
    return AW_OK;
}

bool aw_cli_is_page(struct aw_str file)
{
    static const char *const ends[] = {".html", ".htm", ".xhtml"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i]);

        if (file.len > len &&
            aw_str_eq_nocase(aw_str_sub(file, file.len - len, len),
                             aw_str_of(ends[i])))
            return true;
    }
    return false;
}

const char *aw_cli_value(const struct aw_cli *cli, const char *option)
{
    const struct aw_option *options = cli->command->options;

    for (int i = 0; options && options[i].name; i++)
        if (strcmp(options[i].name, option) == 0)
            return cli->values[i];
    return NULL;
}

size_t aw_cli_values(const struct aw_cli *cli, const char *option,
                     const char **out, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < cli->given_count && count < most; i++) {
        int at = cli->given[i].option;

        if (strcmp(cli->command->options[at].name, option) == 0)
            out[count++] = cli->given[i].value;
    }
    return count;
}

aw_rc aw_cli_number(const struct aw_cli *cli, const char *option,
                    int64_t least, int64_t most, int64_t *out,
                    struct aw_err *err)
{
    const char *text = aw_cli_value(cli, option);
    int64_t value;

    if (!text)
        return AW_OK;
    if (!aw_str_to_int(aw_str_of(text), &value) || value < least ||
        value > most)
        return aw_cli_usage(cli, err,
                            "--%s '%s' is no number from %lld to "
                            "%lld",
                            option, text, (long long)least, (long long)most);
    *out = value;
    return AW_OK;
}

aw_rc aw_cli_usage(const struct aw_cli *cli, struct aw_err *err,
                   const char *fmt, ...)
{
    char text[AW_ERR_MAX / 2];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return aw_fail(err, AW_USAGE, "%s; see 'adwatch %s --help'", text,
                   cli->command ? cli->command->name : "");
}

static const struct aw_command *find_command(const char *name)
{
    for (int i = 0; aw_commands[i]; i++)
        if (strcmp(aw_commands[i]->name, name) == 0)
            return aw_commands[i];
    return NULL;
}

/* Our table in getopt's form; the last entries are zeroed. */
static void to_getopt(const struct aw_option *from, struct option *to)
{
    for (int i = 0; from && from[i].name; i++) {
        to[i].name = from[i].name;
        to[i].has_arg = from[i].value ? required_argument : no_argument;
        to[i].val = VALUE_BASE + i;
    }
}

/* True where the program is to go on. */
static bool take_global(struct aw_cli *cli, const char *name)
{
    if (strcmp(name, "directory") == 0) {
        cli->dir = optarg;
        cli->has_dir = true;
    } else if (strcmp(name, "log-json") == 0) {
        cli->log.json = true;
    } else if (strcmp(name, "verbose") == 0) {
        cli->log.least = AW_LOG_DEBUG;
    } else if (strcmp(name, "quiet") == 0) {
        cli->log.least = AW_LOG_ERROR;
    } else if (strcmp(name, "version") == 0) {
        (void)puts("adwatch " AW_VERSION);
        return false;
    } else {
        aw_help_all(stdout);
        return false;
    }
    return true;
}

static const char *global_of_letter(int letter)
{
    switch (letter) {
    case 'C':
        return "directory";
    case 'v':
        return "verbose";
    case 'q':
        return "quiet";
    default:
        return "help";
    }
}

/* Options before the command. AW_MISSING: all is said already. */
static aw_rc parse_globals(struct aw_cli *cli, int argc, char **argv,
                           struct aw_err *err)
{
    struct option options[AW_OPTIONS_MAX] = {0};
    int code;

    to_getopt(aw_global_options, options);
    opterr = 0;
    while ((code = getopt_long(argc, argv, "+C:vqh", options, NULL)) != -1) {
        const char *name = code >= VALUE_BASE
                               ? aw_global_options[code - VALUE_BASE].name
                               : global_of_letter(code);

        if (code == '?')
            return aw_cli_usage(cli, err,
                                "'%s' is no option, or lacks a value",
                                argv[optind - 1]);
        if (!take_global(cli, name))
            return AW_MISSING;
    }
    return AW_OK;
}

static aw_rc take_value(struct aw_cli *cli, int option, struct aw_err *err)
{
    cli->values[option] = optarg ? optarg : "";
    if (cli->given_count == AW_GIVEN_MAX)
        return aw_cli_usage(cli, err, "more than %d options", AW_GIVEN_MAX);
    cli->given[cli->given_count].option = option;
    cli->given[cli->given_count++].value = cli->values[option];
    return AW_OK;
}

static aw_rc parse_options(struct aw_cli *cli, int argc, char **argv,
                           struct aw_err *err)
{
    struct option options[AW_OPTIONS_MAX + 2] = {0};
    int count = 0;
    int code;

    while (cli->command->options && cli->command->options[count].name)
        count++;
    to_getopt(cli->command->options, options);
    options[count] = (struct option){"help", no_argument, NULL, 'h'};
    optind = 0;
    while ((code = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (code == '?')
            return aw_cli_usage(cli, err,
                                "'%s' is no option, or lacks a value",
                                argv[optind - 1]);
        if (code == 'h') {
            aw_help_command(stdout, cli->command);
            return AW_MISSING;
        }
        if (take_value(cli, code - VALUE_BASE, err) != AW_OK)
            return err->rc;
    }
    cli->words = argv + optind;
    cli->word_count = argc - optind;
    if (cli->word_count < cli->command->words_min)
        return aw_cli_usage(cli, err, "%s is missing", cli->command->words);
    if (cli->command->words_max >= 0 &&
        cli->word_count > cli->command->words_max)
        return aw_cli_usage(cli, err, "'%s' is too much",
                            cli->words[cli->command->words_max]);
    return AW_OK;
}

static aw_rc parse(struct aw_cli *cli, int argc, char **argv,
                   struct aw_err *err)
{
    aw_rc rc = parse_globals(cli, argc, argv, err);
    int at = optind;

    if (rc != AW_OK)
        return rc;
    if (at >= argc) {
        aw_help_all(stderr);
        return aw_fail(err, AW_USAGE, "a command is missing");
    }
    cli->command = find_command(argv[at]);
    if (!cli->command)
        return aw_fail(err, AW_USAGE,
                       "'%s' is no command; see 'adwatch "
                       "--help'",
                       argv[at]);
    return parse_options(cli, argc - at, argv + at, err);
}

static void find_program(struct aw_cli *cli, const char *name)
{
    ssize_t len =
        readlink("/proc/self/exe", cli->program, sizeof cli->program - 1);

    if (len > 0)
        cli->program[len] = '\0';
    else
        (void)snprintf(cli->program, sizeof cli->program, "%s", name);
}

/* What went wrong may quote a stranger's file: it must not move the cursor. */
static void tell(const struct aw_err *err)
{
    struct aw_buf line;

    aw_buf_init(&line, (size_t)4 * sizeof err->msg);
    aw_text_tame(&line, aw_str_of(err->msg));
    (void)fprintf(stderr, "adwatch: %.*s\n", AW_STR_ARG(aw_buf_str(&line)));
    aw_buf_deinit(&line);
}

/* What was printed must have arrived: a full disk is told by the close. */
static aw_rc close_output(aw_rc rc, struct aw_err *err)
{
    if (fflush(stdout) != 0 && rc == AW_OK)
        return aw_fail_errno(err, AW_IO, "cannot write to standard output");
    return rc;
}

int aw_cli_main(int argc, char **argv)
{
    struct aw_cli cli = {.dir = ".", .clock = aw_clock_system()};
    struct aw_err err = {0};
    aw_rc rc;

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    aw_rng_init_entropy(&cli.rng);
    aw_log_init(&cli.log, cli.clock);
    find_program(&cli, argv[0]);
    rc = parse(&cli, argc, argv, &err);
    if (rc == AW_OK)
        rc = cli.command->run(&cli, &err);
    else if (rc == AW_MISSING)
        rc = AW_OK;
    rc = close_output(rc, &err);
    if (rc != AW_OK && err.msg[0])
        tell(&err);
    return aw_rc_exit(rc);
}
