#include "review/words.h"

#define CLASS(code, zh) code,
static const char *const classes[] = {AW_CLASS_LIST(CLASS)};
#undef CLASS

#define REASON(code, zh, en) {code, zh, en},
const struct aw_reason aw_reasons[] = {AW_REASON_LIST(REASON){0}};
#undef REASON

aw_rc aw_class_check(struct aw_str class, struct aw_err *err)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (aw_str_eq(class, aw_str_of(classes[i])))
            return AW_OK;
#define NAMED(code, zh) " " code
    return aw_fail(err, AW_INVALID,
                   "class '%.*s' is not known: use one of" AW_CLASS_LIST(
                       NAMED),
                   AW_STR_ARG(class));
#undef NAMED
}

aw_rc aw_reason_check(struct aw_str code, struct aw_err *err)
{
    for (const struct aw_reason *r = aw_reasons; r->code; r++)
        if (aw_str_eq(code, aw_str_of(r->code)))
            return AW_OK;
#define NAMED(code, zh, en) " " code
    return aw_fail(err, AW_INVALID,
                   "reason code '%.*s' is not known: use one "
                   "of" AW_REASON_LIST(NAMED),
                   AW_STR_ARG(code));
#undef NAMED
}
