// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** The port that faces the kernel's network stack, and the kernel's interfaces by netlink. */
@NullMarked
module io.vpmd.kni {
    requires static org.jspecify;
    requires transitive io.vpmd.spi;

    exports io.vpmd.kni.netlink;
}
