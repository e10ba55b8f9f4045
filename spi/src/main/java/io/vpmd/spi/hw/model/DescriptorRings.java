// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The rings of one direction in the gigabit and ten-gigabit families: base, length, head, tail and
 * being enabled. With the device's lock held; allocates nothing.
 */
public final class DescriptorRings {
    /** Enables a queue, in RXDCTL and TXDCTL. */
    public static final int ENABLE = 1 << 25;

    private static final long ENABLE_NANOS = 20_000;
    private static final int DESCRIPTOR = 16;
    private static final int ALIGNMENT = 128;

    /** The registers of a ring, one of each per queue. */
    public record Layout(
            Register low,
            Register high,
            Register length,
            Register head,
            Register tail,
            Register control) {}

    private final DeviceModel device;
    private final RegisterFile regs;
    private final DelayedWrites writeBacks;
    private final Layout layout;
    private final BooleanSupplier neverEnables;
    private final BooleanSupplier neverDisables;
    private final Runnable onHalt;
    private final boolean[] halted;
    private final long[] changedAt;

    /**
     * Rings that are all disabled.
     *
     * @param lengthBits of the length register, those that keep what is written
     * @param neverEnables whether enabling fails at the moment: fault injection
     * @param neverDisables the same for disabling
     * @param onHalt called when a queue stops because of a request that the bus refused
     */
    public DescriptorRings(
            DeviceModel device,
            DelayedWrites writeBacks,
            Layout layout,
            int lengthBits,
            BooleanSupplier neverEnables,
            BooleanSupplier neverDisables,
            Runnable onHalt) {
        this.device = device;
        this.regs = device.registers();
        this.writeBacks = writeBacks;
        this.layout = layout;
        this.neverEnables = neverEnables;
        this.neverDisables = neverDisables;
        this.onHalt = onHalt;
        halted = new boolean[layout.control.count()];
        changedAt = new long[layout.control.count()];
        regs.doorbell(layout.tail);
        regs.onWrite(layout.control, this::writeControl);
        regs.onRead(layout.control, this::readControl);
        RegisterFile.WriteHook fixed = this::writeFixed;
        regs.writable(layout.low, -ALIGNMENT)
                .onWrite(layout.low, fixed)
                .onWrite(layout.high, fixed);
        regs.writable(layout.length, lengthBits).onWrite(layout.length, fixed);
    }

    private int writeFixed(int queue, int stored, int written) {
        if (enabled(queue) && stored != written) {
            device.violations()
                    .add(layout.length.name() + " or base of a ring that is enabled was written");
        }
        return written;
    }

    private int writeControl(int queue, int stored, int written) {
        boolean was = (stored & ENABLE) != 0;
        boolean now = (written & ENABLE) != 0;
        if (was == now) {
            return written;
        }
        if ((now ? neverEnables : neverDisables).getAsBoolean()) {
            return stored;
        }
        changedAt[queue] = device.clock().nanos() + ENABLE_NANOS;
        if (now) {
            halted[queue] = false;
            if (size(queue) == 0) {
                device.violations().add(layout.control + " enables a ring without descriptors");
            }
        } else {
            writeBacks.flush();
        }
        return written;
    }

    /** A change shows only after a while. */
    private int readControl(int queue, int stored) {
        boolean shown = device.clock().nanos() - changedAt[queue] >= 0;
        return shown ? stored : stored ^ ENABLE;
    }

    /** After the registers have been reset. */
    public void reset() {
        Arrays.fill(halted, false);
        Arrays.fill(changedAt, device.clock().nanos());
    }

    public boolean enabled(int queue) {
        return (regs.get(layout.control, queue) & ENABLE) != 0;
    }

    /** Enabled, and not halted since. */
    public boolean runs(int queue) {
        return enabled(queue) && !halted[queue];
    }

    /** After a request that the bus refused nothing moves until the queue is enabled anew. */
    public void halt(int queue) {
        halted[queue] = true;
        onHalt.run();
    }

    /** Descriptors of a ring. */
    public int size(int queue) {
        return (regs.get(layout.length, queue) & -ALIGNMENT) / DESCRIPTOR;
    }

    public int head(int queue) {
        return regs.get(layout.head, queue);
    }

    /** Descriptors that are the device's. */
    public int available(int queue) {
        int size = size(queue);
        int end = regs.get(layout.tail, queue);
        if (size == 0 || end == head(queue)) {
            return 0;
        }
        if (end >= size || end < 0 || head(queue) >= size) {
            device.violations().add(layout.tail + " is behind the end of its ring");
            return 0;
        }
        return Math.floorMod(end - head(queue), size);
    }

    /** Number of the descriptor that is {@code ahead} of the head. */
    public int slot(int queue, int ahead) {
        int slot = head(queue) + ahead;
        int size = size(queue);
        return slot >= size ? slot - size : slot;
    }

    /** Bus address of the descriptor that is {@code ahead} of the head. */
    public long address(int queue, int ahead) {
        long high = (long) regs.get(layout.high, queue) << 32;
        long base = high | (regs.get(layout.low, queue) & 0xffff_ffffL);
        return base + (long) slot(queue, ahead) * DESCRIPTOR;
    }

    public void advance(int queue, int count) {
        regs.set(layout.head, queue, slot(queue, count));
    }
}
