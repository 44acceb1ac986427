/* page_gen.c - writes C that holds files: page_gen FILE... > page_table.c
 *
 * A generator of our own, as for the other tables: it works alike with every
 * compiler and linker, where .incbin and ld -r -b binary do not.
 */
#include <stdio.h>
#include <string.h>

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int put_bytes(const char *path, int number)
{
    FILE *in = fopen(path, "rb");
    int column = 0;
    int byte;

    if (!in) {
        perror(path);
        return 1;
    }
    printf("static const unsigned char file_%d[] = {", number);
    while ((byte = fgetc(in)) != EOF)
        printf("%s%d,", column++ % 20 ? "" : "\n", byte);
    printf("\n0};\n"); /* an empty array is none */
    return fclose(in);
}

int main(int argc, char **argv)
{
    printf("#include \"web/page.h\"\n");
    for (int i = 1; i < argc; i++)
        if (put_bytes(argv[i], i) != 0)
            return 1;
    printf("const struct aw_page_file aw_page_files[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("{\"%s\", file_%d, sizeof file_%d - 1},\n", name_of(argv[i]), i,
               i);
    printf("{0}};\n");
    return fflush(stdout);
}
