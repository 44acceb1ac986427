/* hooked.c - makes an adwatch in which pages take their reader over: it is
 * linked with all of the program, and with -Wl,--wrap=aw_extract. */
#include "tests/reader/hook.h"
