// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.Link;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.RateLimit;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;

/**
 * The rate scheduler of transmit queues, 7.7.2.3: a queue waits after each packet in proportion to
 * its length, by the factor of link speed to limit.
 */
final class IxgbeRates implements RateLimit {
    /* Bits after the point of the factor, and before it. */
    private static final int FRACTION_BITS = 14;
    private static final int LARGEST_FACTOR = (1 << 24) - 1;
    /* How far a queue may be behind and catch up: that of 9.5 KB frames, 8.2.3.10.15. */
    private static final int MEMORY_WINDOW = 0x14;

    private final NicPort port;
    private final Registers regs;
    private final IxgbeLink link;
    private final int[] limits = new int[IxgbeChip.QUEUES];

    IxgbeRates(NicPort port, Registers regs, IxgbeLink link) {
        this.port = port;
        this.regs = regs;
        this.link = link;
    }

    /** Writes all that was set; when the link has come up, again, for its speed. */
    void apply() {
        regs.write(RTTBCNRM, MEMORY_WINDOW);
        Link now = link.state();
        for (int q = 0; q < limits.length; q++) {
            write(q, now.up() ? now.speedMbps() : 0);
        }
    }

    private void write(int queue, int speed) {
        int limit = limits[queue];
        int value = 0;
        if (limit != 0 && limit < speed) {
            long factor = ((long) speed << FRACTION_BITS) / limit;
            value = RTTBCNRC_RS_ENA | (int) Math.min(factor, LARGEST_FACTOR);
        }
        regs.write(RTTDQSEL, queue);
        regs.write(RTTBCNRC, value);
    }

    @Override
    public int rateLimit(int queue) {
        return port.query("rateLimit", () -> limits[checked("rateLimit", queue)]);
    }

    @Override
    public void setRateLimit(int queue, int megabits) {
        port.control(
                "setRateLimit",
                () -> {
                    int q = checked("setRateLimit", queue);
                    if (megabits < 0) {
                        throw new PortException(
                                "setRateLimit",
                                port.name(),
                                megabits + " Mbit/s are no limit",
                                "pass 0 for none, or more");
                    }
                    limits[q] = megabits;
                    apply();
                });
    }

    private int checked(String operation, int queue) {
        if (queue < 0 || queue >= limits.length) {
            throw new PortException(
                    operation,
                    port.name(),
                    "there is no transmit queue " + queue,
                    "pass one from 0 to " + (limits.length - 1));
        }
        return queue;
    }
}
