# SPDX-License-Identifier: Apache-2.0
# What modules for a kernel of Debian 12 are built with, by this machine's compiler, for bench/lab/setup.
# shellcheck shell=bash

# unpack_headers RELEASE FOLDER: FOLDER/linux-headers-RELEASE with all that belongs to it beside it. What pointed
# below /usr points to what lies beside it.
unpack_headers() {
    local release=$1 folder=$2 new=$work/headers-$1 part kbuild packages
    mapfile -t packages < <(dependencies bookworm "linux-headers-$release" 'linux-(headers|kbuild)-.*')
    download bookworm "linux-headers-$release" "${packages[@]}"
    # With the kernel's types beside them, which are not wanted in the modules, pahole would be asked for.
    unpack bookworm "$new" --exclude='./usr/src/*/vmlinux' './usr/src' './usr/lib/linux-kbuild-*'
    find "$new/usr/src" -maxdepth 1 -type l -delete
    mv "$new/usr/src" "$folder"
    mv "$new"/usr/lib/linux-kbuild-* "$folder/"
    kbuild=$(basename "$folder"/linux-kbuild-*)
    for part in "$folder"/linux-headers-*; do
        ln -sfn "../$kbuild/scripts" "$part/scripts"
        ln -sfn "../$kbuild/tools" "$part/tools"
    done
    # shellcheck disable=SC2016 # make's variables
    sed -i 's:/usr/src/:$(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)/:' "$folder/linux-headers-$release/Makefile"
    # Else the compiler that Debian built the kernel with is asked for.
    : > "$folder/linux-headers-$release/.kernelvariables"
}
