/* workdays.h - working days in China: weekends, public holidays, and the days
 * off that are worked instead (调休).
 *
 * lexicons/calendar.yaml has the notice of each year. A year without one is
 * reckoned by its weekends alone, and aw_workdays_known says so. Days are
 * those of Beijing, counted from 1970-01-01.
 */
#ifndef AW_REVIEW_WORKDAYS_H
#define AW_REVIEW_WORKDAYS_H

#include "base/error.h"
#include "base/str.h"

/* To look into a clue (市场监督管理行政处罚程序规定), in working days. */
#define AW_CLUE_DAYS 15

struct aw_workdays;

/* Reads DIR/calendar.yaml; AW_CONFIG with file and what is wrong. Without that
 * file no year is known. */
aw_rc aw_workdays_new(struct aw_workdays **out, const char *lexicon_dir,
                      struct aw_err *err) AW_MUST_USE;
void aw_workdays_free(struct aw_workdays *days); /* NULL is allowed */

int64_t aw_beijing_day(int64_t wall_ms);

/* Its last millisecond. */
int64_t aw_beijing_day_end(int64_t day);

bool aw_workdays_is(const struct aw_workdays *days, int64_t day);

/* Are the holidays of that day's year known? */
bool aw_workdays_known(const struct aw_workdays *days, int64_t day);

/* Working days after `from`, up to and with `to`; negative: that many after
 * `to`, up to and with `from`. */
int64_t aw_workdays_between(const struct aw_workdays *days, int64_t from,
                            int64_t to);

/* The working day that is number n after `from`, which is not counted; n is
 * above 0. */
int64_t aw_workdays_after(const struct aw_workdays *days, int64_t from,
                          int64_t n);

#endif
