# install - what the build needs, from Debian's or Ubuntu's packages. Sourced
# by captures/demo.sh and tests/run.sh; calls apt only for what is missing.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh

# shellcheck disable=SC2034 # for those that source this
build_packages='meson ninja-build gcc libc6-dev pkg-config librtlsdr-dev
libliquid-dev libfftw3-dev libsndfile1-dev libjansson-dev libsqlite3-dev
libarchive-dev libsodium-dev libcairo2-dev libcmocka-dev python3'

# is_there PACKAGE: by what it brings, so that a meson from pip or a cc that is
# no package counts as well.
is_there()
{
    case $1 in
    meson) command -v meson ;;
    ninja-build) command -v ninja ;;
    gcc) command -v cc ;;
    pkg-config) command -v pkg-config ;;
    python3) command -v python3 ;;
    python3-jsonschema) python3 -c 'import jsonschema' ;;
    clang-format-14) command -v clang-format-14 ;;
    libc6-dev) test -e /usr/include/stdio.h ;;
    libliquid-dev) test -e /usr/include/liquid/liquid.h ;;
    librtlsdr-dev) pkg-config --exists librtlsdr ;;
    libcairo2-dev) pkg-config --exists cairo-svg ;;
    libfftw3-dev) pkg-config --exists fftw3f ;;
    libsndfile1-dev) pkg-config --exists sndfile ;;
    libjansson-dev) pkg-config --exists jansson ;;
    libsqlite3-dev) pkg-config --exists sqlite3 ;;
    libarchive-dev) pkg-config --exists libarchive ;;
    libsodium-dev) pkg-config --exists libsodium ;;
    libcmocka-dev) pkg-config --exists cmocka ;;
    *) test "$(dpkg-query -W -f='${db:Status-Status}' "$1")" = installed ;;
    esac >/dev/null 2>&1
}

missing_of()
{
    for package in "$@"; do
        is_there "$package" || printf '%s ' "$package"
    done
}

# apt NAME...: as root or through sudo, which may ask for the password.
apt_install()
{
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        return 1
    fi
    command -v apt-get >/dev/null 2>&1 || return 1
    $as_root apt-get update -q >&2 || true
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@" >&2
}

# need PACKAGE...: they are there afterwards, or the script ends.
need()
{
    # shellcheck disable=SC2046 # one word a package
    set -- $(missing_of "$@")
    [ $# -eq 0 ] && return 0
    echo "Installing: $*" >&2
    apt_install "$@" || true
    # shellcheck disable=SC2046
    set -- $(missing_of "$@")
    [ $# -eq 0 ] && return 0
    echo "These packages are needed and could not be installed: $*" >&2
    echo "As root: apt-get install $*" >&2
    exit 1
}

# want PACKAGE...: the same, and no harm where they cannot be had.
want()
{
    # shellcheck disable=SC2046
    set -- $(missing_of "$@")
    [ $# -eq 0 ] && return 0
    echo "Installing, if it can be had: $*" >&2
    apt_install "$@" || echo "Going on without: $*" >&2
}

# configure DIRECTORY [OPTION...]: a build directory, with these options.
configure()
{
    if [ -f "$1/build.ninja" ]; then
        dir=$1
        shift
        [ $# -eq 0 ] || meson configure "$dir" "$@"
    else
        meson setup "$@"
    fi
}
