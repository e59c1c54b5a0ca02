#!/bin/sh
# sweep - how weak a frame may be: share decoded against SNR, beside rtl_433
# where it is installed. Needs python3-numpy and ../shared/tools.
#
#   tests/bench/sweep.sh [COUNT [KIND...]]
#
# Prints one table a kind. The issue's marks: half of the frames at -7.5 dB
# (hcs200), -6 dB (siemens), -10.5 dB (continental, 1.024 MS/s).
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
tool=../shared/tools/sweep.py
[ -f "$tool" ] || { echo "$tool is not here" >&2; exit 1; }
fobscope=${FOBSCOPE:-build/src/fobscope}
python=${PYTHON:-/usr/bin/python3}
count=${1:-100}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- hcs200 siemens continental

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for kind in "$@"; do
    case $kind in
    hcs200) rate=250000 snr=-10:-4:1 ;;
    siemens) rate=250000 snr=-9:-3:1 ;;
    continental) rate=1024000 snr=-13:-7:1 ;;
    *) rate=250000 snr=-6:6:2 ;;
    esac
    echo "== $kind at $rate samples/s"
    set -- "fobscope=$fobscope decode --jsonl {f}"
    if command -v rtl_433 >/dev/null 2>&1; then
        set -- "$@" \
            'rtl_433=rtl_433 -Y autolevel -Y magest -Y minsnr=6 -F json {f}'
    fi
    "$python" "$tool" --kind "$kind" --rate "$rate" "--snr=$snr" \
        --count "$count" --lead 4 --phase restart --dir "$dir" "$@"
done
