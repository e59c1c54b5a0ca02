# The table for people, wide and narrow, with bits and summary.
#
# SPDX-License-Identifier: GPL-2.0-or-later
hcs200=$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta
hitag2=$CAPTURES/hitag2-rke/hitag2-rke.sub
"$FOBSCOPE" decode --bits --summary "$hitag2" || exit
for columns in 200 79 76 60 40 1; do
    COLUMNS=$columns "$FOBSCOPE" decode --bits "$hitag2" || exit
done
# Tenths of a decibel are not the same with every compiler.
COLUMNS=70 "$FOBSCOPE" decode "$hcs200"
