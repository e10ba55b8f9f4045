// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.bench.jmh.NicStub.Answer;
import io.vpmd.bench.jmh.NicStub.Chip;
import io.vpmd.ixgbe.IxgbeDriver;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.List;
import java.util.function.Function;

/** net_ixgbe on an 82599 with a backplane. */
@State(Scope.Thread)
public class IxgbeBenchmark extends NicBenchmark {
    private static final Answer CTRL_RESETS = new Answer(0x00, 0, 1 << 26 | 1 << 3);
    private static final Answer RDRXCTL_DMAIDONE = new Answer(0x2f00, 1 << 3, 0);
    private static final Answer SECRXSTAT_READY = new Answer(0x8d04, 1, 0);
    private static final Answer FDIRCTRL_INIT_DONE = new Answer(0xee00, 1 << 3, 0);
    private static final Answer EEC_ARD = new Answer(0x10010, 1 << 9, 0);
    private static final Answer EERD_DONE = new Answer(0x10014, 1 << 1, 0);
    private static final Chip CHIP =
            new Chip(
                    0x10f7_8086,
                    0x1018,
                    0x6018,
                    0xa200,
                    List.of(
                            CTRL_RESETS,
                            RDRXCTL_DMAIDONE,
                            SECRXSTAT_READY,
                            FDIRCTRL_INIT_DONE,
                            EEC_ARD,
                            EERD_DONE));

    /** For JMH. */
    public IxgbeBenchmark() {
        super("net_ixgbe", CHIP);
    }

    @Override
    PortDriver driver(Function<PortSpec, Bus> buses) {
        return new IxgbeDriver(buses);
    }
}
