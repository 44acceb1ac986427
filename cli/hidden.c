#include "cli/hidden.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void on_signal(int number)
{
    (void)number;
}

/* Ctrl-C ends the reading, and not the program before the terminal is as it
 * was. */
static void hide(const struct termios *old, struct sigaction *before)
{
    struct sigaction stop = {.sa_handler = on_signal};
    struct termios quiet = *old;

    (void)sigaction(SIGINT, &stop, before);
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
}

static void show(const struct termios *old, const struct sigaction *before)
{
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, old);
    (void)sigaction(SIGINT, before, NULL);
    (void)fputc('\n', stderr);
}

bool aw_cli_hidden(const char *prompt, char line[AW_CLI_HIDDEN_MAX])
{
    struct termios old;
    struct sigaction before;
    bool is_terminal = tcgetattr(STDIN_FILENO, &old) == 0;
    bool ok;

    if (is_terminal) {
        (void)fputs(prompt, stderr);
        hide(&old, &before);
    }
    ok = fgets(line, (int)AW_CLI_HIDDEN_MAX, stdin) != NULL;
    if (is_terminal)
        show(&old, &before);
    line[ok ? strcspn(line, "\r\n") : 0] = '\0';
    return ok;
}
