# SPDX-License-Identifier: Apache-2.0
# Debian 12's kernel with the checks of debug-kernel.config, for bench/lab/setup. In $home/debug:
#   kernel, release, initrd   as of $home/guest, whose root it has
#   headers/                  what kni.ko is built with
#   version                   what it was made from
# Each allocation of it can be made to fail: KASAN, lockdep and fault injection are in no kernel of Debian's.
# shellcheck shell=bash

debug=$home/debug

debug_version() {
    cat "$here"/debug-kernel.{sh,config} "$here/guest/init" | sha256sum | cut -c1-16
}

debug_works() {
    [ -s "$debug/kernel" ] && [ "$(cat "$debug/version" 2>/dev/null)" = "$(debug_version)" ]
}

debug_complaint() {
    ls "$debug/kernel" "$debug/version"
}

install_debug() {
    local new=$work/debug source=$home/debug.source log=$home/debug.log
    need gcc make flex bison bc
    echo '#include <libelf.h>' | gcc -E - >/dev/null 2>&1 || fail "libelf.h is missing; install libelf-dev"
    unpack_source "$source"
    echo "building the debug kernel; see $log"
    build_debug "$source" > "$log" 2>&1 || fail "the debug kernel cannot be built: $(grep -m 1 -i error "$log" || tail -1 "$log")"
    mkdir -p "$new/headers"
    make -s -C "$source" kernelrelease > "$new/release"
    cp "$source/arch/x86/boot/bzImage" "$new/kernel"
    copy_headers "$source" "$new/headers/linux-headers-$(cat "$new/release")"
    # All that it needs is in the kernel.
    ln -s "$guest/root" "$new/root"
    make_initrd "$new"
    rm "$new/root"
    debug_version > "$new/version"
    rm -rf "$debug"
    mv "$new" "$debug"
    rm -rf "$source"
}

# What was built before an interruption is kept.
unpack_source() {
    [ "$(cat "$1/version" 2>/dev/null)" = "$(debug_version)" ] && return
    rm -rf "$1"
    open_release bookworm bookworm-backports
    download bookworm "$(dependencies bookworm linux-source 'linux-source-.*')"
    unpack bookworm "$work/source" './usr/src/*.tar.xz'
    mkdir -p "$1"
    tar -x -C "$1" --strip-components=1 -f "$work"/source/usr/src/*.tar.xz
    KCONFIG_ALLCONFIG=$here/debug-kernel.config make -s -C "$1" allnoconfig
    debug_version > "$1/version"
}

build_debug() {
    local line
    while read -r line; do
        # What another release has renamed or makes depend on more is not silently left out.
        grep -qxF "$line" "$1/.config" || {
            echo "error: this kernel cannot have $line"
            return 1
        }
    done < <(grep '^CONFIG_' "$here/debug-kernel.config")
    nice -n 19 make -j"$(nproc)" -C "$1" bzImage modules
}

# copy_headers SOURCE FOLDER: what building a module reads of a built kernel.
copy_headers() {
    mkdir -p "$2"
    (
        cd "$1"
        find . -maxdepth 1 -name Makefile -o -maxdepth 1 -name .config -o -maxdepth 1 -name Module.symvers
        find arch/x86 -maxdepth 1 -name 'Makefile*'
        find include scripts arch/x86/include tools/objtool/objtool ! -name '*.o' ! -type d
        find arch/x86 -path '*/entry/syscalls/*' -o -name '*.lds' -type f
    ) | sort -u | tar -c -C "$1" -T - | tar -x -C "$2"
}
