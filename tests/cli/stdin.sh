# Standard input is an input like any other.
#
# SPDX-License-Identifier: GPL-2.0-or-later
name=$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock
"$FOBSCOPE" decode --jsonl "$name.sigmf-meta" >file || exit
"$FOBSCOPE" decode --jsonl cu8:433.92M:250k:- <"$name.sigmf-data" >stdin || exit
cmp file stdin && echo same
"$FOBSCOPE" decode --jsonl -r 250k -f 433.92M cu8:- <"$name.sigmf-data" >stdin
cmp file stdin && echo same
