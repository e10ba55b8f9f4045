// SPDX-License-Identifier: Apache-2.0
import io.vpmd.igb.IgbDriver;
import io.vpmd.spi.PortDriver;

import org.jspecify.annotations.NullMarked;

/** {@code net_igb}: gigabit NICs of Intel's 82576 family. */
@NullMarked
module io.vpmd.igb {
    requires transitive io.vpmd.spi;
    requires static org.jspecify;

    exports io.vpmd.igb;
    exports io.vpmd.igb.model;

    provides PortDriver with
            IgbDriver;
}
