// SPDX-License-Identifier: Apache-2.0
import io.vpmd.kni.KniDriver;
import io.vpmd.spi.PortDriver;

import org.jspecify.annotations.NullMarked;

/** {@code net_kni}: ports whose other side is a network interface of the Linux kernel. */
@NullMarked
module io.vpmd.kni {
    requires transitive io.vpmd.spi;
    requires static org.jspecify;

    exports io.vpmd.kni;
    exports io.vpmd.kni.netlink;

    provides PortDriver with
            KniDriver;
}
