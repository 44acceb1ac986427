/* late.h - libraries that are loaded when they are first called.
 *
 * Two of three libraries serve commands that are not run: to load and relocate
 * them took most of a start. adwatch is linked with a jump for each of their
 * functions instead (gen/late_gen.sh writes the jumps and the tables, on
 * x86-64 without sanitizers; elsewhere all are linked as usual and nothing is
 * done here). A jump's first use loads the library and looks the function up.
 */
#ifndef AW_CLI_LATE_H
#define AW_CLI_LATE_H

#include "base/error.h"

struct aw_late_function {
    const char *name;
    unsigned library; /* its number in the table */
};

struct aw_late_pointer {
    const char *name;
    unsigned library;
    void **copy; /* where its value goes when the library is loaded */
};

struct aw_late_table {
    const char *const *libraries; /* as the loader finds them */
    void **handles;
    const struct aw_late_function *functions;
    void **slots; /* what the jumps jump to, by function */
    const struct aw_late_pointer *pointers;
    unsigned library_count, function_count, pointer_count;
};

/* Written by late_gen.sh; absent where nothing is late. */
extern const struct aw_late_table aw_late_table __attribute__((weak));

/* Loads all of them: before a process closes its cell, or starts threads.
 * AW_CONFIG names one that is missing. */
aw_rc aw_late_load(struct aw_err *err) AW_MUST_USE;

/* For the jumps alone: where function number `function` lies. Ends the program
 * as the loader does where its library is missing. */
void *aw_late_find(unsigned function);

#endif
