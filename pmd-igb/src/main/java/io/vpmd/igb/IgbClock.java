// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.Timesync;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The clock that stamps packets. Its counter goes round after 9.7 hours on the 82576 and 18 minutes
 * on 82580, I350 and I354; it is read often enough to be known beyond that.
 */
final class IgbClock implements Timesync {
    private static final int VALID = 1;
    private static final int ENABLE = 1 << 4;
    /* Event packets of version 2, over Ethernet and over UDP. */
    private static final int EVENT_V2 = 5 << 1;
    private static final int PTP_ETHER_TYPE = 0x88f7;
    private static final int ETQF_ENABLE = 1 << 26;
    private static final int ETQF_1588 = 1 << 30;
    private static final int FILTER = 3;
    private static final long LARGEST_PPB = 62_499_999;

    private final IgbPort port;
    private final Registers regs;
    private final IgbSystemTime time;
    private boolean enabled;
    /* The counter at the last look, and the time that was then. */
    private long lastCount;
    private long lastNanos;
    private long fraction;

    IgbClock(IgbPort port, Registers regs, IgbChip chip) {
        this.port = port;
        this.regs = regs;
        this.time = IgbSystemTime.of(chip);
    }

    /** Writes all that was set, after a reset; the clock goes on from the last look. */
    void apply() {
        if (enabled) {
            start(lastNanos);
        }
    }

    private void start(long nanos) {
        time.start(regs);
        regs.write(ETQF, FILTER, ETQF_1588 | ETQF_ENABLE | PTP_ETHER_TYPE);
        regs.write(TSYNCTXCTL, ENABLE);
        regs.write(TSYNCRXCTL, ENABLE | EVENT_V2);
        // A stamp that is left over would keep the next one out.
        stamp(TSYNCRXCTL, RXSTMPL, RXSTMPH);
        stamp(TSYNCTXCTL, TXSTMPL, TXSTMPH);
        lastCount = time.now(regs);
        lastNanos = nanos;
        fraction = 0;
    }

    /** Moves on to now; called also by the watch, long before the counter is round. */
    void look() {
        if (enabled) {
            long count = time.now(regs);
            long passed = time.between(lastCount, count) + fraction;
            lastCount = count;
            lastNanos += passed >> time.fractionBits;
            fraction = passed & ((1L << time.fractionBits) - 1);
        }
    }

    /** The time of a count that is a little before or after the last look. */
    private long nanosOf(long count) {
        return lastNanos + (time.between(lastCount, count) >> time.fractionBits);
    }

    private OptionalLong stamp(Register control, Register low, Register high) {
        if ((regs.read(control) & VALID) == 0) {
            return OptionalLong.empty();
        }
        OptionalLong count = OptionalLong.of(time.read(regs, low, high));
        if (control.equals(TSYNCRXCTL)) {
            // Reading the last of the attributes makes room for the next; of a sent one, the time.
            regs.read(RXSATRH);
        }
        return count;
    }

    @Override
    public void enableTimesync() {
        port.control(
                "enableTimesync",
                () -> {
                    Instant now = Instant.now();
                    enabled = true;
                    start(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
                });
    }

    @Override
    public void disableTimesync() {
        port.control(
                "disableTimesync",
                () -> {
                    enabled = false;
                    regs.write(TSYNCTXCTL, 0);
                    regs.write(TSYNCRXCTL, 0);
                    regs.write(ETQF, FILTER, 0);
                });
    }

    @Override
    public long readTime() {
        return port.query(
                "readTime",
                () -> {
                    checkRuns("readTime");
                    look();
                    return lastNanos;
                });
    }

    @Override
    public void setTime(long nanos) {
        port.control(
                "setTime",
                () -> {
                    checkRuns("setTime");
                    look();
                    lastNanos = nanos;
                    fraction = 0;
                });
    }

    @Override
    public void adjustTime(long deltaNanos) {
        port.control(
                "adjustTime",
                () -> {
                    checkRuns("adjustTime");
                    look();
                    lastNanos += deltaNanos;
                });
    }

    @Override
    public void adjustFrequency(long partsPerBillion) {
        port.control(
                "adjustFrequency",
                () -> {
                    checkRuns("adjustFrequency");
                    if (Math.abs(partsPerBillion) > LARGEST_PPB) {
                        throw new PortException(
                                "adjustFrequency",
                                port.name(),
                                partsPerBillion + " parts in 10^9 are out of its range",
                                "pass at most " + LARGEST_PPB + " either way");
                    }
                    look();
                    regs.write(TIMINCA, time.increment(partsPerBillion));
                });
    }

    @Override
    public OptionalLong readRxTimestamp() {
        return read("readRxTimestamp", TSYNCRXCTL, RXSTMPL, RXSTMPH);
    }

    @Override
    public OptionalLong readTxTimestamp() {
        return read("readTxTimestamp", TSYNCTXCTL, TXSTMPL, TXSTMPH);
    }

    private OptionalLong read(String operation, Register control, Register low, Register high) {
        return port.query(
                operation,
                () -> {
                    checkRuns(operation);
                    look();
                    OptionalLong count = stamp(control, low, high);
                    return count.isPresent() ? OptionalLong.of(nanosOf(count.getAsLong())) : count;
                });
    }

    private void checkRuns(String operation) {
        if (!enabled) {
            throw new PortException(
                    operation, port.name(), "its clock does not run", "call enableTimesync first");
        }
    }
}
