/* hidden.h - a password from the terminal, or a line of standard input. */
#ifndef AW_CLI_HIDDEN_H
#define AW_CLI_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

#define AW_CLI_HIDDEN_MAX ((size_t)4096) /* bytes, with the NUL */

/* One line, which a terminal does not show, without its end. False: there was
 * none. Ctrl-C ends the reading. */
bool aw_cli_hidden(const char *prompt, char line[AW_CLI_HIDDEN_MAX]);

#endif
