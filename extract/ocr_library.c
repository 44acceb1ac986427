#include "extract/ocr_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* Leptonica comes with it, and is found by its handle. */
#define LIBRARY "libtesseract.so.5"

struct aw_ocr_library aw_ocr_library;

static const struct {
    const char *name;
    size_t at; /* in the table */
} functions[] = {
#define AW_OCR_ROW(name) {#name, offsetof(struct aw_ocr_library, name)},
    AW_OCR_FUNCTIONS(AW_OCR_ROW)
#undef AW_OCR_ROW
};

static aw_rc look_up(void *handle, struct aw_ocr_library *table,
                     struct aw_err *err)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(handle, functions[i].name);

        if (!found)
            return aw_fail(err, AW_CONFIG,
                           "OCR cannot be used: " LIBRARY " has no %s",
                           functions[i].name);
        memcpy((char *)table + functions[i].at, &found, sizeof found);
    }
    return AW_OK;
}

aw_rc aw_ocr_library_load(struct aw_err *err)
{
    static bool loaded;
    struct aw_ocr_library table;
    void *handle;
    aw_rc rc;

    if (loaded)
        return AW_OK;
    handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return aw_fail(err, AW_CONFIG,
                       "OCR cannot be loaded (%s): install libtesseract5",
                       dlerror());
    rc = look_up(handle, &table, err);
    if (rc != AW_OK) {
        (void)dlclose(handle);
        return rc;
    }
    aw_ocr_library = table;
    loaded = true;
    return AW_OK;
}
