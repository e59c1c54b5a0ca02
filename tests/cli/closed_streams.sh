# Without a standard error, input or output: nothing is written elsewhere.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE" decode "$CAPTURES/hcs200-weak/hcs200-weak.sigmf-meta" 2>&- <&-
echo "exit $?"
"$FOBSCOPE" listen -d :no-such-dongle 2>&-
echo "exit $?"
"$FOBSCOPE" doctor -d rtl_tcp:127.0.0.1:1 2>&- | cut -c1-18
"$FOBSCOPE" decode "$CAPTURES/hcs200-weak/hcs200-weak.sigmf-meta" >&-
echo "exit $?"
ls
