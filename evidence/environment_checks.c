#include "evidence/environment_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock_check.h"
#include "base/fs.h"
#include "classify/lexicon.h"
#include "crawler/resolve.h"
#include "reader/cell.h"

#define FILE_MAX ((size_t)1 << 20) /* of hosts, resolv.conf and the like */
#define DISK_LEAST_MB 1024

/* What was found, in English; then `words` in Chinese. Longer ones are cut. */
static void AW_PRINTF(2, 3)
    say(char out[AW_ENVIRONMENT_TEXT_MAX], const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(out, AW_ENVIRONMENT_TEXT_MAX, fmt, args);
    va_end(args);
}

/* A name or a number says the same in both. */
static void say_both(struct aw_check *check, const char *text)
{
    say(check->what, "%s", text);
    say(check->words, "%s", text);
}

/* A small file of the system, or nothing. */
static struct aw_str read_small(const char *path, struct aw_buf *buf)
{
    struct aw_err err;

    aw_buf_init(buf, FILE_MAX);
    return aw_file_read(path, buf, &err) == AW_OK ? aw_buf_str(buf)
                                                  : AW_STR("");
}

/* ---- system ------------------------------------------------------------- */

static void check_os(struct aw_check *check,
                     const struct aw_environment_config *config)
{
    struct aw_buf buf;
    struct aw_str rest = read_small("/etc/os-release", &buf);
    struct aw_str line;

    (void)config;
    say(check->what, "not known");
    say(check->words, "未知");
    while (aw_str_split(&rest, '\n', &line)) {
        if (!aw_str_starts(line, AW_STR("PRETTY_NAME=\"")) ||
            !aw_str_ends(line, AW_STR("\"")))
            continue;
        line = aw_str_sub(line, 13, line.len - 14);
        say(check->what, "%.*s", AW_STR_ARG(line));
        say(check->words, "%.*s", AW_STR_ARG(line));
        check->ok = true;
    }
    aw_buf_deinit(&buf);
}

/* What the maker calls the machine; a part of the line, or nothing. */
static void put_dmi(struct aw_buf *out, const char *path)
{
    struct aw_buf buf;
    struct aw_str text = aw_str_trim(read_small(path, &buf));

    if (text.len > 0)
        aw_buf_printf(out, " %.*s", AW_STR_ARG(text));
    aw_buf_deinit(&buf);
}

static void check_host(struct aw_check *check,
                       const struct aw_environment_config *config)
{
    struct utsname name;
    struct aw_buf text;

    (void)config;
    aw_buf_init(&text, AW_ENVIRONMENT_TEXT_MAX - 1);
    check->ok = uname(&name) == 0 && name.nodename[0];
    aw_buf_puts(&text, check->ok ? name.nodename : "?");
    put_dmi(&text, "/sys/class/dmi/id/sys_vendor");
    put_dmi(&text, "/sys/class/dmi/id/product_name");
    say_both(check, text.rc == AW_OK ? text.ptr : "?");
    aw_buf_deinit(&text);
}

static void check_kernel(struct aw_check *check,
                         const struct aw_environment_config *config)
{
    struct utsname name;
    char text[AW_ENVIRONMENT_TEXT_MAX];

    (void)config;
    check->ok = uname(&name) == 0;
    if (check->ok)
        (void)snprintf(text, sizeof text, "%s %s %s", name.sysname,
                       name.release, name.machine);
    say_both(check, check->ok ? text : "?");
}

static void check_zone(struct aw_check *check,
                       const struct aw_environment_config *config)
{
    time_t now = (time_t)(aw_clock_wall(config->clock) / 1000);
    struct tm tm = {0};
    char zone[64] = "";

    check->ok = localtime_r(&now, &tm) != NULL &&
                strftime(zone, sizeof zone, "%Z %z", &tm) > 0;
    say(check->what, "%s; times are kept as UTC", zone);
    say(check->words, "%s；时间均按 UTC 记录，并换算为北京时间", zone);
}

static void check_clock(struct aw_check *check,
                        const struct aw_environment_config *config)
{
    struct aw_clock_check clock;

    aw_clock_check(config->clock, &clock);
    check->ok = clock.known && clock.synchronised;
    if (!clock.known) {
        say(check->what, "the kernel does not tell whether it is in step");
        say(check->words, "内核未说明时钟是否已同步");
        return;
    }
    say(check->what,
        "%s; offset %lld us, error %lld us, at most %lld us; kept by %s",
        clock.synchronised ? "in step" : "not in step",
        (long long)clock.offset_us, (long long)clock.error_us,
        (long long)clock.error_most_us,
        *clock.keeper ? clock.keeper : "no program found here");
    say(check->words,
        "%s；偏差 %lld 微秒，估计误差 %lld 微秒，最大误差 %lld 微秒；"
        "同步程序：%s",
        clock.synchronised ? "已与时间源同步" : "未与时间源同步",
        (long long)clock.offset_us, (long long)clock.error_us,
        (long long)clock.error_most_us,
        *clock.keeper ? clock.keeper : "本机未发现");
}

static void check_cell(struct aw_check *check,
                       const struct aw_environment_config *config)
{
    char offer[AW_CELL_OFFER_MAX];

    (void)config;
    check->ok = aw_cell_offer(offer);
    say_both(check, offer);
}

/* ---- what could lead elsewhere ------------------------------------------ */

/* Names of those that are set, with commas; false where none is. */
static bool list_set(const char *const *names, size_t count,
                     char out[AW_ENVIRONMENT_TEXT_MAX])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            len += (size_t)snprintf(out + len, AW_ENVIRONMENT_TEXT_MAX - len,
                                    "%s%s", len ? ", " : "", names[i]);
    }
    return len > 0;
}

static void check_proxy(struct aw_check *check,
                        const struct aw_environment_config *config)
{
    static const char *const names[] = {"http_proxy",  "https_proxy",
                                        "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",   "HTTP_PROXY"};
    char set[AW_ENVIRONMENT_TEXT_MAX];

    (void)config;
    check->ok = !list_set(names, sizeof names / sizeof *names, set);
    say(check->what, "%s%s", check->ok ? "none is set" : set,
        check->ok ? "" : " set; not used by adwatch");
    say(check->words, "%s%s", check->ok ? "未设置代理变量" : "已设置 ",
        check->ok ? "" : set);
    if (!check->ok)
        say(check->words, "已设置 %.400s；adwatch 不使用代理", set);
}

static void check_preload(struct aw_check *check,
                          const struct aw_environment_config *config)
{
    static const char *const names[] = {"LD_PRELOAD", "LD_LIBRARY_PATH",
                                        "LD_AUDIT"};
    char set[AW_ENVIRONMENT_TEXT_MAX];
    bool file = aw_path_exists("/etc/ld.so.preload");
    bool any = list_set(names, sizeof names / sizeof *names, set);

    (void)config;
    check->ok = !any && !file;
    say(check->what, "%s%s",
        check->ok ? "no foreign code is loaded into programs" : set,
        file ? " and /etc/ld.so.preload" : "");
    say(check->words, "%s%s", check->ok ? "未向程序加载外部代码" : set,
        file ? "；存在 /etc/ld.so.preload" : "");
}

/* A debugger could change what the program does. */
static void check_tracer(struct aw_check *check,
                         const struct aw_environment_config *config)
{
    struct aw_buf buf;
    struct aw_str rest = read_small("/proc/self/status", &buf);
    struct aw_str line;

    (void)config;
    while (aw_str_split(&rest, '\n', &line))
        if (aw_str_starts(line, AW_STR("TracerPid:")))
            check->ok = aw_str_eq(aw_str_trim(aw_str_sub(line, 10, line.len)),
                                  AW_STR("0"));
    say(check->what, "%s",
        check->ok ? "no other program traces this one"
                  : "another program traces this one");
    say(check->words, "%s",
        check->ok ? "没有其他程序跟踪本程序" : "有其他程序在跟踪本程序");
    aw_buf_deinit(&buf);
}

static void check_resolver(struct aw_check *check,
                           const struct aw_environment_config *config)
{
    struct aw_buf buf;
    struct aw_str rest = read_small("/etc/resolv.conf", &buf);
    struct aw_str line;
    char servers[AW_ENVIRONMENT_TEXT_MAX] = "";
    size_t len = 0;

    (void)config;
    while (aw_str_split(&rest, '\n', &line) && len < sizeof servers - 64) {
        struct aw_str word = {0};

        line = aw_str_trim(line);
        if (!aw_str_starts(line, AW_STR("nameserver")))
            continue;
        word = aw_str_sub(aw_str_trim(aw_str_sub(line, 10, line.len)), 0, 45);
        len += (size_t)snprintf(servers + len, sizeof servers - len, "%s%.*s",
                                len ? ", " : "", AW_STR_ARG(word));
    }
    check->ok = len > 0;
    say(check->what, "%s",
        check->ok ? servers : "no name server is configured");
    say(check->words, "%s", check->ok ? servers : "未配置域名服务器");
    aw_buf_deinit(&buf);
}

/* Names whose addresses come from adwatch.yaml, and not from a resolver. */
static void check_resolve(struct aw_check *check,
                          const struct aw_environment_config *config)
{
    unsigned count =
        config->config ? config->config->network.resolve_count : 0;

    check->ok = count == 0;
    say(check->what,
        check->ok ? "adwatch.yaml names no host's address"
                  : "adwatch.yaml names the addresses of %u hosts",
        count);
    say(check->words,
        check->ok ? "adwatch.yaml 未指定主机地址"
                  : "adwatch.yaml 指定了 %u 个主机的地址",
        count);
}

/* ---- hosts file --------------------------------------------------------- */

void aw_environment_check_hosts(struct aw_check *check,
                                const struct aw_str *hosts, size_t count)
{
    const struct aw_str *named = NULL;

    for (size_t i = 0; i < count && !named; i++)
        if (aw_hosts_file_names(hosts[i]))
            named = &hosts[i];
    check->ok = named == NULL;
    if (named) {
        say(check->what, "names '%.*s'",
            AW_STR_ARG(aw_str_sub(*named, 0, 255)));
        say(check->words, "含有“%.*s”",
            AW_STR_ARG(aw_str_sub(*named, 0, 255)));
    } else {
        say(check->what, count ? "names none of the captures' hosts"
                               : "was not asked for a host");
        say(check->words, count ? "不含所取网页的主机" : "未就具体主机检查");
    }
}

/* Its place in the list; filled anew for each list of hosts. */
static void check_no_hosts(struct aw_check *check,
                           const struct aw_environment_config *config)
{
    (void)config;
    aw_environment_check_hosts(check, NULL, 0);
}

/* ---- the workspace ------------------------------------------------------ */

static void check_config(struct aw_check *check,
                         const struct aw_environment_config *config)
{
    const char *path = config->config ? config->config->path : "";
    char hex[AW_SHA256_HEX_MAX];
    struct aw_err err;

    check->ok = *path && aw_sha256_file(path, hex, &err) == AW_OK;
    say(check->what, "%s%s", check->ok ? "sha256:" : "not read",
        check->ok ? hex : "");
    say(check->words, "%s%s", check->ok ? "SHA-256：" : "未读取",
        check->ok ? hex : "");
}

static void say_hash(struct aw_check *check, const char *path,
                     const char *hash)
{
    check->ok = hash && *hash;
    if (!check->ok) {
        say(check->what, "not told");
        say(check->words, "未提供");
        return;
    }
    say(check->what, "%.*s%ssha256:%s", AW_ENVIRONMENT_TEXT_MAX / 2,
        path ? path : "", path ? " " : "", hash);
    say(check->words, "SHA-256：%s", hash);
}

static void check_lexicon(struct aw_check *check,
                          const struct aw_environment_config *config)
{
    struct aw_lexicon *lexicon = NULL;
    struct aw_err err;

    if (config->lexicon_hash || !config->lexicon) {
        say_hash(check, config->lexicon, config->lexicon_hash);
        return;
    }
    if (aw_lexicon_new(&lexicon, config->lexicon, &err) == AW_OK)
        say_hash(check, NULL, lexicon->hash);
    else
        say_hash(check, NULL, NULL);
    aw_lexicon_free(lexicon);
}

static void check_model(struct aw_check *check,
                        const struct aw_environment_config *config)
{
    char hash[AW_SHA256_HEX_MAX];
    struct aw_err err;

    if (config->model_hash || !config->model)
        say_hash(check, config->model, config->model_hash);
    else if (aw_sha256_file(config->model, hash, &err) == AW_OK)
        say_hash(check, NULL, hash);
    else
        say_hash(check, NULL, NULL);
}

static void check_disk(struct aw_check *check,
                       const struct aw_environment_config *config)
{
    const char *dir = config->workspace ? config->workspace : ".";
    struct statvfs disk;
    int64_t free_mb = -1;

    if (statvfs(dir, &disk) == 0)
        free_mb =
            (int64_t)(disk.f_bavail >> 10) * (int64_t)disk.f_frsize >> 10;
    check->ok = free_mb >= DISK_LEAST_MB;
    say(check->what, "%lld MiB free", (long long)free_mb);
    say(check->words, "可用 %lld MiB", (long long)free_mb);
}

/* ---- all of them -------------------------------------------------------- */

static const struct {
    const char *check, *name;
    void (*look)(struct aw_check *check,
                 const struct aw_environment_config *config);
} checks[] = {
    {"host", "设备", check_host},
    {"os", "操作系统", check_os},
    {"kernel", "内核", check_kernel},
    {"time-zone", "时区", check_zone},
    {"clock", "时钟", check_clock},
    {"proxy", "代理", check_proxy},
    {"hosts-file", "hosts 文件", check_no_hosts},
    {"resolver", "域名服务器", check_resolver},
    {"resolve", "配置指定的地址", check_resolve},
    {"preload", "预加载代码", check_preload},
    {"tracer", "调试跟踪", check_tracer},
    {"cell", "网页读取隔离", check_cell},
    {"config", "配置文件", check_config},
    {"lexicon", "规则库", check_lexicon},
    {"model", "模型", check_model},
    {"disk", "磁盘空间", check_disk},
};
_Static_assert(sizeof checks / sizeof *checks <= AW_CHECKS_MAX,
               "room for all checks");

void aw_environment_look(struct aw_environment *e,
                         const struct aw_environment_config *config)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct aw_check *check = &e->checks[e->check_count++];

        check->check = checks[i].check;
        check->name = checks[i].name;
        checks[i].look(check, config);
    }
}

void aw_environment_checks(const struct aw_environment *e,
                           const struct aw_str *hosts, size_t host_count,
                           aw_check_fn *visit, void *self)
{
    for (size_t i = 0; i < e->check_count; i++) {
        struct aw_check check = e->checks[i];

        if (checks[i].look == check_no_hosts)
            aw_environment_check_hosts(&check, hosts, host_count);
        visit(self, &check);
    }
}
