# Help of the program and of each command.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE" --help || exit
"$FOBSCOPE" decode --help || exit
"$FOBSCOPE" help demo || exit
"$FOBSCOPE" --version | sed 's/[ -][0-9].*/ VERSION/'
