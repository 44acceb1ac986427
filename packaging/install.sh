#!/bin/sh
# Installs what was built:   install.sh BUILD PREFIX
set -eu
build=$1 prefix=$2
data=$prefix/share/adwatch

install -d "$prefix/bin" "$data" "$prefix/share/man/man1" \
    "$prefix/share/bash-completion/completions"
install -m 755 "$build/adwatch" "$prefix/bin/adwatch"
install -m 644 "$build/model.awm" "$data/model.awm"
rm -rf "$data/lexicons" "$data/papers"
cp -R lexicons "$data/lexicons"
cp -R papers "$data/papers"
"$build/adwatch" completion >"$prefix/share/bash-completion/completions/adwatch"
"$build/adwatch" man >"$prefix/share/man/man1/adwatch.1"
"$build/adwatch" man --list | while read -r command; do
    "$build/adwatch" man "$command" >"$prefix/share/man/man1/adwatch-$command.1"
done
