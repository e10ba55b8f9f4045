// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.IovaSpace;
import io.vpmd.spi.hw.RegisterTable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
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

    private final IovaSpace iovas = new IovaSpace();
    private final Map<Long, DmaRange> mapped = new TreeMap<>();
    /* Replaced as a whole, so that an access sees all of a change or nothing. */
    private volatile DmaRange[] ranges = new DmaRange[0];
    private volatile boolean busMaster;
    private volatile long refusedFrom;
    private volatile long refusedTo;
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
        mapped.put(address, new LocalRange(address, memory, writable));
        publish();
    }

    /** The same for memory that somebody else has. */
    public synchronized void map(long address, long bytes, Remote remote, boolean writable) {
        mapped.put(address, new RemoteRange(address, bytes, remote, writable));
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
        ranges = mapped.values().toArray(DmaRange[]::new);
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
        DmaRange r = find(address, 8, 8);
        try {
            return r == null ? 0 : r.word(address);
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
        DmaRange r = findWritable(address, 8);
        if (r == null) {
            return false;
        }
        try {
            r.putWord(address, value);
            return true;
        } catch (IllegalStateException e) {
            return fault(address, 8);
        }
    }

    /** The same for 32 bits at a multiple of 4. */
    public boolean putInt(long address, int value) {
        DmaRange r = findWritable(address, 4);
        if (r == null) {
            return false;
        }
        try {
            r.putInt(address, value);
            return true;
        } catch (IllegalStateException e) {
            return fault(address, 4);
        }
    }

    /** Reads bytes, which may lie in neighbouring regions; false after a fault. */
    public boolean read(long address, byte[] into, int at, int length) {
        return move(address, into, at, length, false);
    }

    /** Writes bytes, to neighbouring regions too; false after a fault. */
    public boolean write(long address, byte[] from, int at, int length) {
        return move(address, from, at, length, true);
    }

    private boolean move(long address, byte[] bytes, int at, int length, boolean write) {
        int done = 0;
        do {
            long next = address + done;
            DmaRange r = find(next, Math.min(1, length), length - done);
            if (r == null) {
                return false;
            }
            if (write && !r.writable) {
                return fault(address, length);
            }
            int n = (int) Math.min(length - done, r.to - next);
            try {
                if (write) {
                    r.write(next, bytes, at + done, n);
                } else {
                    r.read(next, bytes, at + done, n);
                }
            } catch (IllegalStateException e) {
                return fault(address, length);
            }
            done += n;
        } while (done < length);
        return true;
    }

    private @Nullable DmaRange findWritable(long address, int bytes) {
        DmaRange r = find(address, bytes, bytes);
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
    private @Nullable DmaRange find(long address, int first, int bytes) {
        if (!busMaster) {
            return null;
        }
        boolean refused = address < refusedTo && address + bytes > refusedFrom;
        DmaRange r = refused ? null : lastFrom(ranges, address);
        if (r != null && address <= r.to - first) {
            return r;
        }
        fault(address, bytes);
        return null;
    }

    /** The range with the highest start that is not above the address. */
    private static @Nullable DmaRange lastFrom(DmaRange[] all, long address) {
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
