#!/bin/sh
# All C is as .clang-format says: `clang-format -i FILE` mends it.
git ls-files '*.c' '*.h' | xargs clang-format --dry-run --Werror
