# The layers below: chips as characters, pulses as numbers.
#
# SPDX-License-Identifier: GPL-2.0-or-later
hitag2=$CAPTURES/hitag2-rke/hitag2-rke.sub
"$FOBSCOPE" decode --chips "$hitag2" >chips || exit
grep -c '^chips at 0\.[0-9]* s, ASK, te 2[0-9.]* us, [0-9]* chips$' chips
grep -Eq '^  [-#+.]{78}$' chips && echo 'full lines'
# Neither a chip, nor a title, nor the table.
grep -Ecv '^  [-#+.]+$|^chips at|^time s|Hitag2' chips
"$FOBSCOPE" decode --pulses "$hitag2" >pulses || exit
grep -Ecv '^ ( [-+][0-9]+)+$|^pulses at|^time s|Hitag2' pulses
awk 'length > 80' chips pulses
"$FOBSCOPE" decode --pulses --jsonl "$hitag2" | python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    p = o["fob"].get("pulses_us")
    if p:
        print(o["model"], all((a > 0) != (b > 0) for a, b in zip(p, p[1:])))'
