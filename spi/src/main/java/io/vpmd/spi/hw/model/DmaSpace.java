// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.IovaSpace;
import io.vpmd.spi.hw.RegisterTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The memory that a device can reach, and its DMA engine: what its owner has mapped, as behind an
 * IOMMU. An access to anything else does nothing but count as a fault, from where it begins to be
 * one.
 *
 * <p>Any thread maps; accesses come from the engine, under the device's lock. Values are
 * little-endian. Nothing allocates but mapping.
 */
public final class DmaSpace {
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    /**
     * Memory that is not mapped here: whoever has it does each access. Called under the device's
     * lock.
     */
    public interface Remote {
        /** False when it could not be read. */
        boolean read(long address, byte[] into, int at, int length);

        /** False when it could not be written. */
        boolean write(long address, byte[] from, int at, int length);
    }

    private record Range(
            long from, long to, MemorySegment memory, @Nullable Remote remote, boolean writable) {}

    private final IovaSpace iovas = new IovaSpace();
    private final Map<Long, Range> mapped = new TreeMap<>();
    /* Replaced as a whole, so that an access sees all of a change or nothing. */
    private volatile Range[] ranges = new Range[0];
    private volatile boolean busMaster;
    private volatile long refusedFrom;
    private volatile long refusedTo;
    /* Of accesses to remote memory. */
    private final byte[] scratch = new byte[8];
    private long faults;
    private @Nullable String lastFault;

    /** Nothing mapped, bus mastering off. */
    public DmaSpace() {}

    /**
     * Shows memory to the device.
     *
     * @return the address where it finds it
     */
    public long map(MemorySegment memory) {
        long address = iovas.take(memory.byteSize());
        if (address < 0) {
            throw new IllegalStateException("no bus addresses are left");
        }
        map(address, memory);
        return address;
    }

    /** Shows memory to the device at an address that its owner has chosen. */
    public void map(long address, MemorySegment memory) {
        map(address, memory, true);
    }

    /** The same for memory that the device may only read, or also write. */
    public synchronized void map(long address, MemorySegment memory, boolean writable) {
        mapped.put(
                address, new Range(address, address + memory.byteSize(), memory, null, writable));
        publish();
    }

    /** The same for memory that somebody else has. */
    public synchronized void map(long address, long bytes, Remote remote, boolean writable) {
        mapped.put(
                address, new Range(address, address + bytes, MemorySegment.NULL, remote, writable));
        publish();
    }

    /** The reverse of all four. */
    public synchronized void unmap(long address) {
        if (mapped.remove(address) != null) {
            iovas.give(address);
            publish();
        }
    }

    /** How many memories the device sees. */
    public int mappings() {
        return ranges.length;
    }

    private void publish() {
        ranges = mapped.values().toArray(Range[]::new);
    }

    /** Whether the device may send requests at all; follows the command register. */
    public boolean busMaster() {
        return busMaster;
    }

    void setBusMaster(boolean on) {
        busMaster = on;
    }

    /** From now on accesses to these addresses fault; a length of 0 ends that. Fault injection. */
    public void refuse(long address, long bytes) {
        refusedFrom = address;
        refusedTo = address + bytes;
    }

    /** The 64-bit word at an address that is a multiple of 8, or 0 after a fault. */
    public long word(long address) {
        Range r = find(address, 8, 8);
        if (r != null && r.remote != null) {
            return r.remote.read(address, scratch, 0, 8) ? scratchWord() : faulty(address, 8);
        }
        try {
            return r == null ? 0 : (long) LONG.getAcquire(r.memory, address - r.from);
        } catch (IllegalStateException e) {
            fault(address, 8);
            return 0;
        }
    }

    /**
     * Writes a 64-bit word; whoever sees it sees all earlier writes.
     *
     * @return false after a fault
     */
    public boolean putWord(long address, long value) {
        Range r = findWritable(address, 8);
        if (r == null) {
            return false;
        }
        if (r.remote != null) {
            return put(r.remote, address, value, 8);
        }
        try {
            LONG.setRelease(r.memory, address - r.from, value);
            return true;
        } catch (IllegalStateException e) {
            return fault(address, 8);
        }
    }

    /** The same for 32 bits at a multiple of 4. */
    public boolean putInt(long address, int value) {
        Range r = findWritable(address, 4);
        if (r == null) {
            return false;
        }
        if (r.remote != null) {
            return put(r.remote, address, value, 4);
        }
        try {
            INT.setRelease(r.memory, address - r.from, value);
            return true;
        } catch (IllegalStateException e) {
            return fault(address, 4);
        }
    }

    private long scratchWord() {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | (scratch[i] & 0xff);
        }
        return word;
    }

    private boolean put(Remote remote, long address, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            scratch[i] = (byte) (value >>> (8 * i));
        }
        return remote.write(address, scratch, 0, bytes) || fault(address, bytes);
    }

    private long faulty(long address, int bytes) {
        fault(address, bytes);
        return 0;
    }

    /** Reads bytes, which may lie in neighbouring regions; false after a fault. */
    public boolean read(long address, byte[] into, int at, int length) {
        int done = 0;
        do {
            Range r = find(address + done, Math.min(1, length), length - done);
            if (r == null) {
                return false;
            }
            long from = address + done - r.from;
            int n = (int) Math.min(length - done, r.to - r.from - from);
            if (r.remote != null) {
                if (!r.remote.read(address + done, into, at + done, n)) {
                    return fault(address, length);
                }
                done += n;
                continue;
            }
            try {
                MemorySegment.copy(r.memory, ValueLayout.JAVA_BYTE, from, into, at + done, n);
            } catch (IllegalStateException e) {
                return fault(address, length);
            }
            done += n;
        } while (done < length);
        return true;
    }

    /** Writes bytes, to neighbouring regions too; false after a fault. */
    public boolean write(long address, byte[] from, int at, int length) {
        int done = 0;
        do {
            Range r = find(address + done, Math.min(1, length), length - done);
            if (r == null) {
                return false;
            }
            if (!r.writable) {
                return fault(address, length);
            }
            long to = address + done - r.from;
            int n = (int) Math.min(length - done, r.to - r.from - to);
            if (r.remote != null) {
                if (!r.remote.write(address + done, from, at + done, n)) {
                    return fault(address, length);
                }
                done += n;
                continue;
            }
            try {
                MemorySegment.copy(from, at + done, r.memory, ValueLayout.JAVA_BYTE, to, n);
            } catch (IllegalStateException e) {
                return fault(address, length);
            }
            done += n;
        } while (done < length);
        return true;
    }

    private @Nullable Range findWritable(long address, int bytes) {
        Range r = find(address, bytes, bytes);
        if (r != null && !r.writable) {
            fault(address, bytes);
            return null;
        }
        return r;
    }

    /**
     * The range of an access.
     *
     * @param first how many bytes have to be in it
     * @param bytes of the access, all of which must not be refused
     */
    private @Nullable Range find(long address, int first, int bytes) {
        if (!busMaster) {
            return null;
        }
        boolean refused = address < refusedTo && address + bytes > refusedFrom;
        Range r = refused ? null : lastFrom(ranges, address);
        if (r != null && address <= r.to - first) {
            return r;
        }
        fault(address, bytes);
        return null;
    }

    /** The range with the highest start that is not above the address. */
    private static @Nullable Range lastFrom(Range[] all, long address) {
        int low = 0;
        int high = all.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[middle].from <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? null : all[low - 1];
    }

    private synchronized boolean fault(long address, int bytes) {
        faults++;
        lastFault =
                bytes
                        + " bytes at "
                        + RegisterTable.hex((int) (address >>> 32))
                        + RegisterTable.hex((int) address).substring(2);
        return false;
    }

    /** Accesses to what is not mapped, or was closed while it was mapped. */
    public synchronized long faults() {
        return faults;
    }

    /** What the last fault was about. */
    public synchronized String lastFault() {
        String last = lastFault;
        return last == null ? "none" : last;
    }
}
