#!/bin/sh
# Includes go one way (docs/design): a module may include itself and those in
# its `uses_` of the Makefile, and no third-party type stands in a header.
status=0
row() {
    module=$1
    shift
    for include in $(grep -ho '#include "[a-z]*/' "$module"/*.[ch] |
        sed 's/#include "//; s|/||' | sort -u); do
        case " $module $* " in
        *" $include "*) ;;
        *)
            grep -n "#include \"$include/" "$module"/*.[ch] |
                sed "s/$/   ($module may not include $include)/"
            status=1
            ;;
        esac
    done
}
layers=$(MAKEFLAGS='' make -s --no-print-directory print-layers)
[ -n "$layers" ] || { echo "the Makefile tells no layers"; exit 1; }
while read -r modules; do
    # shellcheck disable=SC2086
    row $modules
done <<ROWS
$layers
ROWS

types='\b(CURL|CURLM|CURLU|psl_ctx_t|xmlNode|xmlDoc|pcre2_code|hs_database_t|cJSON|sqlite3|PGconn|UConverter|MHD_[A-Za-z]+|lxw_[a-z]+|EVP_[A-Z_]+)\b'
for module in $(echo "$layers" | cut -d ' ' -f 1); do
    found=$(grep -nE "$types" "$module"/*.h | grep -vE '^[^:]*:[0-9]*: *(/?\*|//)')
    if [ -n "$found" ]; then
        echo "$found   (a library's type in a header)"
        status=1
    fi
done
exit $status
