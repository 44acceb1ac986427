/* last_words.h - how a reader in its cell tells what ended it.
 *
 * A reader that makes a forbidden call, that is over its processor time for a
 * page, or that dies of its memory limit sends one last frame, of job 0, and
 * ends. It is put together before the first page, so that sending it takes no
 * memory. Its head is two numbers of 32 bits: the cause, and the number of
 * the call. The pool takes it for what it is, words of a process that a page
 * may have taken over: they say no more than what stands in a table here.
 *
 * What runs in signal handlers needs state that they can reach: there is one
 * cell in a process, and one such state.
 */
#ifndef AW_READER_LAST_WORDS_H
#define AW_READER_LAST_WORDS_H

#include "base/error.h"
#include "base/str.h"

/* Sets the handlers: SIGSYS, by which seccomp tells of a forbidden call;
 * SIGXCPU, of the timer; those of crashes, which may come from memory. */
aw_rc aw_last_words_prepare(int fd, int64_t cpu_ms,
                            struct aw_err *err) AW_MUST_USE;

/* A page begins: its processor time counts from here; it has up to a tenth
 * more. */
void aw_last_words_page(void);

/* Ends the process with "memory limit" where no more memory is to be had;
 * returns where there is. For a failure of which that may be the cause. */
void aw_last_words_if_starved(void);

/* In the pool: AW_READER with the cause of head, "forbidden call: socket",
 * "memory limit", "processor time limit", or that it is a false answer. */
aw_rc aw_last_words_get(struct aw_str head, struct aw_err *err);

#endif
