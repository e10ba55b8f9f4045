// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.bench.jmh.NicStub.Answer;
import io.vpmd.bench.jmh.NicStub.Chip;
import io.vpmd.igb.IgbDriver;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.List;
import java.util.function.Function;

/** net_igb on an 82576. */
@State(Scope.Thread)
public class IgbBenchmark extends NicBenchmark {
    private static final Answer CTRL_RST = new Answer(0x00, 0, 1 << 26);
    private static final Answer EERD_DONE = new Answer(0x14, 1 << 1, 0);
    private static final Answer MDIC_READY = new Answer(0x20, 1 << 28, 0);
    private static final Chip CHIP =
            new Chip(0x10c9_8086, 0xc018, 0xe018, 0x5400, List.of(CTRL_RST, EERD_DONE, MDIC_READY));

    /** For JMH. */
    public IgbBenchmark() {
        super("net_igb", CHIP);
    }

    @Override
    PortDriver driver(Function<PortSpec, Bus> buses) {
        return new IgbDriver(buses);
    }
}
