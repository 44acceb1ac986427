#include "crawler/agent.h"

#define RAW_MAX 1024

void aw_agent_put(struct aw_buf *out, const struct aw_agent_config *agent)
{
    struct aw_buf raw;

    aw_buf_init(&raw, RAW_MAX);
    aw_buf_printf(&raw, "%s/" AW_VERSION " (+%s; %s)", agent->name,
                  agent->contact, agent->purpose);
    for (size_t i = 0; i < raw.len; i++) {
        unsigned char byte = (unsigned char)raw.ptr[i];

        if (byte >= 0x20 && byte < 0x7F)
            aw_buf_putc(out, (char)byte);
        else
            aw_buf_printf(out, "%%%02X", byte);
    }
    aw_buf_deinit(&raw);
}
