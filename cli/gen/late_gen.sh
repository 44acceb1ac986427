#!/bin/sh
# Writes OUT.S and OUT.c for cli/late.h: the jumps and the tables.
#   late_gen.sh OUT "LIBRARY..." ARCHIVE...
# LIBRARY is a name as -l has it; late are those of its functions that the
# archives call. A variable of a library is late where it is a pointer that
# stays as it is: those are listed here.
set -eu
pointers="xmlFree"
out=$1 libraries=$2
shift 2
cc=${CC:-gcc}
called=$out.called
nm -u "$@" 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u >"$called"

# Name, library's number, and T or D, of all that is called of them.
list() {
    number=0
    for library in $libraries; do
        nm -D --defined-only "$($cc -print-file-name="lib$library.so")" |
            awk -v n=$number '{ sub(/@.*/, "", $3)
                print $3, n, $2 ~ /^[TWi]$/ ? "T" : "D" }'
        number=$((number + 1))
    done | sort -u -k1,1 | join - "$called"
}
list >"$out.list"
bad=$(awk -v ok=" $pointers " '$3 == "D" && !index(ok, " " $1 " ")' "$out.list")
if [ -n "$bad" ]; then
    echo "late_gen.sh: a variable cannot be late: $bad" >&2
    exit 1
fi

awk '$3 == "T"' "$out.list" | awk '
BEGIN { print "    .text" }
{ printf "    .globl %s\n    .hidden %s\n    .type %s, @function\n%s:\n",
    $1, $1, $1, $1
  printf "    jmp *aw_late_slots+%d(%%rip)\n", 8 * (NR - 1)
  printf "first%d:\n    push $%d\n    jmp find\n", NR - 1, NR - 1 }
END {
# Keeps what a call may pass in registers; the stack is a multiple of 16 here.
    regs = "rax rdi rsi rdx rcx r8 r9 r10"
    n = split(regs, r, " ")
    print "find:"
    for (i = 1; i <= n; i++) print "    push %" r[i]
    print "    sub $128, %rsp"
    for (i = 0; i < 8; i++) printf "    movups %%xmm%d, %d(%%rsp)\n", i, 16 * i
    print "    mov 192(%rsp), %edi"
    print "    call aw_late_find"
    print "    mov %rax, %r11"
    for (i = 0; i < 8; i++) printf "    movups %d(%%rsp), %%xmm%d\n", 16 * i, i
    print "    add $128, %rsp"
    for (i = n; i > 0; i--) print "    pop %" r[i]
    print "    add $8, %rsp"
    print "    jmp *%r11"
    print "    .data\n    .balign 8\n    .globl aw_late_slots"
    print "    .hidden aw_late_slots\naw_late_slots:"
    for (i = 0; i < NR; i++) print "    .quad first" i
    print "    .section .note.GNU-stack,\"\",@progbits" }' >"$out.S"

{
    echo '#include "cli/late.h"'
    echo 'extern void *aw_late_slots[];'
    echo 'static const char *const libraries[] = {'
    for library in $libraries; do
        readelf -d "$($cc -print-file-name="lib$library.so")" |
            sed -n 's/.*SONAME.*\[\(.*\)\]/    "\1",/p'
    done
    echo '};'
    echo 'static void *handles[sizeof libraries / sizeof *libraries];'
    awk '$3 == "D" { printf "void *%s;\n", $1 }' "$out.list"
    echo 'static const struct aw_late_function functions[] = {'
    awk '$3 == "T" { printf "    {\"%s\", %d},\n", $1, $2 }' "$out.list"
    echo '};'
    echo 'static const struct aw_late_pointer pointers[] = {'
    awk '$3 == "D" { printf "    {\"%s\", %d, &%s},\n", $1, $2, $1 }' "$out.list"
    echo '};'
    echo 'const struct aw_late_table aw_late_table = {
    libraries, handles, functions, aw_late_slots, pointers,
    sizeof libraries / sizeof *libraries, sizeof functions / sizeof *functions,
    sizeof pointers / sizeof *pointers};'
} >"$out.c"
