/* screen.h - a whole terminal to draw on; ncursesw does it.
 *
 * One at a time. What is put stands there after aw_screen_show. Texts are
 * UTF-8 without controls (reports/text.h tames them); what does not fit into
 * its row is cut. Keys come as they are pressed, Ctrl-C too, so that it is the
 * caller who ends, and the terminal is as it was before; so it is after
 * SIGTERM and SIGHUP, which ncurses sees to.
 */
#ifndef AW_CLI_SCREEN_H
#define AW_CLI_SCREEN_H

#include "base/buf.h"

enum aw_ink { AW_INK_PLAIN, AW_INK_BOLD, AW_INK_DIM, AW_INK_MARK, AW_INK_BAR };

/* What is no character; AW_KEY_NONE: nothing was pressed in time;
 * AW_KEY_GONE: the terminal is. */
enum aw_key {
    AW_KEY_NONE = 0x110000,
    AW_KEY_GONE,
    AW_KEY_UP,
    AW_KEY_DOWN,
    AW_KEY_PAGE_UP,
    AW_KEY_PAGE_DOWN,
    AW_KEY_ENTER,
    AW_KEY_ESCAPE,
    AW_KEY_BACKSPACE,
    AW_KEY_RESIZE,
    AW_KEY_OTHER
};
#define AW_KEY_CTRL(letter) ((uint32_t)(letter)&0x1Fu)

/* True where the terminal can: both ends are one, and TERM is not dumb. */
bool aw_screen_can(void);

/* AW_FAIL: the terminal is not known. */
aw_rc aw_screen_open(struct aw_err *err) AW_MUST_USE;
void aw_screen_close(void);

int aw_screen_rows(void);
int aw_screen_columns(void);

void aw_screen_clear(void);
void aw_screen_show(void);

/* The columns that a code point takes, as this terminal has it. */
int aw_screen_width(uint32_t cp);

/* Returns the column behind what was put. */
int aw_screen_put(int row, int column, struct aw_str text, enum aw_ink ink);

/* A row from edge to edge. */
void aw_screen_bar(int row, struct aw_str text, enum aw_ink ink);

/* A code point, or one of enum aw_key. */
uint32_t aw_screen_key(int wait_ms);

/* Lets a line be written in a row, behind the words that ask for it; at most
 * `most` code points. False: given up (Escape, Ctrl-C). */
bool aw_screen_ask(int row, struct aw_str words, size_t most,
                   struct aw_buf *out);

#endif
