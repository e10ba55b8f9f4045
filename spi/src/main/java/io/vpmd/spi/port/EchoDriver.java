// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/**
 * {@code net_echo:NAME}: a remote host that answers ARP, ping, neighbour solicitation and UDP, the
 * last by sending the datagram back.
 */
public final class EchoDriver implements PortDriver {
    static final String NAME = "net_echo";

    /** For ServiceLoader. */
    public EchoDriver() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "A remote host that answers ARP, ping, neighbour solicitation and UDP echo";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                new PortOption("ip", "IPV4", EchoAddresses.DEFAULT_IP, "the host's address"),
                new PortOption("ip6", "IPV6", EchoAddresses.DEFAULT_IP6, "the host's address"),
                new PortOption("mac", "MAC", "02:00 and the ip", "the host's MAC address"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return new EchoPort(spec, MacAddress.random(), EchoAddresses.of(spec));
    }
}
