# Help of the program, of commands, and of a group of them.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE" --help || exit
"$FOBSCOPE" decode --help || exit
"$FOBSCOPE" help demo || exit
"$FOBSCOPE" help archive || exit
"$FOBSCOPE" archive add --help || exit
"$FOBSCOPE" help archive list || exit
"$FOBSCOPE" --version | sed 's/[ -][0-9].*/ VERSION/'
