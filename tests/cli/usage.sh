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
