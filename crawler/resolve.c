#include "crawler/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fs.h"
#include "crawler/address.h"

#define STACK_BYTES ((size_t)512 << 10)
#define HOSTS_FILE "/etc/hosts"
#define HOSTS_FILE_MAX ((size_t)16 << 20)

/* A name, asked or known. */
struct name {
    struct aw_lookup lookup; /* first: names are told apart by it */
    int64_t known_ms;        /* mono: when the answer came */
    bool asked;              /* a thread is at it */
};

/* What a thread does; its own until it lies in the mailbox. */
struct question {
    struct question *next;
    struct mailbox *mailbox;
    int family;
    struct aw_lookup lookup;
};

/* Shared by the resolver and its threads: who leaves last frees it. */
struct mailbox {
    pthread_mutex_t lock;
    size_t users;
    int fd;                    /* readable where there is something */
    bool closed;               /* the resolver is gone */
    struct question *answered; /* the newest first */
};

struct aw_resolver {
    struct aw_resolver_config config;
    struct mailbox *mailbox;
    void *names; /* tree of tsearch(3) */
    size_t count;
    int family; /* that this machine speaks: AF_INET, or AF_UNSPEC for both */
};

/* ---- the hosts file ----------------------------------------------------- */

static bool next_word(struct aw_str *rest, struct aw_str *word)
{
    size_t len = 0;

    *rest = aw_str_trim(*rest);
    while (len < rest->len && !aw_ascii_space(rest->ptr[len]))
        len++;
    *word = aw_str_sub(*rest, 0, len);
    *rest = aw_str_sub(*rest, len, rest->len);
    return len > 0;
}

/* An address, then names; what stands behind # is a remark. */
static bool line_names(struct aw_str line, struct aw_str host)
{
    struct aw_str rest = {0};
    struct aw_str word;

    if (!aw_str_split(&line, '#', &rest) || !next_word(&rest, &word))
        return false;
    while (next_word(&rest, &word))
        if (aw_str_eq_nocase(word, host))
            return true;
    return false;
}

bool aw_hosts_file_names(struct aw_str host)
{
    struct aw_buf file;
    struct aw_str rest;
    struct aw_str line;
    struct aw_err err;
    bool found = false;

    aw_buf_init(&file, HOSTS_FILE_MAX);
    if (aw_file_read(HOSTS_FILE, &file, &err) == AW_OK) {
        rest = aw_buf_str(&file);
        while (!found && aw_str_split(&rest, '\n', &line))
            found = line_names(line, host);
    }
    aw_buf_deinit(&file);
    return found;
}

/* ---- in a thread -------------------------------------------------------- */

static void leave(struct mailbox *mailbox)
{
    bool last = --mailbox->users == 0;

    (void)pthread_mutex_unlock(&mailbox->lock);
    if (!last)
        return;
    (void)close(mailbox->fd);
    (void)pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

static void put_addresses(const struct addrinfo *list, struct aw_lookup *out)
{
    size_t len = 0;
    int count = 0;

    for (; list && count < AW_RESOLVE_ADDRESSES_MAX; list = list->ai_next) {
        char text[AW_ADDRESS_TEXT_MAX];

        if (list->ai_family != AF_INET && list->ai_family != AF_INET6)
            continue;
        aw_address_text(list->ai_addr, text);
        if (len + strlen(text) + 2 > sizeof out->addresses)
            return;
        len +=
            (size_t)snprintf(out->addresses + len, sizeof out->addresses - len,
                             "%s%s", len ? "," : "", text);
        count++;
    }
}

static void deliver(struct question *q)
{
    struct mailbox *mailbox = q->mailbox;
    uint64_t one = 1;

    (void)pthread_mutex_lock(&mailbox->lock);
    if (mailbox->closed) {
        free(q);
    } else {
        q->next = mailbox->answered;
        mailbox->answered = q;
        (void)!write(mailbox->fd, &one, sizeof one);
    }
    leave(mailbox);
}

static void *work(void *self)
{
    struct question *q = self;
    struct addrinfo hints = {.ai_family = q->family,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;

    q->lookup.source = aw_hosts_file_names(aw_str_of(q->lookup.host))
                           ? "hosts file"
                           : "resolver";
    if (getaddrinfo(q->lookup.host, NULL, &hints, &list) == 0) {
        put_addresses(list, &q->lookup);
        freeaddrinfo(list);
    }
    deliver(q);
    return NULL;
}

/* Signals are for the first thread. */
static int start_thread(struct question *q)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all;
    sigset_t before;
    int error;

    (void)sigfillset(&all);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, work, q);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return error;
}

/* ---- names -------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcasecmp(((const struct aw_lookup *)a)->host,
                      ((const struct aw_lookup *)b)->host);
}

/* Those that are being asked stay. */
static void forget_known(struct aw_resolver *r);

static struct name *find_name(struct aw_resolver *r, const char *host)
{
    struct aw_lookup key;
    void *const *at;

    (void)snprintf(key.host, sizeof key.host, "%s", host);
    at = tfind(&key, &r->names, compare_names);
    return at ? *at : NULL;
}

static struct name *add_name(struct aw_resolver *r, const char *host)
{
    struct name *name;

    if (r->count >= AW_RESOLVE_NAMES_MAX)
        forget_known(r);
    name = calloc(1, sizeof *name);
    if (!name)
        return NULL;
    (void)snprintf(name->lookup.host, sizeof name->lookup.host, "%s", host);
    if (!tsearch(name, &r->names, compare_names)) {
        free(name);
        return NULL;
    }
    r->count++;
    return name;
}

static void drop_name(struct aw_resolver *r, struct name *name)
{
    (void)tdelete(name, &r->names, compare_names);
    free(name);
    r->count--;
}

static void forget_known(struct aw_resolver *r)
{
    void *old = r->names;

    r->names = NULL;
    r->count = 0;
    while (old) {
        struct name *name = *(struct name **)old;

        (void)tdelete(name, &old, compare_names);
        if (name->asked && tsearch(name, &r->names, compare_names))
            r->count++;
        else
            free(name);
    }
}

static bool is_fresh(const struct aw_resolver *r, const struct name *name)
{
    return !name->asked && name->lookup.addresses[0] &&
           aw_clock_mono(r->config.clock) - name->known_ms <
               AW_RESOLVE_KEEP_MS;
}

/* ---- asking ------------------------------------------------------------- */

static aw_rc ask(struct aw_resolver *r, struct name *name, struct aw_err *err)
{
    struct question *q = calloc(1, sizeof *q);
    int error;

    if (!q)
        return aw_fail(err, AW_NOMEM, "out of memory");
    q->mailbox = r->mailbox;
    q->family = r->family;
    q->lookup = name->lookup;
    q->lookup.addresses[0] = '\0';
    q->lookup.asked_ms = aw_clock_wall(r->config.clock);
    (void)pthread_mutex_lock(&r->mailbox->lock);
    r->mailbox->users++;
    (void)pthread_mutex_unlock(&r->mailbox->lock);
    error = start_thread(q);
    if (error == 0) {
        name->asked = true;
        return AW_OK;
    }
    (void)pthread_mutex_lock(&r->mailbox->lock);
    leave(r->mailbox);
    free(q);
    return aw_fail(err, AW_NOMEM, "no thread to ask for a name: %s",
                   strerror(error));
}

aw_rc aw_resolver_ask(struct aw_resolver *r, struct aw_str host,
                      const struct aw_lookup **answer, struct aw_err *err)
{
    char text[AW_RESOLVE_HOST_MAX];
    struct name *name;
    aw_rc rc = AW_OK;

    if (host.len == 0 || host.len >= sizeof text)
        return aw_fail(err, AW_LIMIT, "a host's name is longer than %d bytes",
                       AW_RESOLVE_HOST_MAX - 1);
    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(host));
    name = find_name(r, text);
    if (!name)
        name = add_name(r, text);
    if (!name)
        return aw_fail(err, AW_NOMEM, "out of memory");
    *answer = is_fresh(r, name) ? &name->lookup : NULL;
    if (!*answer && !name->asked)
        rc = ask(r, name, err);
    if (rc != AW_OK)
        drop_name(r, name);
    return rc;
}

static struct question *take_answered(struct mailbox *mailbox)
{
    struct question *answered;
    uint64_t count;

    (void)pthread_mutex_lock(&mailbox->lock);
    (void)!read(mailbox->fd, &count, sizeof count);
    answered = mailbox->answered;
    mailbox->answered = NULL;
    (void)pthread_mutex_unlock(&mailbox->lock);
    return answered;
}

static void on_ready(void *self, int fd, unsigned events)
{
    struct aw_resolver *r = self;
    struct question *q = take_answered(r->mailbox);

    (void)fd;
    (void)events;
    while (q) {
        struct question *next = q->next;
        struct name *name = find_name(r, q->lookup.host);

        if (name) {
            name->lookup = q->lookup;
            name->known_ms = aw_clock_mono(r->config.clock);
            name->asked = false;
        }
        r->config.done(r->config.self, &q->lookup);
        free(q);
        q = next;
    }
}

/* ---- life --------------------------------------------------------------- */

static struct mailbox *new_mailbox(void)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);

    if (!mailbox)
        return NULL;
    mailbox->users = 1;
    mailbox->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (mailbox->fd < 0 || pthread_mutex_init(&mailbox->lock, NULL) != 0) {
        if (mailbox->fd >= 0)
            (void)close(mailbox->fd);
        free(mailbox);
        return NULL;
    }
    return mailbox;
}

/* A machine without IPv6 need not try its addresses first. */
static int spoken_family(void)
{
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return AF_INET;
    (void)close(fd);
    return AF_UNSPEC;
}

aw_rc aw_resolver_new(struct aw_resolver **out,
                      const struct aw_resolver_config *config,
                      struct aw_err *err)
{
    struct aw_resolver *r = calloc(1, sizeof *r);
    aw_rc rc = AW_OK;

    if (r)
        r->mailbox = new_mailbox();
    if (!r || !r->mailbox) {
        free(r);
        return aw_fail(err, AW_NOMEM, "out of memory for a resolver");
    }
    r->config = *config;
    r->family = spoken_family();
    rc = aw_loop_watch(config->loop, r->mailbox->fd, AW_LOOP_READ,
                       (struct aw_loop_watch){on_ready, r}, err);
    if (rc == AW_OK)
        *out = r;
    else
        aw_resolver_free(r);
    return rc;
}

static void free_questions(struct question *q)
{
    while (q) {
        struct question *next = q->next;

        free(q);
        q = next;
    }
}

void aw_resolver_free(struct aw_resolver *r)
{
    if (!r)
        return;
    aw_loop_unwatch(r->config.loop, r->mailbox->fd);
    (void)pthread_mutex_lock(&r->mailbox->lock);
    r->mailbox->closed = true;
    free_questions(r->mailbox->answered);
    r->mailbox->answered = NULL;
    leave(r->mailbox);
    tdestroy(r->names, free);
    free(r);
}
