# One document, whole in every case.
#
# SPDX-License-Identifier: GPL-2.0-or-later
show='
import json, sys
d = json.load(sys.stdin)
print(list(d), d["schema"], [o["model"] for o in d["frames"]])'
hitag2=$CAPTURES/hitag2-rke/hitag2-rke.sub
"$FOBSCOPE" decode --json "$hitag2" | python3 -c "$show"
"$FOBSCOPE" decode --json --summary --bursts --chips --pulses "$hitag2" |
    python3 -c "$show"
"$FOBSCOPE" decode --json --summary missing.cu8 2>/dev/null |
    python3 -c "$show"
