/* process.h - a reader process, from inside.
 *
 * Reads questions from fd, answers each, until the other side closes. Errors
 * of a page are answers; only a bad lexicon or model, and a broken socket,
 * end the process with an error.
 */
#ifndef AW_READER_PROCESS_H
#define AW_READER_PROCESS_H

#include "classify/classify.h"

aw_rc aw_reader_process(int fd, const struct aw_classifier_config *config,
                        struct aw_err *err) AW_MUST_USE;

#endif
