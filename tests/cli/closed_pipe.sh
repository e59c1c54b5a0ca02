# Whoever closes a pipe hears nothing more of it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
{
    "$FOBSCOPE" decode --every --jsonl --chips \
        "$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta"
    echo "exit $?" >status
} | true
cat status
