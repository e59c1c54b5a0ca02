#!/bin/sh
# run - golden runs of the program.
#
#   run.sh [--bless] FOBSCOPE [NAME...]
#
# NAME.sh is run in an empty folder, with $FOBSCOPE and $CAPTURES set. What it
# prints must be NAME.out (standard error last, behind a line of its own), its
# exit status NAME.exit. --bless writes both anew: read the diff before you
# commit it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
bless=
if [ "${1:-}" = --bless ]; then
    bless=yes
    shift
fi
if [ $# -eq 0 ]; then
    echo 'usage: run.sh [--bless] FOBSCOPE [NAME...]' >&2
    exit 2
fi
FOBSCOPE=$(realpath "$1") || exit 2
shift
here=$(dirname "$(realpath "$0")")
CAPTURES=$(realpath "$here/../../captures")
export FOBSCOPE CAPTURES
# What a person's terminal would change.
unset COLUMNS NO_COLOR FOBSCOPE_CAPTURES
LC_ALL=C
export LC_ALL

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# one NAME: what it prints to $tmp/out, its exit status to $tmp/exit.
one()
{
    rm -rf "$tmp/cwd"
    mkdir "$tmp/cwd"
    (cd "$tmp/cwd" && sh "$here/$1.sh") >"$tmp/out" 2>"$tmp/err" </dev/null
    echo $? >"$tmp/exit"
    if [ -s "$tmp/err" ]; then
        echo '--- standard error' >>"$tmp/out"
        cat "$tmp/err" >>"$tmp/out"
    fi
}

if [ $# -eq 0 ]; then
    for file in "$here"/*.sh; do
        name=$(basename "$file" .sh)
        [ "$name" = run ] || set -- "$@" "$name"
    done
fi
for name in "$@"; do
    one "$name"
    if [ "$bless" ]; then
        cp "$tmp/out" "$here/$name.out"
        cp "$tmp/exit" "$here/$name.exit"
    fi
    if diff -u "$here/$name.out" "$tmp/out" &&
        diff -u "$here/$name.exit" "$tmp/exit"; then
        passed=$((passed + 1))
    else
        echo "FAIL: $name"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
