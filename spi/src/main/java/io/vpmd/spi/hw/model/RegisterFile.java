// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The registers of a device as its driver sees them. Each behaves as its access mode in the table
 * says; a model refines that with masks and hooks.
 *
 * <p>Accesses are atomic and take the device's lock, under which the hooks run; the exceptions are
 * doorbells and reads of registers without a hook, which never wait. No access allocates. Reserved
 * bits read as they were after the reset and keep that value; offsets where there is no register
 * read as 0.
 */
public final class RegisterFile extends Mmio {
    /** Computes what a read gives. */
    @FunctionalInterface
    public interface ReadHook {
        int read(int index, int stored);
    }

    /**
     * Does what a write does, and returns the value to be stored. Reserved bits of {@code written}
     * are those of {@code stored}.
     */
    @FunctionalInterface
    public interface WriteHook {
        int write(int index, int stored, int written);
    }

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final byte UNKNOWN = 0;
    private static final byte PLAIN = 1;
    private static final byte READ_ONLY = 2;
    private static final byte WRITE_ONLY = 3;
    private static final byte CLEAR_ON_READ = 4;
    private static final byte DOORBELL = 5;
    private static final byte HOOKED_READ = 8;

    private final RegisterTable table;
    private final Object lock;
    private final Runnable rung;
    private final Violations violations;
    private final Violations unknown = new Violations();
    private final int[] words;
    private final int[] initial;
    private final int[] writable;
    private final int[] clearedByOnes;
    private final int[] index;
    private final int[] same;
    private final byte[] modes;
    private final @Nullable ReadHook[] readHooks;
    private final @Nullable WriteHook[] writeHooks;
    private volatile boolean gone;

    /**
     * A file with all registers of the table, 0 after a reset.
     *
     * @param bytes size of the register space
     * @param lock what the engine holds during a turn
     * @param rung called after a write to a doorbell, without the lock
     */
    public RegisterFile(
            RegisterTable table, int bytes, Object lock, Runnable rung, Violations violations) {
        int count = bytes / 4;
        this.table = table;
        this.lock = lock;
        this.rung = rung;
        this.violations = violations;
        words = new int[count];
        initial = new int[count];
        writable = new int[count];
        clearedByOnes = new int[count];
        index = new int[count];
        same = new int[count];
        modes = new byte[count];
        readHooks = new ReadHook[count];
        writeHooks = new WriteHook[count];
        Arrays.setAll(same, i -> i);
        for (Register r : table.registers().values()) {
            for (int i = 0; i < r.count(); i++) {
                int w = r.at(i) / 4;
                index[w] = i;
                writable[w] = -1;
                modes[w] =
                        switch (r.access()) {
                            case RO -> READ_ONLY;
                            case RW -> PLAIN;
                            case WO -> WRITE_ONLY;
                            case RC -> CLEAR_ON_READ;
                        };
            }
        }
    }

    /** What a register holds after a reset, and now. */
    public RegisterFile initial(Register r, int i, int value) {
        initial[r.at(i) / 4] = value;
        set(r, i, value);
        return this;
    }

    /** The same for all of an array. */
    public RegisterFile initial(Register r, int value) {
        for (int i = 0; i < r.count(); i++) {
            initial(r, i, value);
        }
        return this;
    }

    /** The bits that a driver may change; the others are reserved or the device's. */
    public RegisterFile writable(Register r, int mask) {
        for (int i = 0; i < r.count(); i++) {
            writable[r.at(i) / 4] = mask;
        }
        return this;
    }

    /** Bits that a driver clears by writing 1. */
    public RegisterFile clearedByOnes(Register r, int mask) {
        for (int i = 0; i < r.count(); i++) {
            clearedByOnes[r.at(i) / 4] = mask;
        }
        return this;
    }

    public RegisterFile onRead(Register r, ReadHook hook) {
        for (int i = 0; i < r.count(); i++) {
            readHooks[r.at(i) / 4] = hook;
            modes[r.at(i) / 4] |= HOOKED_READ;
        }
        return this;
    }

    public RegisterFile onWrite(Register r, WriteHook hook) {
        for (int i = 0; i < r.count(); i++) {
            writeHooks[r.at(i) / 4] = hook;
        }
        return this;
    }

    /** A register whose writes only wake the device: ring tails. */
    public RegisterFile doorbell(Register r) {
        for (int i = 0; i < r.count(); i++) {
            modes[r.at(i) / 4] = DOORBELL;
        }
        return this;
    }

    /** A second place where a register is found. */
    public RegisterFile alias(int offset, Register r, int i) {
        same[offset / 4] = r.at(i) / 4;
        return this;
    }

    /** What is stored, without any effect of reading. For the model. */
    public int get(Register r) {
        return get(r, 0);
    }

    public int get(Register r, int i) {
        return (int) WORDS.getAcquire(words, r.at(i) / 4);
    }

    /** Stores a value without any effect of writing. For the model. */
    public void set(Register r, int value) {
        set(r, 0, value);
    }

    public void set(Register r, int i, int value) {
        WORDS.setRelease(words, r.at(i) / 4, value);
    }

    /** Clears {@code clear}, then sets {@code set}; with the lock held. */
    public void change(Register r, int clear, int set) {
        set(r, (get(r) & ~clear) | set);
    }

    /** Back to what it holds after a reset. */
    public void reset(Register r) {
        for (int i = 0; i < r.count(); i++) {
            set(r, i, initial[r.at(i) / 4]);
        }
    }

    /** Accesses to what is not modelled: a gap of the model as a rule, not of the driver. */
    public Violations unknown() {
        return unknown;
    }

    /** From now on the device is not there: reads give all ones, writes go nowhere. */
    void remove() {
        gone = true;
    }

    boolean removed() {
        return gone;
    }

    @Override
    public long size() {
        return words.length * 4L;
    }

    @Override
    public int read(int offset) {
        if (gone) {
            return -1;
        }
        if ((offset & 3) != 0 || offset < 0 || offset / 4 >= words.length) {
            violations.add("read at " + RegisterTable.hex(offset));
            return 0;
        }
        int w = same[offset >>> 2];
        return switch (modes[w]) {
            case PLAIN, READ_ONLY, DOORBELL -> (int) WORDS.getAcquire(words, w);
            case WRITE_ONLY -> 0;
            case UNKNOWN -> {
                unknown.add("read of " + name(offset));
                yield 0;
            }
            default -> readSlowly(w);
        };
    }

    private int readSlowly(int w) {
        synchronized (lock) {
            int value = (int) WORDS.getAcquire(words, w);
            if (modes[w] == CLEAR_ON_READ) {
                WORDS.setRelease(words, w, 0);
            }
            ReadHook hook = readHooks[w];
            return hook == null ? value : hook.read(index[w], value);
        }
    }

    @Override
    public void write(int offset, int value) {
        if (gone) {
            return;
        }
        if ((offset & 3) != 0 || offset < 0 || offset / 4 >= words.length) {
            violations.add("write at " + RegisterTable.hex(offset));
            return;
        }
        int w = same[offset >>> 2];
        if (modes[w] == DOORBELL) {
            // Volatile: the engine either sees the tail or is seen to sleep.
            WORDS.setVolatile(words, w, value);
            rung.run();
        } else {
            writeSlowly(w, value);
        }
    }

    private void writeSlowly(int w, int value) {
        synchronized (lock) {
            int mode = modes[w] & ~HOOKED_READ;
            WriteHook hook = writeHooks[w];
            if (mode == UNKNOWN) {
                unknown.add("write to " + name(w * 4));
                return;
            }
            if (hook == null && (mode == READ_ONLY || mode == CLEAR_ON_READ)) {
                if (clearedByOnes[w] == 0) {
                    violations.add("write to " + name(w * 4) + ", which is read-only");
                    return;
                }
            }
            int stored = (int) WORDS.getAcquire(words, w);
            int ones = clearedByOnes[w];
            boolean stores = mode == PLAIN || mode == WRITE_ONLY || hook != null;
            int mask = stores ? writable[w] & ~ones : 0;
            int merged = (stored & ~mask & ~(ones & value)) | (value & mask);
            int next = hook == null ? merged : hook.write(index[w], stored, merged);
            WORDS.setRelease(words, w, next);
        }
        rung.run();
    }

    /**
     * What to call a register: {@code RDT[3]}, also at a second place of its, or the offset where
     * there is none.
     */
    public String name(int offset) {
        return table.nameAt(same[offset / 4] * 4).orElse(RegisterTable.hex(offset));
    }
}
