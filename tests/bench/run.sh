#!/bin/sh
# run - the benchmark: reach beside the bounds, what a receiver has to stand,
# speed, false alarms; fobscope and, where it is installed, rtl_433 on the same
# bytes. Builds a release first. Needs ../shared/tools; installs numpy and scipy.
#
#   tests/bench/run.sh [quick|full]
#
# quick takes some 15 minutes, full some hours: more frames a point, an hour of
# noise. Everything random comes from SEED (default 1).
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=captures/install.sh
. captures/install.sh
[ -f ../shared/tools/iqgen.py ] || {
    echo "../shared/tools is not here: no recordings can be made" >&2
    exit 1
}
# shellcheck disable=SC2086 # one word a package
need $build_packages python3-numpy python3-scipy
want rtl-433

seed=${SEED:-1}
case ${1:-quick} in
quick) count=60 stand=20 seconds=20 noise=300 ;;
full) count=400 stand=100 seconds=60 noise=3600 ;;
*) sed -n 's/^#   //p' "$0" >&2; exit 2 ;;
esac

configure b-release --buildtype=release -Db_lto=true -Db_ndebug=if-release
ninja -C b-release src/fobscope
python=/usr/bin/python3
bench=tests/bench
fobscope="b-release/src/fobscope decode --jsonl --bursts {f}"
peer='rtl_433 -Y autolevel -Y magest -Y minsnr=6 -F json {f}'

# compare SCRIPT PEER_NAME PEER_COMMAND [OPTION...]
compare()
{
    script=$1 name=$2 command=$3
    shift 3
    set -- "$@" --seed "$seed" "fobscope=$fobscope"
    if command -v rtl_433 >/dev/null 2>&1; then
        set -- "$@" "$name=$command"
    fi
    "$python" "$bench/$script" "$@"
}

echo "$(date +%F), $(uname -m), $(grep -m 1 'model name' /proc/cpuinfo |
    cut -d: -f2), seed $seed"
b-release/src/fobscope --version | head -n 1
rtl_433 -V 2>&1 | head -n 1 || true
echo
compare reach.py 'rtl_433 best' "$peer" --count "$count"
echo
compare stand.py 'rtl_433 best' "$peer" --count "$stand"
echo
compare speed.py 'rtl_433' 'rtl_433 -F json {f}' --seconds "$seconds"
echo
"$python" "$bench/noise.py" --seconds "$noise" --seed "$seed" \
    b-release/src/fobscope
