# Ctrl-C keeps what was there: a whole document, exit 130.
#
# SPDX-License-Identifier: GPL-2.0-or-later
mkfifo pipe
"$FOBSCOPE" decode --json --summary cu8:433.92M:250k:- <pipe >out &
pid=$!
exec 3>pipe
head -c 2000000 "$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-data" >&3
# The first frame comes out while the pipe is still open.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    grep -q Microchip out && break
    sleep 0.3
done
kill -INT $pid
wait $pid
status=$?
exec 3>&-
python3 -c '
import json, sys
d = json.load(sys.stdin)
print(len(d["frames"]) > 0, d["summary"]["samples"] > 0)' <out
exit $status
