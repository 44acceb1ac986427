#include "cli/late.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define LOADER_EXIT 127 /* of the dynamic loader, where a library is missing \
                         */

static void *handle_of(unsigned library)
{
    void **handle = &aw_late_table.handles[library];

    /* Two threads may both load it: they get the same handle. */
    if (!__atomic_load_n(handle, __ATOMIC_ACQUIRE))
        __atomic_store_n(handle,
                         dlopen(aw_late_table.libraries[library], RTLD_NOW),
                         __ATOMIC_RELEASE);
    return __atomic_load_n(handle, __ATOMIC_ACQUIRE);
}

/* The library's variables that are pointers, before its first function. */
static bool copy_pointers(unsigned library, void *handle)
{
    for (unsigned i = 0; i < aw_late_table.pointer_count; i++) {
        const struct aw_late_pointer *pointer = &aw_late_table.pointers[i];
        void **found;

        if (pointer->library != library)
            continue;
        found = dlsym(handle, pointer->name);
        if (!found)
            return false;
        *pointer->copy = *found;
    }
    return true;
}

/* NULL: dlerror says why. */
static void *look_up(unsigned function)
{
    const struct aw_late_function *wanted = &aw_late_table.functions[function];
    void *handle = handle_of(wanted->library);
    void *found = NULL;

    if (handle && copy_pointers(wanted->library, handle))
        found = dlsym(handle, wanted->name);
    if (found)
        __atomic_store_n(&aw_late_table.slots[function], found,
                         __ATOMIC_RELEASE);
    return found;
}

aw_rc aw_late_load(struct aw_err *err)
{
    if (!&aw_late_table)
        return AW_OK;
    for (unsigned i = 0; i < aw_late_table.function_count; i++)
        if (!look_up(i))
            return aw_fail(err, AW_CONFIG,
                           "cannot load a library (%s): install it",
                           dlerror());
    return AW_OK;
}

void *aw_late_find(unsigned function)
{
    void *found = look_up(function);

    if (found)
        return found;
    (void)fprintf(stderr, "adwatch: cannot load a library (%s): install it\n",
                  dlerror());
    _exit(LOADER_EXIT);
}
