/* facts_private.h - what facts.c and facts_chain.c share. */
#ifndef AW_EVIDENCE_FACTS_PRIVATE_H
#define AW_EVIDENCE_FACTS_PRIVATE_H

#include "evidence/facts.h"

/* A copy in the arena, made well-formed; AW_LIMIT. */
aw_rc aw_facts_text(struct aw_facts *facts, struct aw_str text,
                    struct aw_str *out, struct aw_err *err) AW_MUST_USE;

/* ---- facts_chain.c ------------------------------------------------------ */

/* Reads certificates, PEM, one behind the other. */
aw_rc aw_facts_take_chain(struct aw_facts *facts, struct aw_str pem,
                          struct aw_err *err) AW_MUST_USE;

#endif
