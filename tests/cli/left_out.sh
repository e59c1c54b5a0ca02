# What a recording left out on purpose takes its time, and is no loss.
#
# SPDX-License-Identifier: GPL-2.0-or-later
data=$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-data
cp "$data" a.sigmf-data
cat >a.sigmf-meta <<'END'
{"global": {"core:datatype": "cu8", "core:sample_rate": 250000},
 "captures": [
  {"core:sample_start": 0, "core:frequency": 433920000},
  {"core:sample_start": 20000, "core:global_index": 2520000,
   "fob:left_out": 2499900}],
 "annotations": []}
END
COLUMNS=70 "$FOBSCOPE" decode a.sigmf-meta
COLUMNS=70 "$FOBSCOPE" listen -d a.sigmf-meta
sed -i 's/2499900/9999999/' a.sigmf-meta
COLUMNS=70 "$FOBSCOPE" decode a.sigmf-meta
