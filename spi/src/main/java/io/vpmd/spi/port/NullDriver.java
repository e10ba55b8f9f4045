// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** {@code net_null:NAME}: receives as many packets as are asked for, and sends into the void. */
public final class NullDriver implements PortDriver {
    static final String NAME = "net_null";

    /** For ServiceLoader. */
    public NullDriver() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Endless source and sink of packets, for measuring what is in front of it";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                new PortOption("size", "14..65521", "64", "bytes of each received packet"),
                new PortOption("copy", "on|off", "off", "write and read all bytes of each packet"),
                new PortOption("no-rx", "on|off", "off", "receive nothing"),
                new PortOption("mac", "MAC", "random", "own address"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        int size = spec.intOption("size", 64, 14, NullPort.MAX_MTU);
        boolean copy = spec.booleanOption("copy", false);
        boolean silent = spec.booleanOption("no-rx", false);
        MacAddress mac = spec.macOption("mac").orElseGet(MacAddress::random);
        return new NullPort(spec, mac, silent ? 0 : size, copy);
    }
}
