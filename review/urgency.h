/* urgency.h - what should be looked at first, and why.
 *
 * Urgency is a sum of points, each with its reason: a reviewer sees the sum
 * taken apart, and can say which part is wrong. The points stand in one table
 * (urgency.c). None is given for what is not known.
 */
#ifndef AW_REVIEW_URGENCY_H
#define AW_REVIEW_URGENCY_H

#include "base/str.h"

/* X(name, code in the API) */
#define AW_WHY_LIST(X)                                                \
    X(SEVERITY, "severity")     /* of its gravest claim */            \
    X(SCORE, "score")           /* how sure the classifier is */      \
    X(REACH, "reach")           /* sites, hand-ins, advertisements */ \
    X(AUDIENCE, "audience")     /* the elderly, students ... */       \
    X(NEW_DOMAIN, "new_domain") /* the host was first seen lately */  \
    X(REPEAT_PUBLISHER,                                               \
      "repeat_publisher") /* confirmed before, of the same */         \
    X(CLOCK, "clock")     /* days left to look into it */             \
    X(SIMILAR, "similar") /* findings that are like it */

enum aw_why {
#define X(name, code) AW_WHY_##name,
    AW_WHY_LIST(X)
#undef X
        AW_WHY_COUNT
};

/* What is counted up to its bound: more make no difference. */
#define AW_SITES_MOST 10
#define AW_TIMES_MOST 255

struct aw_urgency_facts {
    int severity;      /* 1 to 3 */
    double score;      /* 0 to 1 */
    int sites;         /* of its group, up to AW_SITES_MOST */
    int times;         /* handed in, up to AW_TIMES_MOST */
    int adverts;       /* that led to it, likewise */
    int audience;      /* points of the audience in severity.yaml */
    int host_days;     /* since the host was first seen; -1: unknown */
    int64_t confirmed; /* findings of its publisher, without itself */
    int64_t similar;   /* findings of its group, with itself */
    int days_left;     /* working days; negative: over */
    bool is_open;      /* no decision: the clock runs */
};

struct aw_urgency {
    int total;
    int points[AW_WHY_COUNT];
};

const char *aw_why_code(enum aw_why why);

struct aw_urgency aw_urgency_of(const struct aw_urgency_facts *facts);

#endif
