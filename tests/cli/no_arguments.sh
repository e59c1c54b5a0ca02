# Short help on standard error; it is wrong usage.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE"
