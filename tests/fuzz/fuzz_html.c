/* A page in UTF-8, from its bytes to the document with all its facts. What
 * begins like a sitemap is one whatever it is called. */
#include "tests/fuzz/hold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str page = {(const char *)data, size};
    bool xml = aw_str_starts(page, AW_STR("<?xml"));
    const struct aw_extract_input input = {
        .url = AW_STR("http://a.example/dir/page?x=1"),
        .content_type =
            xml ? AW_STR("application/xhtml+xml") : AW_STR("text/html"),
        .charset = AW_STR("utf-8"),
        .agent = AW_STR("adwatch"),
        .bytes = page,
    };
    aw_rc rc = hold_extract(&input);

    HOLD(rc == AW_OK || aw_extract_sniff(&input) != AW_EXTRACT_HTML);
    return 0;
}
