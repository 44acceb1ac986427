/* no_seccomp.c - runs a program as on a kernel without seccomp and Landlock:
 *   no_seccomp PROGRAM ARGUMENT... */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static int refuse(void)
{
    const uint32_t none = SCMP_ACT_ERRNO(ENOSYS);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = !filter;

    if (!failed)
        failed = seccomp_rule_add(filter, none, SCMP_SYS(seccomp), 0);
    if (!failed)
        failed = seccomp_rule_add(filter, none, SCMP_SYS(prctl), 1,
                                  SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0));
    if (!failed)
        failed = seccomp_rule_add(filter, none,
                                  SCMP_SYS(landlock_create_ruleset), 0);
    if (!failed)
        failed = seccomp_load(filter);
    seccomp_release(filter);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 2 || refuse() != 0) {
        (void)fputs("usage: no_seccomp PROGRAM ARGUMENT...\n", stderr);
        return 2;
    }
    (void)execv(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
