#!/bin/sh
# cppcheck's warnings are errors; what is passed over stands here with a why.
#   normalCheckLevelMaxBranches: only says that it looked less deep
cppcheck --quiet --error-exitcode=1 --std=c11 --language=c -j 2 \
    --enable=warning,performance,portability --inline-suppr \
    --suppress=missingInclude --suppress=normalCheckLevelMaxBranches \
    -D_GNU_SOURCE -DAW_VERSION='"0"' -DAW_DATE='"0"' -I. \
    base store archive extract classify reader crawler review reports evidence web cli
