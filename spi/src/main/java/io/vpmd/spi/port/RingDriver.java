// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/**
 * {@code net_ring:NAME}: what is sent on transmit queue i arrives on receive queue i. {@code
 * net_ring:a,peer=b} and {@code net_ring:b,peer=a} are the two ends of a wire.
 */
public final class RingDriver implements PortDriver {
    static final String NAME = "net_ring";

    /** For ServiceLoader. */
    public RingDriver() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Loopback, or one end of a wire between two ports, in memory";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                new PortOption("peer", "NAME", "the port itself", "who receives what it sends"),
                new PortOption("mac", "MAC", "random", "own address"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        MacAddress mac = spec.macOption("mac").orElseGet(MacAddress::random);
        return new RingPort(spec, spec.option("peer", spec.device()), mac);
    }
}
