# Nothing found: said on standard error, with what was seen.
#
# SPDX-License-Identifier: GPL-2.0-or-later
cp "$CAPTURES"/noise/noise.sigmf-* .
"$FOBSCOPE" decode noise.sigmf-meta 2>&1 |
    sed 's/[0-9]* bursts\{0,1\}/N bursts/'
"$FOBSCOPE" decode --jsonl noise.sigmf-meta
