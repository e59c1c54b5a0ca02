# A bad file does not stop the next; exit 4 at the end.
#
# SPDX-License-Identifier: GPL-2.0-or-later
ln -s "$CAPTURES" captures
hitag2=captures/hitag2-rke/hitag2-rke.sub
"$FOBSCOPE" decode missing.cu8 $hitag2 || echo "exit $?"
"$FOBSCOPE" decode --jsonl --summary $hitag2 missing.cu8 |
    python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(o.get("file"), o.get("schema"), o.get("model"), o.get("files"))'
