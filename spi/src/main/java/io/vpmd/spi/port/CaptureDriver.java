// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** {@code net_capture:FILE,port=[SPEC]}: all packets of the port inside, as pcapng. */
public final class CaptureDriver implements PortDriver {
    /** As tcpdump's: more than any packet has. */
    static final int MAX_SNAPLEN = 262_144;

    /** For ServiceLoader. */
    public CaptureDriver() {}

    @Override
    public String name() {
        return "net_capture";
    }

    @Override
    public String description() {
        return "Decorator: writes all packets to a pcapng file";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                DecoratorPort.PORT_OPTION,
                new PortOption("snaplen", "14..262144", "262144", "bytes kept of each packet"),
                new PortOption(
                        "buffer",
                        "1..256 MiB",
                        "4",
                        "per queue, a power of two; a full one drops"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return DecoratorPort.open(spec, inner -> new CapturePort(spec, inner));
    }
}
