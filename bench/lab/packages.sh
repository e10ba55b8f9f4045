# SPDX-License-Identifier: Apache-2.0
# Debian packages of any release, for bench/lab/setup: an apt of its own, with other sources and no knowledge of
# what this system has installed. Uses $work, $mirror and fail.
# shellcheck shell=bash

# apt_of RELEASE COMMAND ARGUMENT...; images of containers keep apt from remembering what it has parsed.
apt_of() {
    local state=$work/$1 release=$1
    shift
    "$1" \
        -o Dir::State="$state/state" -o Dir::State::status="$state/state/status" -o Dir::Cache="$state/cache" \
        -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin \
        -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts="$state/none" \
        -o Dir::Etc::preferencesparts="$state/none" -o Dir::Etc::preferences="$state/none/none" \
        -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Default-Release="$release" \
        -o APT::Install-Recommends=false -o Acquire::Languages=none -o Debug::NoLocking=1 \
        -o APT::Sandbox::User= -qq "${@:2}"
}

# Reads the package lists of a release once; further suites of it follow.
open_release() {
    local release=$1 state=$work/$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg suite
    [ -d "$state" ] && return
    [ -r $keys ] || fail "$keys is missing; install the package debian-archive-keyring"
    mkdir -p "$state"/{none,cache/archives/partial,state/lists/partial}
    : > "$state/state/status"
    for suite in "$@"; do
        echo "deb [signed-by=$keys] $mirror $suite main"
    done > "$state/sources.list"
    apt_of "$release" apt-get update \
        || fail "the package lists of $mirror cannot be read; check the network and VPMD_LAB_MIRROR"
}

# dependencies RELEASE PACKAGE PATTERN: what a package needs with such a name; of SUITE's package if it is PACKAGE/SUITE.
dependencies() {
    local suite=$1
    [[ $2 != */* ]] || suite=${2#*/}
    apt_of "$1" apt-cache -o APT::Default-Release="$suite" depends "${2%/*}" | sed -nE "s:^ *Depends\: ($3)\$:\1:p"
}

# Downloads packages with all that they depend on into $work/RELEASE/cache/archives.
download_with_libraries() {
    local release=$1
    shift
    rm -f "$work/$release"/cache/archives/*.deb
    apt_of "$release" apt-get install -y --download-only "$@" \
        || fail "these packages cannot be downloaded from $mirror: $*"
}

# The same without what they depend on.
download() {
    local release=$1
    shift
    rm -f "$work/$release"/cache/archives/*.deb
    (cd "$work/$release/cache/archives" && apt_of "$release" apt-get download "$@") \
        || fail "these packages cannot be downloaded from $mirror: $*"
}

# unpack RELEASE FOLDER [PATTERN...]: all downloaded packages, or the files that match; runs no maintainer script.
unpack() {
    local archives=$work/$1/cache/archives folder=$2 package
    shift 2
    mkdir -p "$folder"
    for package in "$archives"/*.deb; do
        # tar complains of patterns that one package does not match.
        dpkg-deb --fsys-tarfile "$package" \
            | tar -x -C "$folder" --wildcards --keep-directory-symlink --no-same-owner "$@" 2>"$work/tar.log" \
            || grep -q 'Not found in archive' "$work/tar.log" \
            || fail "$package cannot be unpacked: $(head -1 "$work/tar.log")"
    done
}
