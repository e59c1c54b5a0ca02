# One sentence for each kind of wrong usage, and for what is not there.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=a
export FOBSCOPE_ARCHIVE
try()
{
    echo "\$ $*"
    "$FOBSCOPE" archive "$@" >out 2>&1
    status=$?
    sed 's,/[^ ]*/log/,PLACE/log/,' out
    echo "exit $status"
}
# There is no archive yet, and none is made.
try list
try list --json
try show 123
try verify
try export --wav 123
try diff 123 456
ls
try forget 123
try reindex
"$FOBSCOPE" archive add "$CAPTURES/noise/noise.sigmf-meta" >log || exit
"$FOBSCOPE" archive add "$CAPTURES/two-fobs/two-fobs.sigmf-meta" >log || exit
try show 12
try show xyz
try show 000
try show 22e000
try show 22e0210ca2f
try show -1
try show ''
try show 000 22f
try forget 000
try diff 22e
try diff 22e 000
try diff 22e 22e 22e
try export 22e
try export --wav --flac 22e
try export --wav
try export --wav --full 22e
try purge
try purge --older x
try list --since 2026-02-30
try list --verdict damaged
try list --band x
try list 22e
try add --archive '' log
try add
try add log
try add --pre 1 log
try list --archive log
try verify 000
