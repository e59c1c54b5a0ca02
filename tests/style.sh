#!/bin/sh
# style - the rules of the house that a machine can check (CONTRIBUTING.md).
#
#   style.sh [BUILD_DIRECTORY]
#
# With a build directory, its static libraries are looked at as well. Prints
# one line a fault; exit 1 if there was one.
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# File names have no spaces here, and lists of them are words.
# shellcheck disable=SC2013,SC2044,SC2046,SC2086
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-}
faults=$(mktemp)
trap 'rm -f "$faults"' EXIT

# Files of dsp/, protocols/, src/ or tests/ by extension.
files()
{
    find "$@" -name '*.[ch]' -type f | sort
}

# deny WHY PATTERN FILE...: no line may match.
deny()
{
    why=$1 pattern=$2
    shift 2
    [ $# -eq 0 ] && return
    grep -nE -e "$pattern" "$@" /dev/null | sed "s/^/$why: /" >>"$faults"
}

all=$(files dsp protocols src tests)
texts=$(find .ci captures dsp protocols src tests meson.build \
    meson_options.txt ./*.md .editorconfig .gitignore -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.md' \
    -o -name '*.in' -o -name 'meson*' -o -name '.*' -o -name run \) \
    ! -path '*/__pycache__/*' 2>/dev/null | sort)

layers()
{
    deny 'dsp includes a layer above it' \
        '^ *# *include *"(protocols|src|tests)/' $(files dsp)
    deny 'protocols includes a layer above it' \
        '^ *# *include *"(src|tests)/' $(files protocols)
    deny 'the program includes a test' '^ *# *include *"tests/' $(files src)
    deny 'not the business of this layer' \
        '^ *# *include *<(stdio|time|signal|threads|pthread|unistd|fcntl|sys/.*)\.h>' \
        $(files dsp protocols)
    deny 'include by the path from the root' \
        '^ *# *include *"[^"/]*"' $all
}

# only HEADER FILE...: nobody else includes it.
only()
{
    header=$1
    shift
    for file in $(grep -lE "^ *# *include *<$header>" $all /dev/null); do
        case " $* " in
        *" $file "*) ;;
        *) echo "$file: only $* may include <$header>" >>"$faults" ;;
        esac
    done
}

third_party()
{
    only 'rtl-sdr\.h' src/source_rtlsdr.c
    only 'sndfile\.h' src/sound_file.c
    only 'fftw3\.h' dsp/spectrum.c
    only 'liquid/.*\.h' dsp/channel.c
    only 'jansson\.h' src/json.c
    only 'sqlite3\.h' src/database.c
    only 'archive(_entry)?\.h' src/sigmf_archive.c
    only 'sodium\.h' src/hash.c
    only 'cairo.*\.h' src/draw.c
    only 'libusb-1\.0/libusb\.h' tests/dongle/usb.h
    deny 'cmocka is for tests' '<cmocka\.h>' $(files dsp protocols src)
}

# Every source file is in the build: a forgotten one is not compiled at all.
listed()
{
    for file in $(files dsp protocols src | grep '\.c$'); do
        dir=${file%%/*}
        name=$(basename "$file" .c)
        grep -qE "'$name(\.c)?'" "$dir/meson.build" ||
            echo "$file: is not in $dir/meson.build" >>"$faults"
    done
    for file in $(find tests -name 'test_*.c' -o -name 'fuzz_*.c'); do
        name=$(basename "$file" .c)
        grep -qE "'${name#*_}'" tests/meson.build ||
            echo "$file: is not in tests/meson.build" >>"$faults"
    done
}

text_rules()
{
    tab=$(printf '\t')
    deny 'tab' "$tab" $texts
    deny 'space at the end of a line' ' $' $texts
    for file in $texts; do
        [ -z "$(tail -c 1 "$file")" ] ||
            echo "$file: no newline at the end" >>"$faults"
    done
    for file in $all; do
        grep -q "SPDX-License-Identifier: GPL-2.0-or-later" "$file" ||
            echo "$file: no SPDX line" >>"$faults"
        lines=$(wc -l <"$file")
        [ "$lines" -le 500 ] ||
            echo "$file: $lines lines, more than 500" >>"$faults"
    done
}

format()
{
    for tool in clang-format-14 clang-format; do
        if $tool --version 2>/dev/null | grep -q 'version 14\.'; then
                    for file in $all; do
                $tool --dry-run -Werror "$file" 2>/dev/null ||
                    echo "$file: not in form: $tool -i $file" >>"$faults"
            done
            return
        fi
    done
    echo 'clang-format 14 is not here: the form of the code is not checked'
}

# What the pure layers may not call, in one regular expression.
world='(f|v|vf|d|vd|s|vs)?printf|__(f|v|vf|s|vs)printf_chk|puts|fputs|putchar'
world="$world|exit|_exit|quick_exit|abort|time|clock|clock_gettime"
world="$world|gettimeofday|nanosleep|open|close|read|write|fopen|fclose|fread"
world="$world|fwrite|getenv|setenv|rand|srand|random|signal|pthread_.*"
# Modules whose init allocates; process() never does.
heap='burst_finder|channel|chip_track|noise_floor|spectrum|framing'
heap="$heap|framing_search|inference|story|unknown"

libraries()
{
    for lib in "$build"/dsp/libdsp.a "$build"/protocols/libprotocols.a; do
        [ -f "$lib" ] || continue
        # Names such as build/dsp/libdsp.a:spectrum.c.o: U malloc
        nm -u -A "$lib" 2>/dev/null | sed 's/.*[:/]\([^:/]*\.o\):/\1/' |
            awk '{ print $1, $NF }' >"$faults.nm"
        grep -E " ($world)$" "$faults.nm" |
            sed 's/^/calls the world: /' >>"$faults"
        grep -E ' (malloc|calloc|realloc|aligned_alloc|free)$' "$faults.nm" |
            grep -vE "^($heap)\.c\.o " |
            sed 's/^/allocates: /' >>"$faults"
        rm -f "$faults.nm"
        objdump -t "$lib" | awk -v lib="$lib" '
            /file format/ { file = $1 }
            / O / && / (\.data|\.bss|\.tdata|\.tbss|\*COM\*)\t/ {
                print file " writable global: " $NF
            }' >>"$faults"
    done
}

commits()
{
    git rev-parse --git-dir >/dev/null 2>&1 || return
    git log --no-merges --format='%h %s' | awk '
        { subject = substr($0, length($1) + 2) }
        length(subject) > 72 { print "commit " $0 ": over 72 characters" }
        /\.$/ { print "commit " $0 ": ends in a full stop" }' >>"$faults"
}

layers
third_party
listed
text_rules
format
[ -n "$build" ] && libraries
commits

cat "$faults"
[ ! -s "$faults" ]
