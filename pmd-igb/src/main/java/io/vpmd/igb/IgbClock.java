// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicClock;

import java.util.OptionalLong;

/**
 * The counter that stamps packets. It goes round after 9.7 hours on the 82576 and 18 minutes on
 * 82580, I350 and I354.
 */
final class IgbClock implements NicClock.Counter {
    private static final int VALID = 1;
    private static final int ENABLE = 1 << 4;
    /* Event packets of version 2, over Ethernet and over UDP. */
    private static final int EVENT_V2 = 5 << 1;
    private static final int PTP_ETHER_TYPE = 0x88f7;
    private static final int ETQF_ENABLE = 1 << 26;
    private static final int ETQF_1588 = 1 << 30;
    private static final int FILTER = 3;
    private static final long LARGEST_PPB = 62_499_999;

    private final Registers regs;
    private final IgbSystemTime time;

    IgbClock(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.time = IgbSystemTime.of(chip);
    }

    @Override
    public void start() {
        time.start(regs);
        regs.write(ETQF, FILTER, ETQF_1588 | ETQF_ENABLE | PTP_ETHER_TYPE);
        regs.write(TSYNCTXCTL, ENABLE);
        regs.write(TSYNCRXCTL, ENABLE | EVENT_V2);
        // A stamp that is left over would keep the next one out.
        received();
        sent();
    }

    @Override
    public void stop() {
        regs.write(TSYNCTXCTL, 0);
        regs.write(TSYNCRXCTL, 0);
        regs.write(ETQF, FILTER, 0);
    }

    @Override
    public long now() {
        return time.now(regs);
    }

    @Override
    public long between(long from, long to) {
        return time.between(from, to);
    }

    @Override
    public int fractionBits() {
        return time.fractionBits;
    }

    @Override
    public long largestPartsPerBillion() {
        return LARGEST_PPB;
    }

    @Override
    public void setRate(long partsPerBillion) {
        regs.write(TIMINCA, time.increment(partsPerBillion));
    }

    @Override
    public OptionalLong received() {
        OptionalLong count = stamp(TSYNCRXCTL, RXSTMPL, RXSTMPH);
        if (count.isPresent()) {
            // Reading the last of the attributes makes room for the next; of a sent one, the time.
            regs.read(RXSATRH);
        }
        return count;
    }

    @Override
    public OptionalLong sent() {
        return stamp(TSYNCTXCTL, TXSTMPL, TXSTMPH);
    }

    private OptionalLong stamp(Register control, Register low, Register high) {
        boolean valid = (regs.read(control) & VALID) != 0;
        return valid ? OptionalLong.of(time.read(regs, low, high)) : OptionalLong.empty();
    }
}
