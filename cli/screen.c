#include "cli/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

/* Its macros would take `timeout` and `echo` away; its types stay here. */
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

#include "base/utf8.h"

#define CLUSTER_MAX 6 /* a character with its marks; the rest is dropped */
#define ESCAPE_MS 50  /* within which a key's sequence goes on */
#define FOREVER_MS 600000
#define MARK_PAIR 1

bool aw_screen_can(void)
{
    const char *term = getenv("TERM");

    return term && *term && strcmp(term, "dumb") != 0 &&
           isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

/* Chinese is shown whatever the locale, as long as it is in UTF-8. */
static void set_locale(void)
{
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

aw_rc aw_screen_open(struct aw_err *err)
{
    SCREEN *screen;

    set_locale();
    screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return aw_fail(err, AW_FAIL,
                       "the terminal '%s' is not known: set TERM, or use "
                       "'adwatch triage'",
                       getenv("TERM"));
    (void)set_term(screen);
    (void)raw();
    (void)noecho();
    (void)nonl();
    (void)keypad(stdscr, TRUE);
    (void)set_escdelay(ESCAPE_MS);
    (void)curs_set(0);
    if (!getenv("NO_COLOR") && has_colors()) {
        (void)start_color();
        (void)use_default_colors();
        (void)init_pair(MARK_PAIR, COLOR_RED, -1);
    }
    return AW_OK;
}

void aw_screen_close(void)
{
    (void)curs_set(1);
    (void)endwin();
}

int aw_screen_rows(void)
{
    return getmaxy(stdscr);
}

int aw_screen_columns(void)
{
    return getmaxx(stdscr);
}

void aw_screen_clear(void)
{
    (void)erase();
}

void aw_screen_show(void)
{
    (void)refresh();
}

/* ---- text ----------------------------------------------------------------
 */

/* What the library has no width for is shown as what cannot be shown. */
static uint32_t shown(uint32_t cp)
{
    return wcwidth((wchar_t)cp) < 0 ? AW_REPLACEMENT : cp;
}

int aw_screen_width(uint32_t cp)
{
    return wcwidth((wchar_t)shown(cp));
}

static void set_ink(enum aw_ink ink)
{
    const attr_t inks[] = {[AW_INK_PLAIN] = A_NORMAL,
                           [AW_INK_BOLD] = A_BOLD,
                           [AW_INK_DIM] = A_DIM,
                           [AW_INK_MARK] = A_BOLD | A_UNDERLINE,
                           [AW_INK_BAR] = A_REVERSE};
    short pair = ink == AW_INK_MARK && has_colors() ? MARK_PAIR : 0;

    (void)attr_set(inks[ink], pair, NULL);
}

/* Takes the next character with the marks upon it. */
static int next_cluster(struct aw_str text, size_t *pos,
                        wchar_t out[CLUSTER_MAX + 1])
{
    uint32_t cp = shown(aw_utf8_next(text, pos));
    int count = 1;

    out[0] = (wchar_t)cp;
    while (*pos < text.len) {
        size_t after = *pos;

        cp = shown(aw_utf8_next(text, &after));
        if (wcwidth((wchar_t)cp) != 0)
            break;
        if (count < CLUSTER_MAX)
            out[count++] = (wchar_t)cp;
        *pos = after;
    }
    out[count] = L'\0';
    return wcwidth(out[0]);
}

int aw_screen_put(int row, int column, struct aw_str text, enum aw_ink ink)
{
    wchar_t cluster[CLUSTER_MAX + 1];

    if (row < 0 || row >= aw_screen_rows())
        return column;
    set_ink(ink);
    for (size_t pos = 0; pos < text.len;) {
        int width = next_cluster(text, &pos, cluster);

        if (width < 1)
            continue;
        if (column + width > aw_screen_columns())
            break;
        (void)mvaddwstr(row, column, cluster);
        column += width;
    }
    set_ink(AW_INK_PLAIN);
    return column;
}

void aw_screen_bar(int row, struct aw_str text, enum aw_ink ink)
{
    int column = aw_screen_put(row, 0, text, ink);

    while (column < aw_screen_columns())
        column = aw_screen_put(row, column, AW_STR(" "), ink);
}

/* ---- keys ----------------------------------------------------------------
 */

static uint32_t named_key(wint_t code)
{
    static const struct {
        int code;
        enum aw_key key;
    } keys[] = {{KEY_UP, AW_KEY_UP},         {KEY_DOWN, AW_KEY_DOWN},
                {KEY_PPAGE, AW_KEY_PAGE_UP}, {KEY_NPAGE, AW_KEY_PAGE_DOWN},
                {KEY_ENTER, AW_KEY_ENTER},   {KEY_BACKSPACE, AW_KEY_BACKSPACE},
                {KEY_RESIZE, AW_KEY_RESIZE}};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (code == (wint_t)keys[i].code)
            return keys[i].key;
    return AW_KEY_OTHER;
}

static uint32_t char_key(wint_t c)
{
    if (c == '\r' || c == '\n')
        return AW_KEY_ENTER;
    if (c == 0x1B)
        return AW_KEY_ESCAPE;
    return c == 0x7F || c == '\b' ? (uint32_t)AW_KEY_BACKSPACE : (uint32_t)c;
}

uint32_t aw_screen_key(int wait_ms)
{
    wint_t c = 0;
    int got;

    wtimeout(stdscr, wait_ms);
    got = get_wch(&c);
    /* What was drawn for the old size may stand anywhere by now. */
    if (got == KEY_CODE_YES && c == KEY_RESIZE)
        (void)clearok(curscr, TRUE);
    if (got == KEY_CODE_YES)
        return named_key(c);
    if (got == OK)
        return char_key(c);
    return isatty(STDIN_FILENO) == 1 ? AW_KEY_NONE : AW_KEY_GONE;
}

/* ---- a line that is written ------------------------------------------------
 */

static void take_last_away(struct aw_buf *out)
{
    size_t count = aw_utf8_count(aw_buf_str(out));

    if (count > 0)
        out->len = aw_utf8_offset(aw_buf_str(out), count - 1);
}

static int width_of(struct aw_str text)
{
    int width = 0;

    for (size_t pos = 0; pos < text.len;)
        width += aw_screen_width(aw_utf8_next(text, &pos));
    return width;
}

/* Of a long line its end is shown. */
static void draw_line(int row, struct aw_str words, struct aw_str line)
{
    int room, column;

    aw_screen_bar(row, (struct aw_str){0}, AW_INK_PLAIN);
    column = aw_screen_put(row, 0, words, AW_INK_BOLD);
    room = aw_screen_columns() - column - 1;
    while (line.len > 0 && width_of(line) > room)
        line = aw_str_sub(line, aw_utf8_offset(line, 1), line.len);
    column = aw_screen_put(row, column, line, AW_INK_PLAIN);
    (void)move(row, column);
    aw_screen_show();
}

bool aw_screen_ask(int row, struct aw_str words, size_t most,
                   struct aw_buf *out)
{
    uint32_t key = AW_KEY_NONE;

    aw_buf_reset(out);
    (void)curs_set(1);
    while (key != AW_KEY_ENTER && key != AW_KEY_ESCAPE &&
           key != AW_KEY_CTRL('c') && key != AW_KEY_GONE) {
        if (key == AW_KEY_BACKSPACE)
            take_last_away(out);
        else if (key == AW_KEY_CTRL('u'))
            aw_buf_reset(out);
        else if (key >= 0x20 && key < AW_KEY_NONE &&
                 aw_utf8_count(aw_buf_str(out)) < most)
            aw_utf8_put(out, key);
        draw_line(row < aw_screen_rows() ? row : aw_screen_rows() - 1, words,
                  aw_buf_str(out));
        key = aw_screen_key(FOREVER_MS);
    }
    (void)curs_set(0);
    return key == AW_KEY_ENTER;
}
