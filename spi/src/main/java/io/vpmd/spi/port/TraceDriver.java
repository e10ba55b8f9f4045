// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** {@code net_trace:NAME,port=[SPEC]}: one line about each packet of the port inside. */
public final class TraceDriver implements PortDriver {
    /** For ServiceLoader. */
    public TraceDriver() {}

    @Override
    public String name() {
        return "net_trace";
    }

    @Override
    public String description() {
        return "Decorator: one line about each packet, to a file or the log";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                DecoratorPort.PORT_OPTION,
                new PortOption("file", "PATH", "the log", "where the lines go"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return DecoratorPort.open(spec, inner -> new TracePort(spec, inner));
    }
}
