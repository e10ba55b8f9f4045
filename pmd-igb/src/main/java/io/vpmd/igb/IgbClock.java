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
 * The clock of the 82576, 7.9 of its data sheet: a counter that TIMINCA makes 16 ns faster every 16
 * ns, in units of 2^-19 ns. It is read often enough to be known beyond its 9.7 hours.
 */
final class IgbClock implements Timesync {
    private static final int FRACTION_BITS = 19;
    private static final int INCREMENT = 16 << FRACTION_BITS;
    private static final int PERIOD = 1 << 24;
    private static final int VALID = 1;
    private static final int ENABLE = 1 << 4;
    /* Event packets of version 2, over Ethernet and over UDP. */
    private static final int EVENT_V2 = 5 << 1;
    private static final int PTP_ETHER_TYPE = 0x88f7;
    private static final int ETQF_ENABLE = 1 << 26;
    private static final int ETQF_1588 = 1 << 30;
    private static final int FILTER = 3;
    private static final long BILLION = 1_000_000_000L;
    private static final long LARGEST_PPB = 62_499_999;

    private final IgbPort port;
    private final Registers regs;
    private boolean enabled;
    /* The counter at the last look, and the time that was then. */
    private long lastCount;
    private long lastNanos;
    private long fraction;

    IgbClock(IgbPort port, Registers regs) {
        this.port = port;
        this.regs = regs;
    }

    /** Writes all that was set, after a reset; the clock goes on from the last look. */
    void apply() {
        if (enabled) {
            start(lastNanos);
        }
    }

    private void start(long nanos) {
        regs.write(TIMINCA, PERIOD | INCREMENT);
        regs.write(ETQF, FILTER, ETQF_1588 | ETQF_ENABLE | PTP_ETHER_TYPE);
        regs.write(TSYNCTXCTL, ENABLE);
        regs.write(TSYNCRXCTL, ENABLE | EVENT_V2);
        // A stamp that is left over would keep the next one out.
        stamp(TSYNCRXCTL, RXSTMPL, RXSTMPH);
        stamp(TSYNCTXCTL, TXSTMPL, TXSTMPH);
        lastCount = count(SYSTIML, SYSTIMH);
        lastNanos = nanos;
        fraction = 0;
    }

    /** The low half first: reading it holds the high half. */
    private long count(Register low, Register high) {
        long bits = regs.read(low) & 0xffff_ffffL;
        return bits | (long) regs.read(high) << 32;
    }

    /** Moves on to now; called also by the watch, long before the counter is round. */
    void look() {
        if (enabled) {
            long count = count(SYSTIML, SYSTIMH);
            long passed = count - lastCount + fraction;
            lastCount = count;
            lastNanos += passed >>> FRACTION_BITS;
            fraction = passed & ((1L << FRACTION_BITS) - 1);
        }
    }

    /** The time of a count that is a little before or after the last look. */
    private long nanosOf(long count) {
        return lastNanos + ((count - lastCount) >> FRACTION_BITS);
    }

    private OptionalLong stamp(Register control, Register low, Register high) {
        if ((regs.read(control) & VALID) == 0) {
            return OptionalLong.empty();
        }
        OptionalLong count = OptionalLong.of(count(low, high));
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
                    long change = INCREMENT * partsPerBillion / BILLION;
                    regs.write(TIMINCA, PERIOD | (int) (INCREMENT + change));
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
