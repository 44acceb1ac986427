/* A list of URLs: XML, or a URL on each line. */
#include "tests/fuzz/hold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct aw_extract_input input = {
        .url = AW_STR("http://a.example/dir/sitemap.xml"),
        .charset = AW_STR("utf-8"),
        .sitemap = true,
        .bytes = {(const char *)data, size},
    };
    (void)hold_extract(&input);
    return 0;
}
