# The demo names each recording, and its folder can be another. What it wrote of the
# two keys goes again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
mkdir tmp
TMPDIR=$PWD/tmp
export TMPDIR
"$FOBSCOPE" demo >out 2>err || exit
grep -E '^[a-z0-9-]+: |^[0-9]+ recordings' out | grep -v '^report: '
# from the two side by side on
sed -n '/^The two keys side by side/,$p' out | sed 's|/.*-demo-......|FOLDER|'
ls tmp/fobscope-demo-*
FOBSCOPE_CAPTURES=missing "$FOBSCOPE" demo
echo "exit $?"
mkdir own
cp "$CAPTURES/hitag2-rke/hitag2-rke.sub" own
FOBSCOPE_CAPTURES=own "$FOBSCOPE" demo
TMPDIR=missing "$FOBSCOPE" demo 2>&1 >out | tail -n 1
