#include "crawler/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* An address without its port; IPv4-mapped ones are AF_INET. */
struct address {
    int family;
    uint8_t bytes[16];
};

#define V4(bits, ...)                \
    {                                \
        AF_INET, {__VA_ARGS__}, bits \
    }
#define V6(bits, ...)                 \
    {                                 \
        AF_INET6, {__VA_ARGS__}, bits \
    }

/* Not globally reachable, or not unicast (IANA IPv4 special-purpose address
 * registry). The anycast addresses in 192.0.0.0/24 are no web servers. */
static const struct aw_address_range special_v4[] = {
    V4(8, 0),                 /* this network */
    V4(8, 10),                /* private */
    V4(10, 100, 64),          /* shared by carriers (CGNAT) */
    V4(8, 127),               /* loopback */
    V4(16, 169, 254),         /* link-local; cloud metadata */
    V4(32, 168, 63, 129, 16), /* a cloud's own services, not in the registry */
    V4(12, 172, 16),          /* private */
    V4(24, 192, 0, 0),        /* IETF protocol assignments */
    V4(24, 192, 0, 2),        /* documentation */
    V4(24, 192, 88, 99),      /* 6to4 relays, deprecated */
    V4(16, 192, 168),         /* private */
    V4(15, 198, 18),          /* benchmarking */
    V4(24, 198, 51, 100),     /* documentation */
    V4(24, 203, 0, 113),      /* documentation */
    V4(4, 224),               /* multicast */
    V4(4, 240),               /* reserved, broadcast */
};

/* All of IPv6 that is global unicast by now; the rest is reserved, loopback,
 * IPv4-compatible, unique local, link-local, multicast ... */
static const struct aw_address_range global_v6 = V6(3, 0x20);

/* Within it (IANA IPv6 special-purpose address registry). */
static const struct aw_address_range special_v6[] = {
    V6(23, 0x20, 0x01),             /* IETF protocol assignments */
    V6(32, 0x20, 0x01, 0x0d, 0xb8), /* documentation */
    V6(20, 0x3f, 0xff),             /* documentation */
};

/* IPv6 that leads to an IPv4 address, which starts at byte `at`. */
static const struct carrier {
    struct aw_address_range range;
    size_t at;
    uint8_t mask; /* Teredo turns the bits of the client around */
} carriers[] = {
    {V6(96, 0, 0x64, 0xff, 0x9b), 12, 0}, /* NAT64 (RFC 6052) */
    {V6(16, 0x20, 0x02), 2, 0},           /* 6to4 (RFC 3056) */
    {V6(32, 0x20, 0x01, 0, 0), 4, 0},     /* Teredo server (RFC 4380) */
    {V6(32, 0x20, 0x01, 0, 0), 12, 0xff}, /* Teredo client */
};

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool in_range(const struct aw_address_range *range,
                     const struct address *address)
{
    size_t whole = range->bits / 8;
    unsigned rest = range->bits % 8;
    unsigned differing = 0;

    if (range->family != address->family ||
        memcmp(range->bytes, address->bytes, whole) != 0)
        return false;
    if (rest > 0)
        differing = (unsigned)range->bytes[whole] ^ address->bytes[whole];
    return differing >> (8 - rest) == 0;
}

static bool in_any(const struct aw_address_range *ranges, size_t n,
                   const struct address *address)
{
    for (size_t i = 0; i < n; i++)
        if (in_range(&ranges[i], address))
            return true;
    return false;
}

/* bits: of the whole address. */
static void unmap(struct address *address, unsigned *bits)
{
    if (address->family != AF_INET6 || *bits < 96 ||
        memcmp(address->bytes, mapped, sizeof mapped) != 0)
        return;
    address->family = AF_INET;
    memcpy(address->bytes, address->bytes + 12, 4);
    *bits -= 96;
}

static bool read_sockaddr(const struct sockaddr *from, struct address *out)
{
    unsigned bits = 128;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    *out = (struct address){.family = from->sa_family};
    if (from->sa_family == AF_INET) {
        memcpy(&v4, from, sizeof v4);
        memcpy(out->bytes, &v4.sin_addr, 4);
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    memcpy(&v6, from, sizeof v6);
    memcpy(out->bytes, &v6.sin6_addr, 16);
    unmap(out, &bits);
    return true;
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_named(const struct aw_address_policy *policy,
                     const struct address *address)
{
    return in_any(policy->ranges, policy->count, address);
}

static bool is_allowed_v4(const struct aw_address_policy *policy,
                          const struct address *address)
{
    return is_named(policy, address) ||
           !in_any(special_v4, COUNT(special_v4), address);
}

/* The IPv4 address within, as carrier says. */
static struct address carried(const struct carrier *carrier,
                              const struct address *address)
{
    struct address inner = {.family = AF_INET};

    for (size_t i = 0; i < 4; i++)
        inner.bytes[i] = address->bytes[carrier->at + i] ^ carrier->mask;
    return inner;
}

/* An address that carries others is as good as the worst of them. */
static bool is_allowed_v6(const struct aw_address_policy *policy,
                          const struct address *address)
{
    bool carries = false;

    if (is_named(policy, address))
        return true;
    for (size_t i = 0; i < COUNT(carriers); i++) {
        struct address inner = carried(&carriers[i], address);

        if (!in_range(&carriers[i].range, address))
            continue;
        if (!is_allowed_v4(policy, &inner))
            return false;
        carries = true;
    }
    return carries || (in_range(&global_v6, address) &&
                       !in_any(special_v6, COUNT(special_v6), address));
}

bool aw_address_allowed(const struct aw_address_policy *policy,
                        const struct sockaddr *address)
{
    struct address read;

    if (!read_sockaddr(address, &read))
        return false;
    return read.family == AF_INET ? is_allowed_v4(policy, &read)
                                  : is_allowed_v6(policy, &read);
}

/* Reads "address" or "address/bits". */
static bool parse_range(const char *text, struct aw_address_range *range)
{
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    struct address address = {.family = AF_INET6};
    char name[INET6_ADDRSTRLEN];
    unsigned bits = 0;
    int64_t given;

    if (len >= sizeof name)
        return false;
    (void)snprintf(name, sizeof name, "%.*s", (int)len, text);
    if (!strchr(name, ':'))
        address.family = AF_INET;
    if (inet_pton(address.family, name, address.bytes) != 1)
        return false;
    given = bits = address.family == AF_INET ? 32 : 128;
    if (slash &&
        (!aw_ascii_digit(slash[1]) ||
         !aw_str_to_int(aw_str_of(slash + 1), &given) || given > bits))
        return false;
    bits = (unsigned)given;
    unmap(&address, &bits);
    *range = (struct aw_address_range){.family = address.family, .bits = bits};
    memcpy(range->bytes, address.bytes, sizeof range->bytes);
    return true;
}

aw_rc aw_address_policy_init(struct aw_address_policy *policy,
                             const char *const *allow, size_t n,
                             struct aw_err *err)
{
    struct aw_address_policy made = {.count = n};

    if (n > AW_ADDRESS_RANGES_MAX)
        return aw_fail(err, AW_CONFIG, "more than %d address ranges",
                       AW_ADDRESS_RANGES_MAX);
    for (size_t i = 0; i < n; i++)
        if (!parse_range(allow[i], &made.ranges[i]))
            return aw_fail(err, AW_CONFIG,
                           "\"%s\" is no address range: write \"10.0.0.0/8\""
                           " or \"fd00::/8\"",
                           allow[i]);
    *policy = made;
    return AW_OK;
}

void aw_address_text(const struct sockaddr *address,
                     char out[AW_ADDRESS_TEXT_MAX])
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;

    (void)snprintf(out, AW_ADDRESS_TEXT_MAX, "unknown");
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, out, AW_ADDRESS_TEXT_MAX);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, out, AW_ADDRESS_TEXT_MAX);
    }
}
