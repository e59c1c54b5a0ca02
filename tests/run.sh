#!/bin/sh
# run - install what is missing, then build and run every test.
#
# Ends with "N passed, N failed"; exit 1 if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=captures/install.sh
. captures/install.sh

# shellcheck disable=SC2086 # one word a package
need $build_packages
# Recordings are held against a schema of SigMF's.
need python3-jsonschema
want clang-format-14
# The emulated dongle is tried with real programs.
want libusb-1.0-0-dev rtl-sdr rtl-433
if command -v clang >/dev/null 2>&1; then
    # The sanitizers' libraries come apart from the compiler.
    want "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
fi

passed=0
failed=0

# count PASSED FAILED
count()
{
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# build DIRECTORY [OPTION...]: counts one failure if it does not build. Of
# $targets, or of all.
targets=
build()
{
    echo "== build $*"
    log=$(mktemp)
    # shellcheck disable=SC2086 # one word a target
    if configure "$@" >"$log" 2>&1 && ninja -C "$1" $targets >>"$log" 2>&1
    then
        rm -f "$log"
        return 0
    fi
    tail -n 40 "$log"
    rm -f "$log"
    echo "FAIL: $1 does not build"
    count 0 1
    return 1
}

# run_tests DIRECTORY [OPTION...]: counts what meson's log says.
run_tests()
{
    echo "== test $*"
    rm -f "$1/meson-logs/testlog.json"
    meson test -C "$@" --no-rebuild --print-errorlogs
    # shellcheck disable=SC2046 # two numbers
    count $(python3 - "$1/meson-logs/testlog.json" <<'PYTHON'
import json, sys
try:
    with open(sys.argv[1]) as f:
        results = [json.loads(line)["result"] for line in f]
except OSError:
    results = ["ERROR"]
good = ("OK", "EXPECTEDFAIL")
print(sum(r in good for r in results),
      sum(r not in good + ("SKIP",) for r in results))
PYTHON
    )
}

# The sanitizers of clang where they link, of the usual compiler otherwise.
sanitizer_cc()
{
    dir=$(mktemp -d)
    echo 'int main(void) { return 0; }' >"$dir/a.c"
    if clang -fsanitize=address,undefined -o "$dir/a" "$dir/a.c" 2>/dev/null
    then
        echo clang
    else
        echo cc
    fi
    rm -rf "$dir"
}

real_recordings()
{
    check=../shared/tools/check_captures.py
    [ -f "$check" ] && [ -d ../shared/captures ] || return 0
    echo '== real recordings'
    out=$(python3 "$check" build/src/fobscope)
    echo "$out"
    last=$(echo "$out" | tail -n 1)
    case $last in
    *' passed, '*' failed')
        # shellcheck disable=SC2046
        count $(echo "$last" | tr -cd '0-9 ')
        ;;
    *) count 0 1 ;;
    esac
}

# What is live waits most of the time, so that more than one a core goes.
build build && run_tests build --num-processes "$(($(nproc) * 2))"
[ -x build/src/fobscope ] && real_recordings

# What has no code of ours in it is not run twice, and what is told by many cases
# goes ways that others go.
CC=$(sanitizer_cc)
export CC
export ASAN_OPTIONS=detect_stack_use_after_return=1
# fontconfig keeps a kilobyte of what it found, once, whatever is drawn.
LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0"
export LSAN_OPTIONS
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
build b-asan -Db_sanitize=address,undefined -Doptimization=1 &&
    run_tests b-asan --no-suite once -t 4

# What has threads: the receiver's sources, and the program on them. An old
# libtsan of gcc's cannot be had with a preloaded dongle.
threaded='ring ring_gaps feed chatter source_rtltcp source_tuned'
if [ "$CC" = clang ]; then
    targets='src/fobscope tests/dongle/libfobscope_dongle.so'
    for name in $threaded; do
        targets="$targets tests/test_src_$name"
    done
    # shellcheck disable=SC2086 # one word a test
    build b-tsan -Db_sanitize=thread &&
        run_tests b-tsan -t 4 $threaded live_listen live_loss live_server \
            live_ends
    targets=
fi
unset CC

# The program alone: to optimise every test across files takes two minutes.
targets=src/fobscope
if build b-release --buildtype=release -Db_lto=true -Db_ndebug=if-release; then
    count 1 0
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
