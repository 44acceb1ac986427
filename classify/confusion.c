#include "classify/confusion.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

#define HAN_BYTES 3  /* in UTF-8, of all characters below */
#define WORD_MAX 8   /* characters */
#define GAP_MAX 2    /* blanks or marks between two of them */
#define SHORT_WORD 2 /* up to here it must stand alone */
#define LONG_WORD 4  /* from here on two may be wrong */

/* A character, and what is taken for it. */
static const struct {
    const char *right, *wrong;
} confusions[] = {
    {"本", "木术夲末未"}, {"金", "佥"},       {"息", "恩悬总"},
    {"保", "倮"},         {"证", "汪征怔"},   {"零", "雾寒霉露"},
    {"风", "凤冈夙凡"},   {"险", "除阶检脸"}, {"无", "旡尤"},
    {"稳", "隐穆租"},     {"赚", "嫌歉谦赌"}, {"不", "木丕"},
    {"赔", "陪暗赠焙"},   {"躺", "期骑淌"},   {"收", "攻牧"},
    {"益", "盆盐盈"},     {"固", "国囧因"},   {"定", "宁"},
    {"回", "四目囯"},     {"报", "扳投"},     {"承", "乘永"},
    {"诺", "若喏"},       {"兜", "镶铬铂"},   {"底", "氐低"},
    {"忧", "忱优"},       {"购", "沟钩"},     {"红", "江缸"},
    {"兑", "竞"},         {"付", "什忖"},     {"涨", "张胀"},
    {"跌", "铁趺"},       {"刚", "则钢"},     {"利", "和刑"},
    {"返", "迈近"},       {"额", "颔颜"},     {"翻", "鄱"},
    {"倍", "陪培"},       {"担", "坦"},
};

/* No word of two characters that is one itself when one is taken for
 * another. */
static const char *const words[] = {
    "保本",     "保息",     "兜底",     "稳赚",     "返利",     "零风险",
    "无风险",   "保收益",   "保本金",   "收益率",   "本金安全", "本金无忧",
    "本金保障", "保本保息", "保本付息", "保本回购", "保本协议", "保本收益",
    "稳赚不赔", "只涨不跌", "固定收益", "固定回报", "固定分红", "固定返利",
    "固定利息", "稳定收益", "保底收益", "保底分红", "保证收益", "承诺收益",
    "承诺保本", "承诺回购", "原价回购", "溢价回购", "到期兑付", "刚性兑付",
    "全额兜底", "躺着赚钱", "躺着收钱", "亏损兜底", "本息无忧", "担保本金",
    "保证本金", "返还本金", "高额回报",
};

static bool is_taken_for(const char *right, const char *read)
{
    for (size_t i = 0; i < sizeof confusions / sizeof *confusions; i++) {
        const char *wrong = confusions[i].wrong;

        if (memcmp(confusions[i].right, right, HAN_BYTES) != 0)
            continue;
        for (; *wrong; wrong += HAN_BYTES)
            if (memcmp(wrong, read, HAN_BYTES) == 0)
                return true;
    }
    return false;
}

/* The next Chinese character of three bytes from *pos on; false where too much
 * stands before it, or the block ends. */
static bool next_han(struct aw_str text, size_t *pos, size_t *at)
{
    for (int gap = 0; *pos < text.len && gap <= GAP_MAX; gap++) {
        uint32_t cp;

        *at = *pos;
        cp = aw_utf8_next(text, pos);
        if (aw_is_han(cp))
            return *pos - *at == HAN_BYTES;
        if (!(aw_fold_entry(cp) & (AW_FOLD_SPACE | AW_FOLD_MARK)))
            return false;
    }
    return false;
}

/* Where the characters of a word stand. */
struct place {
    size_t at[WORD_MAX];
    int wrong;
};

static bool find_word(struct aw_str text, size_t pos, const char *word,
                      struct place *place)
{
    place->wrong = 0;
    for (size_t i = 0; word[i * HAN_BYTES] != '\0'; i++) {
        const char *right = word + i * HAN_BYTES;

        if (!next_han(text, &pos, &place->at[i]))
            return false;
        if (memcmp(text.ptr + place->at[i], right, HAN_BYTES) == 0)
            continue;
        if (!is_taken_for(right, text.ptr + place->at[i]))
            return false;
        place->wrong++;
    }
    return true;
}

/* Is the character before or behind the word a Chinese one? */
static bool has_neighbour(struct aw_str text, const struct place *place,
                          int length)
{
    size_t before = place->at[0];
    size_t behind = place->at[length - 1] + HAN_BYTES;

    while (before > 0 && ((unsigned char)text.ptr[--before] & 0xC0) == 0x80)
        ;
    return (place->at[0] > 0 && aw_is_han(aw_utf8_next(text, &before))) ||
           (behind < text.len && aw_is_han(aw_utf8_next(text, &behind)));
}

/* Characters that begin no word with what follows: 镶底. */
static bool is_odd(struct aw_str text, const struct place *place)
{
    return is_taken_for("兜", text.ptr + place->at[0]);
}

static bool is_mistake(struct aw_str text, const struct place *place,
                       int length)
{
    if (place->wrong == 0 || place->wrong > (length >= LONG_WORD ? 2 : 1))
        return false;
    return length > SHORT_WORD || is_odd(text, place) ||
           !has_neighbour(text, place, length);
}

static bool note(struct aw_normal *plain, size_t at)
{
    size_t cap = plain->mend_cap ? plain->mend_cap * 2 : 16;
    size_t *grown;

    if (plain->mend_count == plain->mend_cap) {
        grown = realloc(plain->mends, cap * sizeof *grown);
        if (!grown)
            return false;
        plain->mends = grown;
        plain->mend_cap = cap;
    }
    plain->mends[plain->mend_count++] = at;
    return true;
}

static bool put_word(struct aw_normal *plain, size_t start, const char *word,
                     const struct place *place)
{
    for (size_t i = 0; word[i * HAN_BYTES] != '\0'; i++) {
        char *at = plain->text + start + place->at[i];

        if (memcmp(at, word + i * HAN_BYTES, HAN_BYTES) == 0)
            continue;
        if (!note(plain, start + place->at[i]))
            return false;
        memcpy(at, word + i * HAN_BYTES, HAN_BYTES);
    }
    return true;
}

/* All words that may stand at pos, shorter ones first. */
static bool mend_at(struct aw_normal *plain, struct aw_range block, size_t pos)
{
    struct aw_str text = aw_normal_str(plain, block);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int length = (int)(strlen(words[i]) / HAN_BYTES);
        struct place place;

        if (find_word(text, pos, words[i], &place) &&
            is_mistake(text, &place, length) &&
            !put_word(plain, block.start, words[i], &place))
            return false;
    }
    return true;
}

aw_rc aw_confusion_mend(struct aw_normal *plain, struct aw_range block,
                        struct aw_err *err)
{
    struct aw_str text = aw_normal_str(plain, block);

    for (size_t pos = 0; pos < text.len;) {
        size_t at = pos;

        if (aw_is_han(aw_utf8_next(text, &pos)) && !mend_at(plain, block, at))
            return aw_fail(err, AW_NOMEM, "out of memory");
    }
    return AW_OK;
}
