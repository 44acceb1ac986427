#include "evidence/shown.h"

#include <stdio.h>

#define AUTHORITY "://"

static bool is_pin(struct aw_str attribute)
{
    struct aw_str name = {0};

    (void)aw_str_split(&attribute, '=', &name);
    name = aw_str_trim(name);
    return aw_str_eq_nocase(name, AW_STR("pin-value")) ||
           aw_str_eq_nocase(name, AW_STR("pin-source"));
}

/* Appends the attributes of a path to out, which ends in ':'. */
static void show_token(struct aw_str path, char out[AW_SHOWN_MAX])
{
    struct aw_str part;
    size_t len = strlen(out);
    const char *between = "";

    while (len < AW_SHOWN_MAX - 1 && aw_str_split(&path, ';', &part)) {
        if (is_pin(part))
            continue;
        len += (size_t)snprintf(out + len, AW_SHOWN_MAX - len, "%s%.*s",
                                between, AW_STR_ARG(part));
        between = ";";
    }
}

void aw_show_uri(const char *uri, char out[AW_SHOWN_MAX])
{
    const struct aw_str token = AW_STR("pkcs11:");
    const char *authority = strstr(uri, AUTHORITY);
    const char *host = strrchr(uri, '@');
    size_t head = 0;

    if (aw_str_starts(aw_str_of(uri), token)) {
        (void)snprintf(out, AW_SHOWN_MAX, "%s", token.ptr);
        show_token((struct aw_str){uri + token.len,
                                   strcspn(uri + token.len, "?#")},
                   out);
        return;
    }
    /* The last '@': a password with a '/' or '#' in it is no path. */
    if (authority)
        head = (size_t)(authority - uri) + sizeof AUTHORITY - 1;
    host = host && host >= uri + head ? host + 1 : uri + head;
    (void)snprintf(out, AW_SHOWN_MAX, "%.*s%.*s", (int)head, uri,
                   (int)strcspn(host, "?#"), host);
}
