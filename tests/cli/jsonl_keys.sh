# Keys, their order and their types; numbers vary a little.
#
# SPDX-License-Identifier: GPL-2.0-or-later
for name in hcs200-lock-unlock continental-fsk; do
    "$FOBSCOPE" decode --jsonl "$CAPTURES/$name/$name.sigmf-meta" |
        sed 's/: -\{0,1\}[0-9.][0-9.]*/: N/g; s/@[0-9.]*s/@Ns/'
done
"$FOBSCOPE" decode --jsonl "$CAPTURES/hitag2-rke/hitag2-rke.sub" |
    sed 's/: -\{0,1\}[0-9.][0-9.]*/: N/g; s/@[0-9.]*s/@Ns/'
