// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.RegisterTable;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a NIC in software has whatever its registers are: a wire, write-backs, statistics, and
 * faults that can be switched on and off.
 *
 * @param <F> what can be made wrong with it
 */
public abstract class NicModel<F extends Enum<F>> extends DeviceModel {
    private static final long LATE_NANOS = 2_000_000;
    private static final long FLAP_PERIOD_NANOS = 200_000_000;
    private static final long FLAP_DOWN_NANOS = 20_000_000;
    private static final int CRC = 4;

    private final Wire wire;
    private final DelayedWrites writeBacks;
    private final Counters stats;
    private final Class<F> kinds;
    private volatile Set<F> faults;
    private int maxFrame;

    /**
     * A device after power-on.
     *
     * @param name for messages
     * @param counters the statistics, in a table with all other registers
     * @param seed of what the statistics are at power-on
     * @param wire stays the caller's
     */
    @SuppressWarnings("this-escape") // nothing of a subclass runs before the first turn
    protected NicModel(
            String name,
            ModelClock clock,
            ModelConfigSpace config,
            RegisterTable table,
            int barBytes,
            int vectorCount,
            Counters.Table counters,
            long seed,
            Wire wire,
            Class<F> kinds) {
        super(name, clock, config, table, barBytes, vectorCount);
        this.wire = wire;
        this.kinds = kinds;
        faults = EnumSet.noneOf(kinds);
        writeBacks = new DelayedWrites(dma());
        stats = new Counters(counters, registers(), seed);
    }

    /** Whether the bus lets requests through. */
    public abstract boolean mayAccess();

    /** The fault that has write-backs come late. */
    protected abstract F lateWriteBack();

    /** The fault that has the link go down for a moment, five times a second. */
    protected abstract F linkFlap();

    /** Whether the contacts of the cable, when it is plugged in, touch at the moment. */
    public final boolean contact() {
        return !has(linkFlap())
                || Math.floorMod(clock().nanos(), FLAP_PERIOD_NANOS) >= FLAP_DOWN_NANOS;
    }

    /** How late write-backs are. */
    public final long writeBackNanos() {
        return has(lateWriteBack()) ? LATE_NANOS : 0;
    }

    /** Tells the wire about the longest frame that the device takes, CRC included. */
    protected final void limitFrames(int bytes) {
        if (bytes != maxFrame) {
            maxFrame = bytes;
            wire.maxFrame(bytes - CRC);
        }
    }

    /** Makes something wrong, or right again; any thread, at any time. */
    public final void set(F fault, boolean on) {
        synchronized (lock()) {
            Set<F> next = EnumSet.noneOf(kinds);
            next.addAll(faults);
            boolean _ = on ? next.add(fault) : next.remove(fault);
            faults = next;
        }
    }

    /** Whether this is wrong at the moment. */
    public final boolean has(F fault) {
        return faults.contains(fault);
    }

    /** The statistics registers by the data sheet's name, without clearing them. */
    public final Map<String, Long> statistics() {
        synchronized (lock()) {
            return stats.values();
        }
    }

    public final Wire wire() {
        return wire;
    }

    public final DelayedWrites writeBacks() {
        return writeBacks;
    }

    /** With the device's lock. */
    public final Counters stats() {
        return stats;
    }
}
