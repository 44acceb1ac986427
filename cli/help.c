#include "cli/cli.h"

#include <ctype.h>
#include <string.h>

#define COLUMN 24

static void print_option(FILE *out, const struct aw_option *option)
{
    char left[64];

    (void)snprintf(left, sizeof left, "--%s%s%s", option->name,
                   option->value ? " " : "",
                   option->value ? option->value : "");
    (void)fprintf(out, "  %-*s %s\n", COLUMN, left, option->help);
}

static void print_options(FILE *out, const struct aw_option *options)
{
    for (int i = 0; options && options[i].name; i++)
        print_option(out, &options[i]);
}

void aw_help_all(FILE *out)
{
    (void)fputs("usage: adwatch [-C DIR] COMMAND [OPTION...] [WORD...]\n\n"
                "Finds investment advertisements with promises that the law "
                "forbids, and\nputs them before a reviewer.\n\nCommands:\n",
                out);
    for (int i = 0; aw_commands[i]; i++)
        if (!aw_commands[i]->hidden)
            (void)fprintf(out, "  %-12s %s\n", aw_commands[i]->name,
                          aw_commands[i]->summary);
    (void)fputs("\nOptions before the command:\n", out);
    print_options(out, aw_global_options);
    (void)fputs("\nExit status: 0 ok; 1 failed; 2 usage; 3 partly done; 4 "
                "findings (with\n--fail-on); 5 bad config or rules; 6 store.\n"
                "'adwatch COMMAND --help' tells more.\n",
                out);
}

void aw_help_command(FILE *out, const struct aw_command *command)
{
    (void)fprintf(out, "usage: adwatch %s%s%s%s\n\n%s.\n", command->name,
                  command->options ? " [OPTION...]" : "",
                  command->words[0] ? " " : "", command->words,
                  command->summary);
    if (command->text[0])
        (void)fprintf(out, "\n%s", command->text);
    (void)fputs("\nOptions:\n", out);
    print_options(out, command->options);
    (void)fprintf(out, "  %-*s %s\n", COLUMN, "--help", "print this help");
}

/* ---- man pages ---------------------------------------------------------- */

/* troff's own characters made plain; a leading dot or quote too. */
static void put_troff(FILE *out, const char *text)
{
    bool line_start = true;

    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            (void)fputs("\\&", out);
        if (*text == '\\')
            (void)fputs("\\e", out);
        else if (*text == '-')
            (void)fputs("\\-", out);
        else
            (void)fputc(*text, out);
        line_start = *text == '\n';
    }
}

static void man_options(FILE *out, const struct aw_option *options)
{
    for (int i = 0; options && options[i].name; i++) {
        (void)fprintf(out, ".TP\n\\fB\\-\\-");
        put_troff(out, options[i].name);
        (void)fprintf(out, "\\fR");
        if (options[i].value)
            (void)fprintf(out, " \\fI%s\\fR", options[i].value);
        (void)fputc('\n', out);
        put_troff(out, options[i].help);
        (void)fputc('\n', out);
    }
}

static void man_head(FILE *out, const char *name, const char *summary)
{
    (void)fputs(".TH \"", out);
    for (const char *p = name; *p; p++)
        (void)fputc(toupper((unsigned char)*p), out);
    (void)fprintf(out, "\" 1 \"" AW_DATE "\" \"adwatch " AW_VERSION
                       "\"\n.SH NAME\n");
    put_troff(out, name);
    (void)fputs(" \\- ", out);
    put_troff(out, summary);
    (void)fputc('\n', out);
}

static void man_all(FILE *out)
{
    man_head(out, "adwatch",
             "find investment advertisements that promise "
             "what the law forbids");
    (void)fputs(".SH SYNOPSIS\n.B adwatch\n[\\fB\\-C\\fR \\fIDIR\\fR] "
                "\\fICOMMAND\\fR [\\fIOPTION\\fR...]\n.SH COMMANDS\n",
                out);
    for (int i = 0; aw_commands[i]; i++) {
        if (aw_commands[i]->hidden)
            continue;
        (void)fprintf(out, ".TP\n.BR adwatch\\-%s (1)\n",
                      aw_commands[i]->name);
        put_troff(out, aw_commands[i]->summary);
        (void)fputc('\n', out);
    }
    (void)fputs(".SH OPTIONS\n", out);
    man_options(out, aw_global_options);
    (void)fputs(".SH EXIT STATUS\n0 ok; 1 failed; 2 usage; 3 partly done; 4 "
                "findings; 5 bad config or rules; 6 store.\n",
                out);
}

void aw_help_man(FILE *out, const struct aw_command *command)
{
    char name[64];

    if (!command) {
        man_all(out);
        return;
    }
    (void)snprintf(name, sizeof name, "adwatch-%s", command->name);
    man_head(out, name, command->summary);
    (void)fprintf(out, ".SH SYNOPSIS\n.B adwatch %s\n%s%s\n", command->name,
                  command->options ? "[\\fIOPTION\\fR...] " : "",
                  command->words);
    if (command->text[0]) {
        (void)fputs(".SH DESCRIPTION\n.nf\n", out);
        put_troff(out, command->text);
        (void)fputs(".fi\n", out);
    }
    (void)fputs(".SH OPTIONS\n", out);
    man_options(out, command->options);
    (void)fputs(".TP\n\\fB\\-\\-help\\fR\nprint help\n.SH SEE ALSO\n"
                ".BR adwatch (1)\n",
                out);
}

/* ---- completion --------------------------------------------------------- */

static void complete_options(FILE *out, const struct aw_option *options)
{
    for (int i = 0; options && options[i].name; i++)
        (void)fprintf(out, " --%s", options[i].name);
}

void aw_help_completion(FILE *out)
{
    (void)fputs("# bash completion: source <(adwatch completion)\n"
                "_adwatch() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} command= i options\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in\n"
                "        -C | --directory) ((i++)) ;;\n"
                "        -*) ;;\n"
                "        *) command=${COMP_WORDS[i]}; break ;;\n"
                "        esac\n"
                "    done\n"
                "    case $command in\n"
                "    '') options='",
                out);
    for (int i = 0; aw_commands[i]; i++)
        if (!aw_commands[i]->hidden)
            (void)fprintf(out, "%s ", aw_commands[i]->name);
    complete_options(out, aw_global_options);
    (void)fputs("' ;;\n", out);
    for (int i = 0; aw_commands[i]; i++) {
        if (aw_commands[i]->hidden)
            continue;
        (void)fprintf(out, "    %s) options='--help", aw_commands[i]->name);
        complete_options(out, aw_commands[i]->options);
        (void)fputs("' ;;\n", out);
    }
    (void)fputs("    esac\n"
                "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                "    [[ $word == -* || -z $command ]] ||\n"
                "        COMPREPLY+=($(compgen -f -- \"$word\"))\n"
                "}\n"
                "complete -F _adwatch adwatch\n",
                out);
}
