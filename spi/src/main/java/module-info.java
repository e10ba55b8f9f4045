// SPDX-License-Identifier: Apache-2.0
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.port.CaptureDriver;
import io.vpmd.spi.port.EchoDriver;
import io.vpmd.spi.port.FaultDriver;
import io.vpmd.spi.port.NullDriver;
import io.vpmd.spi.port.RingDriver;
import io.vpmd.spi.port.SoftDriver;
import io.vpmd.spi.port.TraceDriver;

import org.jspecify.annotations.NullMarked;

/**
 * Polled Ethernet ports: the API that applications and driver authors see, and the software ports.
 */
@NullMarked
module io.vpmd.spi {
    requires static org.jspecify;

    exports io.vpmd.spi;
    exports io.vpmd.spi.feature;
    exports io.vpmd.spi.hw;
    exports io.vpmd.spi.hw.model;
    exports io.vpmd.spi.hw.nic;
    exports io.vpmd.spi.hw.ring;
    exports io.vpmd.spi.hw.vfiouser;
    exports io.vpmd.spi.mbuf;
    exports io.vpmd.spi.port;
    exports io.vpmd.spi.sys;
    exports io.vpmd.spi.wire;

    uses PortDriver;

    provides PortDriver with
            CaptureDriver,
            EchoDriver,
            FaultDriver,
            NullDriver,
            RingDriver,
            SoftDriver,
            TraceDriver;
}
