# SPDX-License-Identifier: Apache-2.0
# The QEMU of the lab, for bench/lab/setup.
# shellcheck shell=bash

qemu=$home/qemu-system-x86_64

qemu_works() {
    [ -x "$qemu" ] && "$qemu" -device help 2>/dev/null | grep -q '"igb"'
}

qemu_complaint() {
    "$qemu" -version
}

install_qemu() {
    open_release trixie trixie-backports
    # The program, its firmware, and the libraries that ldd would name.
    download_with_libraries trixie -t trixie-backports qemu-system-x86 libc6 seabios
    unpack trixie "$work/qemu" --no-wildcards-match-slash './usr/bin/qemu-system-x86_64' './usr/lib' './usr/lib64' \
        './lib' './lib64' './usr/share/qemu' './usr/share/seabios'
    rm -rf "$home/qemu"
    mv "$work/qemu" "$home/qemu"
    # Through its own loader and libraries: those of this system may be older.
    cat > "$work/launcher" <<LAUNCHER
#!/bin/sh
root=$home/qemu
lib=\$root/usr/lib/x86_64-linux-gnu
exec "\$lib/ld-linux-x86-64.so.2" --library-path "\$lib" \\
    "\$root/usr/bin/qemu-system-x86_64" -L "\$root/usr/share/qemu" -L "\$root/usr/share/seabios" "\$@"
LAUNCHER
    chmod +x "$work/launcher"
    mv "$work/launcher" "$qemu"
}
