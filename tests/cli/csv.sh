# CSV: as many fields in each line as in the first.
#
# SPDX-License-Identifier: GPL-2.0-or-later
for option in --every --bursts; do
    "$FOBSCOPE" decode --csv $option \
        "$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta" |
        python3 -c '
import csv, sys
rows = list(csv.reader(sys.stdin))
print(",".join(rows[0]))
print(len(rows) > 2, all(len(r) == len(rows[0]) for r in rows))
for row in rows[1:]:
    print({k: v for k, v in zip(*(rows[0], row))
           if k in ("model", "id", "button", "encrypted", "verdict")})'
done
