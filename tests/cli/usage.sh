# One sentence and exit 2 for each kind of wrong usage.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    "$FOBSCOPE" "$@" 2>&1
    echo "exit $?"
}
try decod a
try transmit
try --jsonl
try decode
try decode --sumary a
try decode --rate
try decode --rate fast a
try decode --json --jsonl a
try decode --csv --chips a
try demo a
try archive
try archive lst
try archive mend
try list
try archive --json list
try archive add
try archive show
try archive diff 3f2
try archive list 3f2
try archive list --since yesterday
try archive list --verdict perhaps
try archive export 3f2
try archive export --wav --cu8 3f2
try archive purge
try archive add --label "$(printf 'a\033b')" a
try capture --cu8
try capture --label car -o .
