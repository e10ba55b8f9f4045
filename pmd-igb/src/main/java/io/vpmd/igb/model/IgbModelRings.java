// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.DCTL_ENABLE;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.RegisterFile;

/** What rings of both directions have in common: base, length, head, tail and being enabled. */
final class IgbModelRings {
    private static final long ENABLE_NANOS = 20_000;
    private static final int DESCRIPTOR = 16;
    private static final int ALIGNMENT = 128;

    private final IgbModel model;
    private final RegisterFile regs;
    private final Register low;
    private final Register high;
    private final Register length;
    private final Register head;
    private final Register tail;
    private final Register control;
    private final IgbFault stuckEnable;
    private final IgbFault stuckDisable;
    private final boolean[] halted;
    private final long[] changedAt;

    IgbModelRings(
            IgbModel model,
            Register low,
            Register high,
            Register length,
            Register head,
            Register tail,
            Register control,
            IgbFault stuckEnable,
            IgbFault stuckDisable) {
        this.model = model;
        this.regs = model.registers();
        this.low = low;
        this.high = high;
        this.length = length;
        this.head = head;
        this.tail = tail;
        this.control = control;
        this.stuckEnable = stuckEnable;
        this.stuckDisable = stuckDisable;
        halted = new boolean[control.count()];
        changedAt = new long[control.count()];
        regs.doorbell(tail);
        regs.onWrite(control, this::writeControl);
        regs.onRead(control, this::readControl);
        RegisterFile.WriteHook fixed = this::writeFixed;
        regs.writable(low, -ALIGNMENT).onWrite(low, fixed).onWrite(high, fixed);
        regs.writable(length, model.chip().ringLengthBits()).onWrite(length, fixed);
    }

    private int writeFixed(int queue, int stored, int written) {
        if (enabled(queue) && stored != written) {
            model.violations()
                    .add(length.name() + " or base of a ring that is enabled was written");
        }
        return written;
    }

    private int writeControl(int queue, int stored, int written) {
        boolean was = (stored & DCTL_ENABLE) != 0;
        boolean now = (written & DCTL_ENABLE) != 0;
        if (was == now) {
            return written;
        }
        if (model.has(now ? stuckEnable : stuckDisable)) {
            return stored;
        }
        changedAt[queue] = model.clock().nanos() + ENABLE_NANOS;
        if (now) {
            halted[queue] = false;
            if (size(queue) == 0) {
                model.violations().add(control + " enables a ring without descriptors");
            }
        } else {
            model.writeBacks().flush();
        }
        return written;
    }

    /** A change shows only after a while. */
    private int readControl(int queue, int stored) {
        boolean shown = model.clock().nanos() - changedAt[queue] >= 0;
        return shown ? stored : stored ^ DCTL_ENABLE;
    }

    void reset() {
        java.util.Arrays.fill(halted, false);
        java.util.Arrays.fill(changedAt, model.clock().nanos());
    }

    boolean enabled(int queue) {
        return (regs.get(control, queue) & DCTL_ENABLE) != 0;
    }

    boolean runs(int queue) {
        return enabled(queue) && !halted[queue];
    }

    /** After a request that the bus refused nothing moves until the queue is enabled anew. */
    void halt(int queue) {
        halted[queue] = true;
        model.interrupts().other(IgbModelRegs.ICR_FER);
    }

    int size(int queue) {
        return (regs.get(length, queue) & -ALIGNMENT) / DESCRIPTOR;
    }

    int head(int queue) {
        return regs.get(head, queue);
    }

    /** Descriptors that are the device's. */
    int available(int queue) {
        int size = size(queue);
        int end = regs.get(tail, queue);
        if (size == 0 || end == head(queue)) {
            return 0;
        }
        if (end >= size || end < 0 || head(queue) >= size) {
            model.violations().add(tail + " is behind the end of its ring");
            return 0;
        }
        return Math.floorMod(end - head(queue), size);
    }

    /** Bus address of the descriptor that is {@code ahead} of the head. */
    long address(int queue, int ahead) {
        int slot = head(queue) + ahead;
        int size = size(queue);
        long base = (long) regs.get(high, queue) << 32 | (regs.get(low, queue) & 0xffff_ffffL);
        return base + (long) (slot >= size ? slot - size : slot) * DESCRIPTOR;
    }

    void advance(int queue, int count) {
        int size = size(queue);
        int next = head(queue) + count;
        regs.set(head, queue, next >= size ? next - size : next);
    }
}
