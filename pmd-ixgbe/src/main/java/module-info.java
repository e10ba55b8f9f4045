// SPDX-License-Identifier: Apache-2.0
import io.vpmd.ixgbe.IxgbeDriver;
import io.vpmd.spi.PortDriver;

import org.jspecify.annotations.NullMarked;

/** {@code net_ixgbe}: ten-gigabit NICs of Intel's 82599 family. */
@NullMarked
module io.vpmd.ixgbe {
    requires transitive io.vpmd.spi;
    requires static org.jspecify;

    exports io.vpmd.ixgbe;
    exports io.vpmd.ixgbe.model;

    provides PortDriver with
            IxgbeDriver;
}
