#include "classify/classify.h"

static const char *const class_names[] = {
#define X(name, text) text,
    AW_CLAIM_CLASS_LIST(X)
#undef X
};

static const char *const verdict_names[] = {
#define X(name, text) text,
    AW_VERDICT_LIST(X)
#undef X
};

static const char *const doc_kind_names[] = {
#define X(name, text) text,
    AW_DOC_KIND_LIST(X)
#undef X
};

const char *aw_claim_class_name(enum aw_claim_class class)
{
    return class_names[class];
}

const char *aw_verdict_name(enum aw_verdict_kind kind)
{
    return verdict_names[kind];
}

const char *aw_doc_kind_name(enum aw_doc_kind kind)
{
    return doc_kind_names[kind];
}

static int find(const char *const *names, int count, struct aw_str name)
{
    for (int i = 0; i < count; i++)
        if (aw_str_eq(name, aw_str_of(names[i])))
            return i;
    return -1;
}

bool aw_claim_class_parse(struct aw_str name, enum aw_claim_class *out)
{
    int number = find(class_names, AW_CLAIM_CLASS_COUNT, name);

    if (number >= 0)
        *out = (enum aw_claim_class)number;
    return number >= 0;
}

bool aw_verdict_parse(struct aw_str name, enum aw_verdict_kind *out)
{
    int number = find(verdict_names, AW_VERDICT_COUNT, name);

    if (number >= 0)
        *out = (enum aw_verdict_kind)number;
    return number >= 0;
}

bool aw_doc_kind_parse(struct aw_str name, enum aw_doc_kind *out)
{
    int number = find(doc_kind_names, AW_DOC_KIND_COUNT, name);

    if (number >= 0)
        *out = (enum aw_doc_kind)number;
    return number >= 0;
}

void aw_verdict_deinit(struct aw_verdict *verdict)
{
    aw_arena_deinit(&verdict->arena);
    *verdict = (struct aw_verdict){0};
}
