// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.OptionalLong;

/**
 * The registers that keep the time of an event packet until it is read, the same in both families:
 * event packets of version 2 are stamped, over Ethernet and over UDP.
 */
public final class PacketStamps {
    private static final int VALID = 1;
    private static final int ENABLE = 1 << 4;
    private static final int EVENT_V2 = 5 << 1;
    private static final int PTP_ETHER_TYPE = 0x88f7;
    private static final int ETQF_1588 = 1 << 30;
    private static final int FILTER = 3;

    private final Registers regs;
    private final Register filters;
    private final int filterEnable;
    private final Direction received;
    private final Direction sent;
    private final Count count;

    /** The registers of one direction: TSYNCRXCTL, RXSTMPL, RXSTMPH, and those of transmission. */
    public record Direction(Register control, Register low, Register high) {}

    /** Reads a count from its two halves. */
    public interface Count {
        long read(Register low, Register high);
    }

    /**
     * Stamps nothing yet.
     *
     * @param filters ETQF, of which the fourth finds packets over Ethernet
     * @param filterEnable the bit there that enables one
     */
    public PacketStamps(
            Registers regs,
            Register filters,
            int filterEnable,
            Direction received,
            Direction sent,
            Count count) {
        this.regs = regs;
        this.filters = filters;
        this.filterEnable = filterEnable;
        this.received = received;
        this.sent = sent;
        this.count = count;
    }

    /** Begins to stamp. A stamp that is left over would keep the next one out: read both. */
    public void start() {
        regs.write(filters, FILTER, filterEnable | ETQF_1588 | PTP_ETHER_TYPE);
        regs.write(sent.control, ENABLE);
        regs.write(received.control, ENABLE | EVENT_V2);
    }

    public void stop() {
        regs.write(sent.control, 0);
        regs.write(received.control, 0);
        regs.write(filters, FILTER, 0);
    }

    /** The count at the arrival of a packet; reading the high half may make room for the next. */
    public OptionalLong received() {
        return stamp(received);
    }

    /** The same of a packet that was sent. */
    public OptionalLong sent() {
        return stamp(sent);
    }

    private OptionalLong stamp(Direction of) {
        boolean valid = (regs.read(of.control) & VALID) != 0;
        return valid ? OptionalLong.of(count.read(of.low, of.high)) : OptionalLong.empty();
    }
}
