# SPDX-License-Identifier: Apache-2.0
# Kernels that kni.ko is built for besides the guest's, for bench/lab/setup. In $home/kernels:
#   headers/   of the kernel of bookworm-backports, for this machine's compiler
#   newest/    kernel, release, initrd and root/ as of $home/guest, with the kernel of trixie-backports. Its headers
#              are in the root, with the compiler of Debian 13 that they need, see bench/lab/inside
#   version    what it was made from
# shellcheck shell=bash

kernels=$home/kernels
newest_modules=(crypto drivers/net/{tun,veth}.ko.xz fs/{9p,netfs,overlayfs} lib net/{802,8021q,9p,bridge,llc})

kernels_version() {
    cat "$here"/{kernels,guest,headers,packages}.sh "$here"/guest/* "$here"/kernels/* | sha256sum | cut -c1-16
}

kernels_works() {
    [ -s "$kernels/newest/kernel" ] && [ "$(cat "$kernels/version" 2>/dev/null)" = "$(kernels_version)" ]
}

kernels_complaint() {
    ls "$kernels/newest/kernel" "$kernels/version"
}

install_kernels() {
    local new=$work/kernels release
    open_release trixie trixie-backports
    open_release bookworm bookworm-backports
    mkdir -p "$new/newest"
    release=$(dependencies bookworm linux-headers-amd64/bookworm-backports 'linux-headers-.*')
    unpack_headers "${release#linux-headers-}" "$new/headers"
    copy_root "$new/newest/root"
    unpack_compiler "$new/newest/root"
    unpack_kernel "$new/newest" trixie linux-image-amd64/trixie-backports "${newest_modules[@]}"
    make_initrd "$new/newest" "${initrd_modules[@]}"
    unpack_newest_headers "$new/newest/root" "$(cat "$new/newest/release")"
    kernels_version > "$new/version"
    rm -rf "$kernels"
    mv "$new" "$kernels"
}

# The guest's, without its modules.
copy_root() {
    mkdir -p "$1"
    tar -c -C "$guest/root" --exclude='./usr/lib/modules/*' . | tar -x -C "$1"
}

unpack_compiler() {
    download_with_libraries trixie make binutils gcc-14-x86-64-linux-gnu zstd
    unpack trixie "$1" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' \
        --exclude='*.a' --exclude='*/lto*'
    # Its dependencies are for programs that are not wanted.
    download trixie sparse
    unpack trixie "$1" './usr/bin/sparse'
    mkdir -p "$1/mnt" "$1/usr/local/bin"
    install "$here/kernels/sparse" "$1/usr/local/bin/"
    chmod -R u+rwX "$1"
}

unpack_newest_headers() {
    local root=$1 headers=linux-headers-$2 packages kbuild
    mapfile -t packages < <(dependencies trixie "$headers" 'linux-(headers|kbuild)-.*')
    download trixie "$headers" "${packages[@]}"
    unpack trixie "$root" --exclude='./usr/src/*/vmlinux' './usr/src' './usr/lib/linux-kbuild-*'
    for kbuild in "$root"/usr/lib/linux-kbuild-*; do
        [ -e "$kbuild/scripts/checker-valid.sh" ] || install "$here/kernels/checker-valid.sh" "$kbuild/scripts/"
    done
}
