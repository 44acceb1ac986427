/* cell.h - the cell that a reader enters before it sees its first page.
 *
 * Outside stays all that a reader needs no more once its rules are loaded:
 * files, the network, other processes, new programs, new threads, memory that
 * can be run. Inside are one socket, memory up to the limit that its pool set,
 * and the processor, for a while for each page. The walls, each by itself
 * enough against most of what a page that takes its reader over may try:
 *
 *   descriptors  all are closed but fd; 0, 1 and 2 are /dev/null
 *   limits       no new descriptor, no byte into a file, no new process, no
 *                core file (setrlimit)
 *   rights       no capabilities, and none to be had (no_new_privs)
 *   Landlock     no file, no TCP, no signal to others; as far as the kernel
 *                has it
 *   seccomp      the calls of a list and no others (libseccomp); some with
 *                some arguments alone: read and write on fd, no memory that
 *                can be run
 *
 * There is no way out. What ended the reader is told to its pool: see
 * last_words.h. Under ASan, stderr stays open, for its reports, and memory is
 * not limited: docs/07-reading.md.
 */
#ifndef AW_READER_CELL_H
#define AW_READER_CELL_H

#include "base/error.h"
#include "base/log.h"

struct aw_cell_config {
    int fd;         /* the socket; the only descriptor that stays */
    int64_t cpu_ms; /* processor time of one page */
    bool optional;  /* go on where the kernel refuses seccomp or Landlock */
};

/* Shuts the calling process in; AW_CONFIG where the kernel refuses a wall
 * that is not optional. After a failure the process may be half inside. */
aw_rc aw_cell_enter(const struct aw_cell_config *config,
                    struct aw_err *err) AW_MUST_USE;

/* What this kernel offers: "seccomp and landlock abi 4", "seccomp, no
 * landlock", "no seccomp, landlock abi 4", "no seccomp, no landlock". True
 * where a reader can enter a cell that is not optional. */
#define AW_CELL_OFFER_MAX 64
bool aw_cell_offer(char out[AW_CELL_OFFER_MAX]);

/* One line with that; a warning where there is no seccomp. */
void aw_cell_log(const struct aw_log *log);

#endif
