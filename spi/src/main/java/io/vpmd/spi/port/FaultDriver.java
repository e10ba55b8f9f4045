// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/**
 * {@code net_fault:NAME,port=[SPEC],drop=1}: a bad wire between the application and the port
 * inside. The same seed and the same packets on a queue give the same faults.
 */
public final class FaultDriver implements PortDriver {
    private static final String PERCENT = "0..100 percent";

    /** For ServiceLoader. */
    public FaultDriver() {}

    @Override
    public String name() {
        return "net_fault";
    }

    @Override
    public String description() {
        return "Decorator: loses, doubles, corrupts, reorders and delays packets";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                DecoratorPort.PORT_OPTION,
                new PortOption("drop", PERCENT, "0", "packets lost"),
                new PortOption("duplicate", PERCENT, "0", "packets that come twice"),
                new PortOption("corrupt", PERCENT, "0", "packets with one bit inverted"),
                new PortOption("reorder", PERCENT, "0", "received packets behind the next one"),
                new PortOption("delay", "0..10000 ms", "0", "delay of received packets"),
                new PortOption("shortTx", PERCENT, "0", "bursts that find the queue full"),
                new PortOption("on", "rx|tx|both", "both", "direction of drop to corrupt"),
                new PortOption("seed", "0..2147483647", "1", "start of the random sequence"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return DecoratorPort.open(spec, inner -> new FaultPort(spec, inner));
    }
}
