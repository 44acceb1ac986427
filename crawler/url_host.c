#include <arpa/inet.h>
#include <string.h>
#include <unicode/uidna.h>

#include "crawler/url_private.h"

#define TEXT_MAX AW_URL_TEXT_MAX
#define HOST_MAX 1024
#define SHOWN_MAX 80 /* bytes of a host in a message */

/* No host name holds these (WHATWG URL, 3.1: forbidden domain code points);
 * controls and 7F neither. */
#define NEVER_IN_HOST " #/:<>?@[\\]^|%"

static struct aw_str shown(struct aw_str s)
{
    return aw_str_sub(s, 0, SHOWN_MAX);
}

/* Appends s with its escapes undone. */
static void put_decoded(struct aw_buf *out, struct aw_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        int octet = aw_url_escaped_octet(s, i);

        if (octet < 0) {
            aw_buf_putc(out, s.ptr[i]);
        } else {
            aw_buf_putc(out, (char)octet);
            i += 2;
        }
    }
}

aw_rc aw_url_fail_host(struct aw_err *err, struct aw_str host, const char *why)
{
    struct aw_buf text;

    aw_buf_init(&text, TEXT_MAX);
    aw_url_put_encoded(&text, shown(host), AW_URL_IN_PATH);
    (void)aw_fail(err, AW_INVALID, "host \"%.*s\" %s",
                  AW_STR_ARG(shown(aw_buf_str(&text))), why);
    aw_buf_deinit(&text);
    return AW_INVALID;
}

/* Appends the IPv6 address between brackets. inet_ntop ends some addresses
 * in dotted form, which no browser does. */
static aw_rc put_ipv6(struct aw_buf *out, struct aw_str host,
                      struct aw_err *err)
{
    char text[INET6_ADDRSTRLEN] = "";
    unsigned char bytes[16];
    size_t len = host.len;

    if (len < 4 || len - 2 >= sizeof text || host.ptr[len - 1] != ']')
        return aw_url_fail_host(err, host, "is no IPv6 address");
    memcpy(text, host.ptr + 1, len - 2);
    if (memchr(text, '\0', len - 2) || inet_pton(AF_INET6, text, bytes) != 1)
        return aw_url_fail_host(err, host, "is no IPv6 address");
    (void)inet_ntop(AF_INET6, bytes, text, sizeof text);
    if (strchr(text, '.'))
        aw_buf_printf(out, "[%.*s:%x:%x]", (int)(strrchr(text, ':') - text),
                      text, (unsigned)(bytes[12] << 8 | bytes[13]),
                      (unsigned)(bytes[14] << 8 | bytes[15]));
    else
        aw_buf_printf(out, "[%s]", text);
    return AW_OK;
}

/* All of the name is ASCII, and no label of it is in Punycode. */
static bool is_plain_name(struct aw_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] >= 0x80)
            return false;
    return aw_str_find_nocase(name, AW_STR("xn--")) < 0;
}

/* Of the errors of UTS 46, those that a browser lets pass: hyphens, lengths
 * and empty labels are up to DNS (WHATWG URL, 3.3: beStrict is false). */
#define IDNA_LENIENT                                                 \
    (UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |          \
     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN | \
     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

/* Appends the name as A-labels (UTS 46, nontransitional). */
static aw_rc put_a_labels(struct aw_buf *out, struct aw_str name,
                          struct aw_err *err)
{
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    char text[HOST_MAX];
    UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII |
                                      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ,
                                  &status);
    int32_t len = uidna_nameToASCII_UTF8(idna, name.ptr, (int32_t)name.len,
                                         text, sizeof text, &info, &status);

    uidna_close(idna);
    if (status == U_MEMORY_ALLOCATION_ERROR)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    if (U_FAILURE(status) || (info.errors & ~(uint32_t)IDNA_LENIENT) != 0)
        return aw_url_fail_host(err, name,
                                "is no internationalised name (UTS 46)");
    aw_buf_append(out, text, (size_t)len);
    return AW_OK;
}

static bool is_possible_name(struct aw_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] <= ' ' || name.ptr[i] == 0x7F ||
            strchr(NEVER_IN_HOST, name.ptr[i]))
            return false;
    return name.len > 0;
}

/* The last label is a decimal or hexadecimal number, so that the whole can
 * only be an IPv4 address (WHATWG URL, 3.5: ends in a number). */
static bool ends_in_number(struct aw_str name)
{
    size_t start = name.len;
    size_t i;

    while (start > 0 && name.ptr[start - 1] != '.')
        start--;
    name = aw_str_sub(name, start, name.len);
    if (aw_str_starts_nocase(name, AW_STR("0x"))) {
        for (i = 2; i < name.len && aw_hex_value(name.ptr[i]) >= 0;)
            i++;
        return i == name.len;
    }
    for (i = 0; i < name.len && aw_ascii_digit(name.ptr[i]);)
        i++;
    return i > 0 && i == name.len;
}

/* Reads "80", "0120", "0x50"; "0x" is 0 (WHATWG URL, 3.5: IPv4 number). */
static bool read_ipv4_number(struct aw_str text, uint64_t *out)
{
    unsigned base = 10;
    uint64_t number = 0;

    if (text.len == 0)
        return false;
    if (aw_str_starts(text, AW_STR("0x")))
        base = 16;
    else if (text.len > 1 && text.ptr[0] == '0')
        base = 8;
    for (size_t i = base == 16 ? 2 : base == 8; i < text.len; i++) {
        int digit = aw_hex_value(text.ptr[i]);

        if (digit < 0 || (unsigned)digit >= base || number > UINT32_MAX)
            return false;
        number = number * base + (unsigned)digit;
    }
    *out = number;
    return true;
}

/* Reads an address in any of the old ways, "0x7f.1", "2130706433": up to four
 * numbers, the last of which fills what the others leave. */
static bool read_ipv4(struct aw_str name, uint32_t *out)
{
    struct aw_str rest = name;
    struct aw_str part;
    uint64_t address = 0;
    uint64_t number = 0;
    int left = 4;

    while (aw_str_split(&rest, '.', &part)) {
        if (left-- == 0 || !read_ipv4_number(part, &number))
            return false;
        if (rest.ptr && number > 255)
            return false;
        if (rest.ptr)
            address |= number << 8 * left;
    }
    if (number >> 8 * (left + 1) != 0)
        return false;
    *out = (uint32_t)(address | number);
    return true;
}

/* Appends name, which is ASCII and in lower case, or the IPv4 address that it
 * is in any of the old ways. */
static aw_rc put_name(struct aw_buf *out, struct aw_str name,
                      struct aw_err *err)
{
    struct aw_str bare = name;
    uint32_t address;

    if (!is_possible_name(name))
        return aw_url_fail_host(err, name, "is not possible");
    if (bare.ptr[bare.len - 1] == '.')
        bare.len--;
    if (!ends_in_number(bare)) {
        aw_buf_put(out, name);
        return AW_OK;
    }
    if (!read_ipv4(bare, &address))
        return aw_url_fail_host(err, name, "is no IPv4 address");
    aw_buf_printf(out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                  address >> 8 & 255, address & 255);
    return AW_OK;
}

static aw_rc put_domain(struct aw_buf *out, struct aw_str host,
                        struct aw_err *err)
{
    struct aw_buf name, ascii;
    aw_rc rc;

    aw_buf_init(&name, AW_URL_MAX);
    aw_buf_init(&ascii, AW_URL_MAX);
    put_decoded(&name, host);
    rc = aw_buf_check(&name, err);
    if (rc == AW_OK && is_plain_name(aw_buf_str(&name)))
        for (size_t i = 0; i < name.len; i++)
            aw_buf_putc(&ascii, aw_ascii_lower(name.ptr[i]));
    else if (rc == AW_OK)
        rc = put_a_labels(&ascii, aw_buf_str(&name), err);
    if (rc == AW_OK)
        rc = aw_buf_check(&ascii, err);
    if (rc == AW_OK)
        rc = put_name(out, aw_buf_str(&ascii), err);
    aw_buf_deinit(&ascii);
    aw_buf_deinit(&name);
    return rc;
}

aw_rc aw_url_put_host(struct aw_buf *out, struct aw_str host,
                      struct aw_err *err)
{
    return host.ptr[0] == '[' ? put_ipv6(out, host, err)
                              : put_domain(out, host, err);
}
