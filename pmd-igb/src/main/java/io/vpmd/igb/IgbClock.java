// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicClock;
import io.vpmd.spi.hw.nic.PacketStamps;

import java.util.OptionalLong;

/**
 * The counter that stamps packets. It goes round after 9.7 hours on the 82576 and 18 minutes on
 * 82580, I350 and I354.
 */
final class IgbClock implements NicClock.Counter {
    private static final int ETQF_ENABLE = 1 << 26;
    private static final long LARGEST_PPB = 62_499_999;

    private final Registers regs;
    private final IgbSystemTime time;
    private final PacketStamps stamps;

    IgbClock(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.time = IgbSystemTime.of(chip);
        stamps =
                new PacketStamps(
                        regs,
                        ETQF,
                        ETQF_ENABLE,
                        new PacketStamps.Direction(TSYNCRXCTL, RXSTMPL, RXSTMPH),
                        new PacketStamps.Direction(TSYNCTXCTL, TXSTMPL, TXSTMPH),
                        (low, high) -> time.read(regs, low, high));
    }

    @Override
    public void start() {
        time.start(regs);
        stamps.start();
        received();
        sent();
    }

    @Override
    public void stop() {
        stamps.stop();
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
        OptionalLong count = stamps.received();
        if (count.isPresent()) {
            // Reading the last of the attributes makes room for the next; of a sent one, the time.
            regs.read(RXSATRH);
        }
        return count;
    }

    @Override
    public OptionalLong sent() {
        return stamps.sent();
    }
}
