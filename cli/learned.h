/* learned.h - the models that a workspace learned itself.
 *
 * DIR/learn/current has a line for each model that was put into use, the
 * newest last, by its name in DIR/learn. That last one is the workspace's
 * model, before the one of the config; without that file there is none.
 */
#ifndef AW_CLI_LEARNED_H
#define AW_CLI_LEARNED_H

#include "base/error.h"
#include "base/fs.h"

#define AW_LEARN_DIR "learn"

/* The path of the model in use; AW_MISSING where there is none. AW_CONFIG
 * where the file names none that is there. */
aw_rc aw_learned_model(const char *dir, char out[AW_PATH_MAX],
                       struct aw_err *err) AW_MUST_USE;

/* Puts DIR/learn/NAME into use. A crash leaves the old one or the new one. */
aw_rc aw_learned_use(const char *dir, const char *name,
                     struct aw_err *err) AW_MUST_USE;

/* Goes back to the one before, or to none; AW_MISSING where there is none. */
aw_rc aw_learned_undo(const char *dir, struct aw_err *err) AW_MUST_USE;

#endif
