#!/bin/sh
# Each header compiles alone.   headers.sh FLAGS
status=0
for header in */*.h; do
    case $header in build*) continue ;; esac
    # shellcheck disable=SC2086
    gcc $1 -Wno-unused -x c -fsyntax-only "$header" || status=1
done
exit $status
