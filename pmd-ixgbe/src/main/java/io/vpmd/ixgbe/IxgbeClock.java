// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicClock;
import io.vpmd.spi.hw.nic.PacketStamps;

import java.util.OptionalLong;

/**
 * The counter that stamps packets, 7.9:
 *
 * <pre>
 *   82599   64 bits, to which TIMINCA is added with each clock of the MAC
 *   X540    the same with a wider TIMINCA, and more bits of a fraction
 *   X550    nanoseconds below a second in the low half, seconds in the high half; 12.5 ns are added
 *           with each clock of its own, and TIMINCA is what more, in units of 2^-32 ns
 * </pre>
 *
 * The clock of the MAC goes by the link's speed: a period is 6.4 ns at 10 Gb/s, 64 at 1 Gb/s and
 * 640 at 100 Mb/s. While the link changes its speed that of the counter is wrong.
 */
final class IxgbeClock implements NicClock.Counter {
    private static final int PTP_EVENT_PORT = 319;
    private static final long BILLION = 1_000_000_000L;
    private static final int EVERY_CLOCK = 1 << 24;
    /* What TIMINCA of the 82599 has less than that of the X540, which has all of 32 bits. */
    private static final int NARROWER = 7;
    /* So that a fourth more still fits TIMINCA. */
    private static final long LARGEST_PPB = 249_999_999;
    /* 12.5 ns in units of 2^-32 ns, and the most that 31 bits of TIMINCA add to that. */
    private static final long X550_PERIOD = 25L << 31;
    private static final long X550_LARGEST_PPB = 39_999_999;
    private static final int SLOWER = 1 << 31;

    private final Registers regs;
    private final IxgbeChip chip;
    private final IxgbeLink link;
    private final PacketStamps stamps;
    private Rate rate = Rate.MBPS_10000;

    /** What is added in a period, with so many bits of a fraction. */
    private enum Rate {
        MBPS_100(640, 21),
        MBPS_1000(64, 24),
        MBPS_10000(6.4, 28);

        final long increment;
        final int fractionBits;

        Rate(double periodNanos, int fractionBits) {
            this.increment = (long) (periodNanos * (1L << fractionBits));
            this.fractionBits = fractionBits;
        }
    }

    IxgbeClock(Registers regs, IxgbeChip chip, IxgbeLink link) {
        this.regs = regs;
        this.chip = chip;
        this.link = link;
        stamps =
                new PacketStamps(
                        regs,
                        ETQF,
                        ETQF_FILTER_EN,
                        new PacketStamps.Direction(TSYNCRXCTL, RXSTMPL, RXSTMPH),
                        new PacketStamps.Direction(TSYNCTXCTL, TXSTMPL, TXSTMPH),
                        this::read);
    }

    /** Whether the link's speed is another than the counter was started for. */
    boolean outOfStep() {
        return !chip.has(Trait.SECONDS_IN_SYSTIM) && rate != rateOfLink();
    }

    /** That of 10 Gb/s without a link. */
    private Rate rateOfLink() {
        return switch (link.state().speedMbps()) {
            case 100 -> Rate.MBPS_100;
            case 1_000 -> Rate.MBPS_1000;
            default -> Rate.MBPS_10000;
        };
    }

    @Override
    public void start() {
        rate = rateOfLink();
        if (chip.has(Trait.SECONDS_IN_SYSTIM)) {
            regs.change(TSAUXC, TSAUXC_DISABLE_SYSTIM, 0);
        }
        setRate(0);
        regs.write(RXMTRL, PTP_EVENT_PORT << RXMTRL_UDPT_SHIFT);
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
        if (chip.has(Trait.SECONDS_IN_SYSTIM)) {
            // The lowest register is the one whose reading holds the others.
            regs.read(SYSTIMR);
        }
        return read(SYSTIML, SYSTIMH);
    }

    /** A pair of registers, the low one first: reading it holds the high one. */
    private long read(Register low, Register high) {
        long bits = regs.read(low) & 0xffff_ffffL;
        int upper = regs.read(high);
        return chip.has(Trait.SECONDS_IN_SYSTIM)
                ? (upper & 0xffff_ffffL) * BILLION + bits
                : bits | (long) upper << 32;
    }

    @Override
    public long between(long from, long to) {
        return to - from;
    }

    @Override
    public int fractionBits() {
        if (chip.has(Trait.SECONDS_IN_SYSTIM)) {
            return 0;
        }
        return chip.has(Trait.WIDE_TIMINCA) ? rate.fractionBits : rate.fractionBits - NARROWER;
    }

    @Override
    public long largestPartsPerBillion() {
        return chip.has(Trait.SECONDS_IN_SYSTIM) ? X550_LARGEST_PPB : LARGEST_PPB;
    }

    @Override
    public void setRate(long partsPerBillion) {
        if (chip.has(Trait.SECONDS_IN_SYSTIM)) {
            long more = X550_PERIOD / 1_000 * Math.abs(partsPerBillion) / 1_000_000;
            regs.write(TIMINCA, (int) more | (partsPerBillion < 0 ? SLOWER : 0));
            return;
        }
        long usual = chip.has(Trait.WIDE_TIMINCA) ? rate.increment : rate.increment >> NARROWER;
        int increment = (int) (usual + usual * partsPerBillion / BILLION);
        regs.write(TIMINCA, chip.has(Trait.WIDE_TIMINCA) ? increment : EVERY_CLOCK | increment);
    }

    @Override
    public OptionalLong received() {
        return stamps.received();
    }

    @Override
    public OptionalLong sent() {
        return stamps.sent();
    }
}
