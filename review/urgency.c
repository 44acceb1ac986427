#include "review/urgency.h"

#include <math.h>

static const char *const codes[] = {
#define X(name, code) code,
    AW_WHY_LIST(X)
#undef X
};

const char *aw_why_code(enum aw_why why)
{
    return codes[why];
}

/* ---- the points ---------------------------------------------------------
 *
 * A grave, sure claim has 60 of them before anything else is known: nothing
 * that is merely new or near its day overtakes it alone, and what is a hint
 * rises above it only where several reasons meet. */

/* From a value on: so many points. The last step takes all. */
struct step {
    int from, points;
};

/* The claim itself counts most: what is promised, how plainly, to whom. */
static const struct step severity_steps[] = {{3, 40}, {2, 20}, {1, 5}, {0, 0}};

/* How sure the classifier is. */
#define SCORE_MOST 20

/* Each of ten sites that show the same reaches other people. */
#define POINTS_A_SITE 2

/* The same leaflet found again and again hangs all over the city. */
static const struct step times_steps[] = {{10, 8}, {5, 6}, {2, 3}, {0, 0}};

/* An advertisement that is paid for to lead here. */
static const struct step advert_steps[] = {{5, 6}, {2, 4}, {1, 2}, {0, 0}};

/* Who loses the savings of a life: the points of severity.yaml, weighed. */
#define POINTS_AN_AUDIENCE_POINT 5
#define AUDIENCE_MOST 15

/* Sites made for one campaign are gone within weeks: see them while they are
 * there. */
static const struct step host_steps[] = {{15, 0}, {8, 4}, {0, 8}};

/* Three times in two years is graver in law (广告法 55, 58). */
static const struct step confirmed_steps[] = {{3, 15},
                                              {2, 12},
                                              {1, 8},
                                              {0, 0}};

/* One decision for many. */
static const struct step similar_steps[] = {{50, 10}, {20, 8}, {10, 6},
                                            {5, 4},   {2, 2},  {0, 0}};

/* The clock of 15 working days: from a week before its end. What is over stays
 * first, so that it is not forgotten. */
static const struct step over_steps[] = {/* by days over; from -5: days left */
                                         {1, 30},  {0, 25},  {-2, 18},
                                         {-5, 10}, {-10, 4}, {INT32_MIN, 0}};

static int points_of(const struct step *steps, int64_t value)
{
    while (value < steps->from)
        steps++;
    return steps->points;
}

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

static int reach_of(const struct aw_urgency_facts *f)
{
    int sites = at_most(f->sites, AW_SITES_MOST);

    return (sites > 1 ? (sites - 1) * POINTS_A_SITE : 0) +
           points_of(times_steps, f->times) +
           points_of(advert_steps, f->adverts);
}

struct aw_urgency aw_urgency_of(const struct aw_urgency_facts *f)
{
    struct aw_urgency u = {0};

    u.points[AW_WHY_SEVERITY] = points_of(severity_steps, f->severity);
    u.points[AW_WHY_SCORE] = (int)lround(f->score * SCORE_MOST);
    u.points[AW_WHY_REACH] = reach_of(f);
    u.points[AW_WHY_AUDIENCE] =
        at_most(f->audience * POINTS_AN_AUDIENCE_POINT, AUDIENCE_MOST);
    if (f->host_days >= 0)
        u.points[AW_WHY_NEW_DOMAIN] = points_of(host_steps, f->host_days);
    u.points[AW_WHY_REPEAT_PUBLISHER] =
        points_of(confirmed_steps, f->confirmed);
    if (f->is_open)
        u.points[AW_WHY_CLOCK] = points_of(over_steps, -(int64_t)f->days_left);
    u.points[AW_WHY_SIMILAR] = points_of(similar_steps, f->similar);
    for (int i = 0; i < AW_WHY_COUNT; i++)
        u.total += u.points[i];
    return u;
}
