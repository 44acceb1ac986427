/* Prints the characters of GB18030 that are written in two bytes as a table in
 * C, by ICU: extract/gb.h. Run when the program is built. */
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#define LEAD_MIN 0x81
#define LEAD_MAX 0xFE
#define TRAIL_MIN 0x40
#define TRAIL_MAX 0xFE
#define NO_TRAIL 0x7F

/* 0 where ICU has none. */
static unsigned character(UConverter *from, int lead, int trail)
{
    const char bytes[2] = {(char)lead, (char)trail};
    UErrorCode status = U_ZERO_ERROR;
    UChar out[4];
    int32_t n = ucnv_toUChars(from, out, 4, bytes, 2, &status);

    return U_SUCCESS(status) && n == 1 && out[0] != 0xFFFD ? out[0] : 0;
}

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open("gb18030", &status);

    if (U_FAILURE(status))
        return 1;
    printf("#include \"extract/gb.h\"\n\nconst uint16_t "
           "aw_gb_table[AW_GB_LEADS][AW_GB_TRAILS] = {\n");
    for (int lead = LEAD_MIN; lead <= LEAD_MAX; lead++) {
        printf("{");
        for (int trail = TRAIL_MIN; trail <= TRAIL_MAX; trail++)
            if (trail != NO_TRAIL)
                printf("%u,", character(from, lead, trail));
        printf("},\n");
    }
    printf("};\n");
    ucnv_close(from);
    return 0;
}
