# What is printed does not depend on how it is read.
#
# SPDX-License-Identifier: GPL-2.0-or-later
for name in hitag2-rke/hitag2-rke.sub continental-fsk/continental-fsk.sigmf-meta
do
    all='--jsonl --all --every --bursts --chips --pulses --summary'
    # shellcheck disable=SC2086 # one word an option
    "$FOBSCOPE" decode $all "$CAPTURES/$name" >whole || exit
    for size in 1 997 4194304; do
        # shellcheck disable=SC2086
        "$FOBSCOPE" decode $all --block-size $size "$CAPTURES/$name" >part &&
            cmp whole part && echo same
    done
done
