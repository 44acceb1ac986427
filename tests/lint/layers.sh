#!/bin/sh
# Includes go one way (docs/design): a module may include itself and those in
# its row, and no third-party type stands in a header.
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
row base
row store base
row archive base
row extract base
row classify base
row reader extract classify base
row crawler reader extract classify store archive base
row review store archive base
row reports review store archive base
row cli base store archive extract classify reader crawler review reports

types='\b(CURL|CURLM|CURLU|xmlNode|xmlDoc|pcre2_code|hs_database_t|cJSON|sqlite3|PGconn|UConverter|EVP_[A-Z_]+)\b'
for module in base store archive extract classify reader crawler review reports cli; do
    found=$(grep -nE "$types" "$module"/*.h | grep -vE '^[^:]*:[0-9]*: *(/?\*|//)')
    if [ -n "$found" ]; then
        echo "$found   (a library's type in a header)"
        status=1
    fi
done
exit $status
