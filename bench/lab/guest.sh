# SPDX-License-Identifier: Apache-2.0
# What the guests of the lab boot, for bench/lab/setup. In $home/guest:
#   kernel, release    Debian 12's kernel, and what uname -r says in it
#   initrd             loads the modules that reach the root file system, see guest/init
#   root/              the root file system, with /lib/modules/RELEASE
#   headers/           what modules are built with: make -C headers M=...
#   version            what it was made from
# shellcheck shell=bash

guest=$home/guest
guest_packages=(base-files bash busybox-static coreutils ethtool findutils grep iperf3 iproute2 iputils-ping kmod
    libc-bin libstdc++6 mawk mount pciutils procps sed tcpdump util-linux xz-utils zlib1g)
# With all that they depend on; wildcards of folders below the modules.
guest_modules=(arch crypto drivers/{block,char,dca,i2c/algos,iommu,net/'*.ko',net/ethernet/intel,net/mdio,net/phy,net/vmxnet3}
    drivers/{pci,pps,ptp,uio,vfio,vhost,virtio} fs/{9p,fscache,netfs,overlayfs} lib net virt)
initrd_modules=(9p 9pnet_virtio virtio_pci overlay)

# Changes with every line that has a say in what is installed.
guest_version() {
    cat "$here"/{guest,headers,packages}.sh "$here"/guest/* | sha256sum | cut -c1-16
}

guest_works() {
    [ -s "$guest/kernel" ] && [ "$(cat "$guest/version" 2>/dev/null)" = "$(guest_version)" ]
}

guest_complaint() {
    ls "$guest/kernel" "$guest/version"
}

install_guest() {
    local new=$work/guest
    open_release trixie trixie-backports
    open_release bookworm bookworm-backports
    unpack_root "$new/root"
    # The metapackage names the one kernel of this release.
    unpack_kernel "$new" bookworm linux-image-amd64 "${guest_modules[@]}"
    unpack_headers "$(cat "$new/release")" "$new/headers"
    build_igb_uio "$new"
    make_initrd "$new" "${initrd_modules[@]}"
    guest_version > "$new/version"
    rm -rf "$guest"
    mv "$new" "$guest"
}

unpack_root() {
    download_with_libraries trixie "${guest_packages[@]}"
    unpack trixie "$1" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
        --exclude='./usr/share/locale/*' --exclude='./dev/*'
    mkdir -p "$1"/{dev,proc,sys,run,tmp,host,etc}
    ln -sf ../proc/mounts "$1/etc/mtab"
    ln -sf bash "$1/usr/bin/sh"
    ln -sf mawk "$1/usr/bin/awk"
    echo 'root:x:0:0:root:/root:/bin/bash' > "$1/etc/passwd"
    echo 'root:x:0:' > "$1/etc/group"
    echo '127.0.0.1 localhost guest' > "$1/etc/hosts"
    cp "$here/guest/agent" "$1/usr/bin/agent"
    chmod -R u+rwX "$1"
}

# unpack_kernel FOLDER RELEASE METAPACKAGE MODULES...: makes FOLDER/{kernel,release} and the modules in FOLDER/root.
unpack_kernel() {
    local new=$1 image release module packages patterns=() kernel=$work/kernel-$2
    image=$(dependencies "$2" "$3" 'linux-image-.*')
    release=${image#linux-image-}
    # Newer ones are in parts.
    mapfile -t packages < <(dependencies "$2" "$image" 'linux-(binary|modules|base)-[0-9].*')
    download "$2" "$image" "${packages[@]}"
    for module in "${@:4}"; do
        patterns+=("./*lib/modules/*/kernel/$module")
    done
    unpack "$2" "$kernel" './*lib/modules/*/modules.*' './boot/vmlinuz-*' './usr/lib/modules/*/vmlinuz' "${patterns[@]}"
    [ -d "$kernel/lib" ] || mv "$kernel/usr/lib" "$kernel/lib"
    find "$kernel/lib/modules" -name '*.ko.xz' -exec "$new/root/usr/bin/busybox" unxz {} +
    decompress "$new/root" "$(find "$kernel" -name 'vmlinuz*')" "$new/kernel"
    # The root's /lib is a link into /usr.
    mkdir -p "$new/root/usr/lib/modules"
    mv "$kernel/lib/modules/$release" "$new/root/usr/lib/modules/"
    of_root "$new/root" kmod depmod -b "$new/root" "$release"
    echo "$release" > "$new/release"
}

# of_root ROOT PROGRAM NAME ARGUMENT...: runs a program of the root under a name; this machine may not have it.
of_root() {
    local lib=$1/usr/lib/x86_64-linux-gnu program=$1/usr/bin/$2 name=$3
    shift 3
    "$lib/ld-linux-x86-64.so.2" --library-path "$lib" --argv0 "$name" "$program" "$@"
}

# decompress ROOT FROM TO: an emulated processor takes seconds for what takes a moment here.
decompress() {
    local root=$1
    inflate "$2" '\xfd7zXZ\x00' "$root" xz -dc > "$3" || inflate "$2" '\x28\xb5\x2f\xfd' "$root" zstd -dc > "$3" || true
    [ "$(head -c 4 "$3" | tail -c 3)" = ELF ] || cp "$2" "$3"
}

# inflate FILE PATTERN ROOT PROGRAM ARGUMENT...: what begins with these bytes.
inflate() {
    local at
    at=$(LC_ALL=C grep -obUaP -m 1 "$2" "$1" | head -1 | cut -d: -f1) || return
    # Behind the data are four bytes that are not the program's.
    tail -c "+$((at + 1))" "$1" | of_root "$3" "$4" "${@:4}" 2>/dev/null || true
}

# The one module that Debian has as source only. Without a compiler its tests are skipped.
build_igb_uio() {
    local release source tool
    release=$(cat "$1/release")
    # The kernel's own objtool, which checks what gcc made, is linked with libelf, as iproute2 is.
    for tool in gcc make ip; do
        command -v "$tool" >/dev/null || {
            echo "igb_uio is not built: that needs gcc, make and iproute2" >&2
            return
        }
    done
    download bookworm dpdk-kmods-dkms
    unpack bookworm "$work/kmods" './usr/src'
    source=$(dirname "$(find "$work/kmods" -name igb_uio.c)")
    if make -s -C "$1/headers/linux-headers-$release" M="$source" modules > "$work/igb_uio.log" 2>&1; then
        cp "$source/igb_uio.ko" "$1/root/usr/lib/modules/$release/kernel/drivers/uio/"
        of_root "$1/root" kmod depmod -b "$1/root" "$release"
    else
        echo "igb_uio cannot be built here: $(grep -m 1 'error' "$work/igb_uio.log" || tail -1 "$work/igb_uio.log")" >&2
    fi
}

# make_initrd FOLDER MODULE...: FOLDER/initrd, with these modules and what they need, for the kernel there.
make_initrd() {
    local root release module file
    release=$(cat "$1/release")
    root=$work/initrd-$release
    mkdir -p "$root"/{bin,proc,sys,dev,modules,newroot,lower,rw}
    cp "$1/root/usr/bin/busybox" "$root/bin/"
    : > "$root/modules/order"
    for module in "${@:2}"; do
        of_root "$1/root" kmod modprobe -d "$1/root" -S "$release" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' > "$work/order"
    while read -r file; do
        cp "$file" "$root/modules/"
        basename "$file" >> "$root/modules/order"
    done < "$work/order"
    cp "$here/guest/init" "$root/init"
    chmod +x "$root/init"
    (cd "$root" && find . | "$1/root/usr/bin/busybox" cpio -o -H newc 2>/dev/null) > "$1/initrd"
}
