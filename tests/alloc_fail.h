/* alloc_fail.h - what if the Nth allocation fails?
 *
 * For tests whose name ends in _oom: they are linked so that malloc, calloc
 * and realloc of the code under test come here (the Makefile wraps them). A
 * case runs again and again, with the first, the second ... allocation
 * failing, alone and with all that follow it, until one run needed no more.
 *
 *     static void my_case(void)
 *     {
 *         rc = aw_thing(...);
 *         alloc_fail_stop();
 *         assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
 *     }
 *     alloc_fail_each(my_case);
 *
 * What a shared library allocates inside itself is not seen.
 */
#ifndef AW_TESTS_ALLOC_FAIL_H
#define AW_TESTS_ALLOC_FAIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ALLOC_FAIL_RUNS_MAX 100000

static long alloc_left = -1; /* until one fails; below 0: none does */
static bool alloc_all;       /* those behind it fail as well */
static bool alloc_failed;    /* one has */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool alloc_refuses(void)
{
    if (alloc_left < 0)
        return false;
    if (alloc_left > 0) {
        alloc_left--;
        return false;
    }
    alloc_failed = true;
    if (!alloc_all)
        alloc_left = -1;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return alloc_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return alloc_refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return alloc_refuses() ? NULL : __real_realloc(old, size);
}

/* From here on none fails. */
static void alloc_fail_stop(void)
{
    alloc_left = -1;
}

static void alloc_fail_each(void (*run)(void))
{
    for (int all = 0; all < 2; all++) {
        long n = 0;

        do {
            alloc_all = all;
            alloc_failed = false;
            alloc_left = n;
            run();
            alloc_fail_stop();
        } while (alloc_failed && ++n < ALLOC_FAIL_RUNS_MAX);
        assert_true(n > 0); /* else nothing was wrapped */
        assert_true(n < ALLOC_FAIL_RUNS_MAX);
    }
}

#endif
