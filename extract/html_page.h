/* html_page.h - the parts of html.c, for themselves alone: a page on its way
 * into blocks.
 *
 *     html.c         tokens and elements
 *     html_stack.c   which elements are open
 *     html_look.c    how they look: attributes, rules, declarations
 *     html_meta.c    meta tags
 *     html_script.c  text in scripts
 */
#ifndef AW_EXTRACT_HTML_PAGE_H
#define AW_EXTRACT_HTML_PAGE_H

#include "extract/discover.h"
#include "extract/flow.h"
#include "extract/html.h"
#include "extract/look.h"
#include "extract/sheet.h"
#include "extract/token.h"

#define AW_PAGE_VALUE_MAX \
    ((size_t)64 << 20) /* one attribute's value, undone */

#define AW_PAGE_ROOTS 2 /* html, body */

/* An open element. */
struct aw_page_open {
    const struct aw_tag *tag;
    uint32_t name; /* hash: tells elements that are not in the table apart */
    struct aw_how how; /* with what its parents add */
    struct aw_look look;
};

/* What a script element holds, by its type. */
enum aw_page_script {
    AW_SCRIPT_CODE,
    AW_SCRIPT_JSON,
    AW_SCRIPT_JSONLD,
    AW_SCRIPT_TEMPLATE, /* HTML that a script fills in */
    AW_SCRIPT_OTHER
};

/* A script that may hold data, for the end of the page. */
struct aw_page_state {
    struct aw_str text;
    bool json;
};

struct aw_page {
    struct aw_document *doc;
    struct aw_str agent;
    struct aw_err *err;
    aw_rc rc; /* the first failure sticks */
    bool xml;
    struct aw_flow flow;
    struct aw_discover links;
    struct aw_sheet sheet;
    bool sheets_read; /* before the page: one stands behind text */
    bool skip_sheet;  /* it is for paper */
    struct aw_look root;
    struct aw_buf value;
    size_t depth;
    size_t over; /* elements open beyond the stack */
    enum aw_page_script script;
    bool inner; /* inside of what a script or a frame's srcdoc holds */
    size_t jsonld_count;
    size_t state_count;
    /* From here on nothing is zeroed. */
    struct aw_str jsonld[AW_HTML_JSONLD_MAX];
    struct aw_page_state states[AW_HTML_STATES_MAX];
    struct aw_page_open stack[AW_HTML_DEPTH_MAX];
    /* html and body, what is on the stack, and the element that is opened. */
    struct aw_element path[AW_PAGE_ROOTS + AW_HTML_DEPTH_MAX + 1];
};

struct aw_how aw_page_how(const struct aw_page *page);
const struct aw_look *aw_page_look(const struct aw_page *page);

/* What is on the page and is not shown. */
struct aw_how aw_page_unseen(enum aw_hidden why);

/* An attribute's value with its references undone; valid until the next. */
struct aw_str aw_page_value(struct aw_page *page, const struct aw_token *token,
                            enum aw_attr_id id);

/* Is the attribute that text, but for case and white space around it? */
bool aw_page_attr_is(const struct aw_token *token, enum aw_attr_id id,
                     struct aw_str text);

/* --- html_stack.c --- */

/* Ends what a start tag ends without its end tag being there. */
void aw_page_close_implied(struct aw_page *page, const struct aw_tag *tag);
void aw_page_push(struct aw_page *page, const struct aw_token *token,
                  struct aw_how how, const struct aw_look *look);
void aw_page_pop(struct aw_page *page, const struct aw_token *token);

/* --- html_look.c --- */

/* The look of an element that is being opened, and how its text stands. */
struct aw_look aw_page_look_of(struct aw_page *page,
                               const struct aw_token *token);
struct aw_how aw_page_how_of(const struct aw_page *page,
                             const struct aw_token *token,
                             const struct aw_look *look);

/* A start tag of html or body. */
void aw_page_open_root(struct aw_page *page, const struct aw_token *token);

/* A style sheet that is not read may state the page's colours. */
void aw_page_forget_defaults(struct aw_page *page);

/* The start tag and the text of a style element. */
void aw_page_on_style(struct aw_page *page, const struct aw_token *token,
                      struct aw_how how);
void aw_page_read_sheet(struct aw_page *page, struct aw_str css);

/* Rules hold for what stands before them as well: where a style element comes
 * behind the beginning of the body, all are read first. */
void aw_page_read_sheets_first(struct aw_page *page, struct aw_str html);

/* --- html_meta.c --- */

void aw_page_on_meta(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how);

/* --- html_script.c --- */

/* The start tag and the text of a script element. */
void aw_page_on_script(struct aw_page *page, const struct aw_token *token,
                       struct aw_how how);
void aw_page_read_script(struct aw_page *page, struct aw_str script);

/* What comes behind the page's own blocks: JSON-LD, data of scripts. */
void aw_page_read_data(struct aw_page *page);

/* --- html.c --- */

/* Reads HTML into the page where it stands now. It must live as long as the
 * page. */
void aw_page_read(struct aw_page *page, struct aw_str html);

#endif
