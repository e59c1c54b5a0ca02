#!/bin/sh
# speed - samples a second on one core, beside rtl_433 where it is installed:
# cu8 at 2.4 MS/s with one burst a second, commands in turn, best of RUNS.
# Needs python3-numpy and ../shared/tools.
#
#   tests/bench/speed.sh [SECONDS [RUNS]]
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
tool=../shared/tools/iqgen.py
[ -f "$tool" ] || { echo "$tool is not here" >&2; exit 1; }
fobscope=${FOBSCOPE:-build/src/fobscope}
python=${PYTHON:-/usr/bin/python3}
seconds=${1:-30}
runs=${2:-5}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
file=$dir/speed_433.92M_2400k.cu8
"$python" "$tool" --kind hcs200,siemens,continental --rate 2400000 --snr 20 \
    --freq-spread 400e3 --count "$seconds" --gap-min 0.89 --gap-max 0.95 \
    --seconds "$seconds" --out "$file" 2>/dev/null

"$python" tests/bench/speed.py "$runs" "$file" 2400000 \
    "$fobscope decode --jsonl {f}" \
    "$(command -v rtl_433 >/dev/null 2>&1 && echo 'rtl_433 -F json {f}')"
