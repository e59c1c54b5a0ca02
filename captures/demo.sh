#!/bin/sh
# demo - install what is missing, build, and show the program at work on the
# recordings that come with it. No dongle is needed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=captures/install.sh
. captures/install.sh

# shellcheck disable=SC2086 # one word a package
need $build_packages
log=$(mktemp)
echo 'Building...' >&2
{ configure build && ninja -C build; } >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    rm -f "$log"
    exit 1
}
rm -f "$log"
exec build/src/fobscope demo
