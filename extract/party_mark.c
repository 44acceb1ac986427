#include "extract/party_mark.h"

#include <string.h>

#include "base/utf8.h"

/* What each bit stands for, from the lowest on. */
static const struct aw_str characters[] = {
    AW_STR("限"),
    AW_STR("股团"),
    AW_STR("社"),
    AW_STR("伙"),
    AW_STR("事"),
    AW_STR("所"),
    AW_STR("商"),
    AW_STR("行"),
    AW_STR("营"),
    AW_STR("司"),
    AW_STR("L"),
    AW_STR("Cc"),
    AW_STR("备"),
    AW_STR("话线机真电lL"),
    AW_STR("零〇幺壹叁捌玖"),
    AW_STR("信微薇威卫众扣叩鹅球vVxXqQwW"),
    AW_STR("址点位坐店"),
    AW_STR("路街道巷弄镇乡村社"),
    AW_STR("号省市区县"),
    AW_STR("."),
    AW_STR("一"),
    AW_STR("二"),
    AW_STR("三"),
    AW_STR("四"),
    AW_STR("五"),
    AW_STR("六"),
    AW_STR("七"),
    AW_STR("八"),
    AW_STR("九"),
};

void aw_party_marks_init(uint32_t marks[AW_PARTY_LOW])
{
    memset(marks, 0, AW_PARTY_LOW * sizeof marks[0]);
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        for (size_t pos = 0; pos < characters[i].len;)
            marks[aw_utf8_next_valid(characters[i], &pos) % AW_PARTY_LOW] |=
                (uint32_t)1 << i;
}
