# A file that is not there, and one that is empty.
#
# SPDX-License-Identifier: GPL-2.0-or-later
: >empty.cu8
mkdir folder.cu8
"$FOBSCOPE" decode --rate 250k missing.cu8 empty.cu8 folder.cu8
