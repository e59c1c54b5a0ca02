#!/bin/sh
# noise - nothing may come out of noise: SECONDS of it at three rates, straight
# from the generator. Needs python3-numpy and ../shared/tools.
#
#   tests/bench/noise.sh [SECONDS [SEED]]
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
tool=../shared/tools/iqgen.py
[ -f "$tool" ] || { echo "$tool is not here" >&2; exit 1; }
fobscope=${FOBSCOPE:-build/src/fobscope}
python=${PYTHON:-/usr/bin/python3}
seconds=${1:-600}
seed=${2:-1}

for khz in 250 1024 2400; do
    echo "== $seconds s of noise at $khz kS/s"
    "$python" "$tool" --count 0 --rate "${khz}000" --seconds "$seconds" \
        --seed "$seed" --out - |
        "$fobscope" decode --jsonl --summary "cu8:433.92M:${khz}k:-"
done
