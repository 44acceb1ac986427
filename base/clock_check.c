#include "base/clock_check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>

#define COMM_MAX 17 /* of a program's name in /proc, with its line end */

/* By the first 15 letters, which is what the kernel keeps of a name. */
static const struct {
    const char *comm, *name;
} keepers[] = {{"chronyd", "chronyd"},
               {"systemd-timesyn", "systemd-timesyncd"},
               {"ntpd", "ntpd"},
               {"ntpd-rs", "ntpd-rs"},
               {"ptp4l", "ptp4l"},
               {"phc2sys", "phc2sys"}};

static const char *keeper_named(const char *comm)
{
    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
        if (strcmp(comm, keepers[i].comm) == 0)
            return keepers[i].name;
    return "";
}

/* What runs under that number, if it keeps a clock. */
static const char *keeper_at(const char *number)
{
    char path[64];
    char comm[COMM_MAX] = "";
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%.20s/comm", number);
    file = fopen(path, "re");
    if (!file)
        return "";
    if (fgets(comm, sizeof comm, file))
        comm[strcspn(comm, "\n")] = '\0';
    (void)fclose(file);
    return keeper_named(comm);
}

static const char *find_keeper(void)
{
    DIR *dir = opendir("/proc");
    const char *found = "";
    const struct dirent *entry;

    while (dir && !*found && (entry = readdir(dir)))
        if (aw_ascii_digit(entry->d_name[0]))
            found = keeper_at(entry->d_name);
    if (dir)
        (void)closedir(dir);
    return found;
}

void aw_clock_check(const struct aw_clock *clock, struct aw_clock_check *out)
{
    struct timex timex = {.modes = 0};
    int state = adjtimex(&timex);

    *out = (struct aw_clock_check){
        .wall_ms = aw_clock_wall(clock),
        .known = state >= 0,
        .keeper = find_keeper(),
    };
    if (!out->known)
        return;
    out->synchronised = !(timex.status & STA_UNSYNC) && state != TIME_ERROR;
    out->offset_us =
        timex.status & STA_NANO ? timex.offset / 1000 : timex.offset;
    out->error_us = timex.esterror;
    out->error_most_us = timex.maxerror;
}

void aw_clock_check_fields(struct aw_buf *out,
                           const struct aw_clock_check *check)
{
    char text[AW_TIME_MAX];

    aw_time_iso_ms(check->wall_ms, text);
    aw_buf_printf(out, "clock-time: %s\r\n", text);
    aw_time_beijing(check->wall_ms, text);
    aw_buf_printf(out, "clock-time-beijing: %s\r\n", text);
    aw_buf_printf(out, "clock-synchronised: %s\r\n",
                  !check->known         ? "not known"
                  : check->synchronised ? "yes"
                                        : "no");
    if (check->known)
        aw_buf_printf(out,
                      "clock-offset-us: %lld\r\nclock-error-us: %lld\r\n"
                      "clock-error-most-us: %lld\r\n",
                      (long long)check->offset_us, (long long)check->error_us,
                      (long long)check->error_most_us);
    if (*check->keeper)
        aw_buf_printf(out, "clock-keeper: %s\r\n", check->keeper);
}
