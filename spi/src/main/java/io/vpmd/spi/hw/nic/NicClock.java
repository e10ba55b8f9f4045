// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.Timesync;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The clock that stamps packets. A device's counter only ever runs on: what the clock was set to is
 * kept here, and the counter, which goes round, is read often enough to be known beyond that. With
 * the port's lock.
 */
public final class NicClock implements Timesync {
    private final NicPort port;
    private final Counter counter;
    private boolean enabled;
    private long partsPerBillion;
    /* The counter at the last look, and the time that was then. */
    private long lastCount;
    private long lastNanos;
    private long fraction;

    /** What differs between devices. */
    public interface Counter {
        /** Lets it count at its own rate, and stamps packets; those of before are forgotten. */
        void start();

        /** Ends stamping. */
        void stop();

        /** The count now. */
        long now();

        /** From one count to a later or a somewhat earlier one, though the counter went round. */
        long between(long from, long to);

        /** Bits of a count that are less than a nanosecond; the same from start to start. */
        int fractionBits();

        /** How much faster or slower it can be, in parts of 10^9. */
        long largestPartsPerBillion();

        /** Makes it faster or slower than its own rate, by at most that much. */
        void setRate(long partsPerBillion);

        /** The count at the arrival of an event packet, once; makes room for the next. */
        OptionalLong received();

        /** The same of a packet that was sent. */
        OptionalLong sent();
    }

    /** A clock that is off. */
    public NicClock(NicPort port, Counter counter) {
        this.port = port;
        this.counter = counter;
    }

    /** Writes all that was set, after a reset; the clock goes on from the last look. */
    public void apply() {
        if (enabled) {
            start(lastNanos);
        }
    }

    /** What the counter counts by has changed. */
    public void restart() {
        look();
        apply();
    }

    private void start(long nanos) {
        counter.start();
        if (partsPerBillion != 0) {
            counter.setRate(partsPerBillion);
        }
        lastCount = counter.now();
        lastNanos = nanos;
        fraction = 0;
    }

    /** Moves on to now; called also every second, long before the counter is round. */
    public void look() {
        if (enabled) {
            long count = counter.now();
            long passed = counter.between(lastCount, count) + fraction;
            int bits = counter.fractionBits();
            lastCount = count;
            lastNanos += passed >> bits;
            fraction = passed & ((1L << bits) - 1);
        }
    }

    /** The time of a count that is a little before or after the last look. */
    private long nanosOf(long count) {
        return lastNanos + (counter.between(lastCount, count) >> counter.fractionBits());
    }

    @Override
    public void enableTimesync() {
        port.control(
                "enableTimesync",
                () -> {
                    Instant now = Instant.now();
                    enabled = true;
                    partsPerBillion = 0;
                    start(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
                });
    }

    @Override
    public void disableTimesync() {
        port.control(
                "disableTimesync",
                () -> {
                    enabled = false;
                    counter.stop();
                });
    }

    @Override
    public long readTime() {
        return running("readTime", () -> lastNanos);
    }

    @Override
    public void setTime(long nanos) {
        long _ =
                running(
                        "setTime",
                        () -> {
                            lastNanos = nanos;
                            fraction = 0;
                            return nanos;
                        });
    }

    @Override
    public void adjustTime(long deltaNanos) {
        long _ = running("adjustTime", () -> lastNanos += deltaNanos);
    }

    @Override
    public void adjustFrequency(long wanted) {
        long _ =
                running(
                        "adjustFrequency",
                        () -> {
                            long most = counter.largestPartsPerBillion();
                            if (wanted > most || wanted < -most) {
                                throw new PortException(
                                        "adjustFrequency",
                                        port.name(),
                                        wanted + " parts in 10^9 are out of its range",
                                        "pass at most " + most + " either way");
                            }
                            partsPerBillion = wanted;
                            counter.setRate(wanted);
                            return wanted;
                        });
    }

    @Override
    public OptionalLong readRxTimestamp() {
        return running("readRxTimestamp", () -> time(counter.received()));
    }

    @Override
    public OptionalLong readTxTimestamp() {
        return running("readTxTimestamp", () -> time(counter.sent()));
    }

    private OptionalLong time(OptionalLong count) {
        return count.isPresent() ? OptionalLong.of(nanosOf(count.getAsLong())) : count;
    }

    /** Does something with the clock at now. */
    private <T> T running(String operation, Supplier<T> action) {
        return port.query(
                operation,
                () -> {
                    if (!enabled) {
                        throw new PortException(
                                operation,
                                port.name(),
                                "its clock does not run",
                                "call enableTimesync first");
                    }
                    look();
                    return action.get();
                });
    }
}
