# The demo names each recording, and its folder can be another.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE" demo >out 2>err || exit
grep -E '^[a-z0-9-]+: |^[0-9]+ recordings' out
FOBSCOPE_CAPTURES=missing "$FOBSCOPE" demo
echo "exit $?"
mkdir own
cp "$CAPTURES/hitag2-rke/hitag2-rke.sub" own
FOBSCOPE_CAPTURES=own "$FOBSCOPE" demo
