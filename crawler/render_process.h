/* render_process.h - a browser's processes: started, watched, ended.
 *
 * Chromium with a profile of its own in a new folder, which goes with it. It
 * has no way to the network: a network namespace without any interface where
 * the kernel gives one, and in any case a proxy that is none and names that
 * are not found. All it gets, it gets through the pipe (devtools.h).
 *
 * Its processes are one group, which is ended as a whole by the id of the
 * first one, and ends with this program.
 */
#ifndef AW_CRAWLER_RENDER_PROCESS_H
#define AW_CRAWLER_RENDER_PROCESS_H

#include <sys/types.h>

#include "base/error.h"
#include "base/fs.h"

#define AW_BROWSER_HEAP_MB 512 /* of scripts, in one page's process */
#define AW_BROWSER_DEFAULT "chromium"

struct aw_browser_process {
    pid_t pid; /* 0: none */
    int fd;    /* of the pipe, non-blocking */
    char profile[AW_PATH_MAX];
};

/* What `program` stands for: a path, or a name that is looked for in PATH;
 * NULL: AW_BROWSER_DEFAULT. AW_MISSING where there is none. */
aw_rc aw_browser_find(const char *program, char out[AW_PATH_MAX],
                      struct aw_err *err) AW_MUST_USE;

#define AW_BROWSER_VERSION_MAX 128

/* What the program says of itself ("Chromium 120.0.6099.224 ..."), one line
 * without control characters; AW_FAIL where it says nothing within ten
 * seconds. */
aw_rc aw_browser_version(const char *path, char out[AW_BROWSER_VERSION_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* network: leave it the machine's network namespace all the same. */
aw_rc aw_browser_start(struct aw_browser_process *out, const char *path,
                       bool network, struct aw_err *err) AW_MUST_USE;

/* Ends the group, waits for its first process, removes the profile. cause,
 * where not NULL: what it died of before that; "" where it did not within a
 * fifth of a second. */
void aw_browser_end(struct aw_browser_process *browser, char *cause,
                    size_t size);

/* Bytes in memory that its processes share with nobody. */
int64_t aw_browser_memory(const struct aw_browser_process *browser);

/* Removes profiles that programs left behind which were killed. */
void aw_browser_sweep(void);

#endif
