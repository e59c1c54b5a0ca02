# Where output goes, and what happens where it cannot.
#
# SPDX-License-Identifier: GPL-2.0-or-later
cp "$CAPTURES/hitag2-rke/hitag2-rke.sub" .
"$FOBSCOPE" decode --jsonl hitag2-rke.sub >stdout || exit
"$FOBSCOPE" decode --jsonl -o file hitag2-rke.sub || exit
cmp stdout file && echo same
"$FOBSCOPE" decode -o hitag2-rke.sub hitag2-rke.sub
echo "exit $?"
cmp hitag2-rke.sub "$CAPTURES/hitag2-rke/hitag2-rke.sub" && echo untouched
"$FOBSCOPE" decode -o no/such/folder hitag2-rke.sub
echo "exit $?"
for option in --json --jsonl --csv --bits; do
    "$FOBSCOPE" decode $option hitag2-rke.sub >/dev/full
    echo "exit $?"
done
"$FOBSCOPE" --help >/dev/full
echo "exit $?"
