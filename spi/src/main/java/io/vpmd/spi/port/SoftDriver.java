// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** {@code net_soft:NAME,port=[SPEC]}: segmentation and checksums for ports that have none. */
public final class SoftDriver implements PortDriver {
    /** For ServiceLoader. */
    public SoftDriver() {}

    @Override
    public String name() {
        return "net_soft";
    }

    @Override
    public String description() {
        return "Decorator: TCP segmentation, checksums and chains in software";
    }

    @Override
    public List<PortOption> options() {
        return List.of(DecoratorPort.PORT_OPTION);
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return DecoratorPort.open(spec, inner -> new SoftPort(spec, inner));
    }
}
