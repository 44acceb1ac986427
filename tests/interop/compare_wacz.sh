#!/bin/sh
# Is a WACZ of ours built as one that js-wacz makes of the same WARC?
#   compare_wacz.sh OURS THEIRS DIR     prints what differs
# What differs by their own doing is made equal here:
# - index: theirs has digests without the algorithm, a conversion (without a
#   digest), revisits of 304, of a resource no status and its media type with
#   parameters, the last slash of a path in the key, and the case of urn: there;
# - pages: theirs are all that look like pages, with random ids;
# - package: their SHA-256 of a WARC is that of each piece of 64 KiB twice
#   (0.1.6), and theirs has a description.
set -u
ours=$1 theirs=$2 dir=$3

member() { # WACZ MEMBER
    unzip -p "$1" "$2"
}
lines() { # WACZ
    member "$1" indexes/index.cdx | grep '"digest":' |
        grep -v '"mime":"warc/revisit","status":"304"'
}
index() { # WACZ
    lines "$1" | cut -d ' ' -f 2- |
        jq -Rr 'capture("^(?<time>[0-9]{14}) (?<json>.*)$") | .time + " " +
            (.json | fromjson | .status //= "200" |
             .digest |= ltrimstr("sha256:") | .mime |= split(";")[0] |
             to_entries | sort_by(.key) | from_entries | tojson)' |
        LC_ALL=C sort
}
keys() { # WACZ
    lines "$1" | cut -d ' ' -f 1 | sed 's|\(.\)/$|\1|' |
        tr '[:upper:]' '[:lower:]' |
        LC_ALL=C sort
}
shape() { # WACZ: names of members in the JSON, and what is not of one run
    member "$1" pages/pages.jsonl | jq -cS 'if .format then . else
        del(.text) | {names: keys, id: (.id | test("^[0-9a-f]{32}$")),
            ts: (.ts | test("^[-0-9]{10}T[0-9:]{8}([.][0-9]+)?Z$"))} end' | sort -u
    member "$1" datapackage.json | jq -S 'del(.description, .mainPageUrl) |
        {names: keys, profile, wacz_version,
         resources: [.resources[] | {name, path, names: keys,
             hash: (.hash | test("^sha256:[0-9a-f]{64}$"))}]}'
    member "$1" datapackage-digest.json | jq -S '{names: keys, path}'
}
digests_hold() { # of ours; theirs of the package alone
    for name in $(member "$ours" datapackage.json | jq -r '.resources[].path'); do
        [ "sha256:$(member "$ours" "$name" | sha256sum | cut -c 1-64)" = \
            "$(member "$ours" datapackage.json | jq -r --arg name "$name" \
                '.resources[] | select(.path == $name).hash')" ] ||
            { echo "false: $name"; return 1; }
    done
    for wacz in "$ours" "$theirs"; do
        [ "sha256:$(member "$wacz" datapackage.json | sha256sum | cut -c 1-64)" = \
            "$(member "$wacz" datapackage-digest.json | jq -r .hash)" ] ||
            { echo "false: datapackage.json of $wacz"; return 1; }
    done
}
same() { # NAME COMMAND...: of both
    name=$1
    shift
    "$@" "$ours" >"$dir/ours.$name" && "$@" "$theirs" >"$dir/theirs.$name" &&
        [ -s "$dir/ours.$name" ] && diff "$dir/ours.$name" "$dir/theirs.$name"
}

status=0
same members unzip -Z1 || status=1
same index index || status=1
same keys keys || status=1
same shape shape || status=1
digests_hold || status=1
exit $status
