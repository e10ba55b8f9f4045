// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.MemFile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A device of any id whose registers only remember: what it answers to the waits of the driver is
 * here, everything else a test writes itself. It never moves a packet.
 */
final class MemoryBus implements Bus {
    private static final int CTRL = 0;
    private static final int RESET = 1 << 26;
    private static final int EERD = 0x14;
    private static final int MDIC = 0x20;
    private static final int ADDRESS = 0x5400;
    /* Cleared by being read. */
    private static final int COUNTERS = 0x4000;
    private static final int COUNTERS_END = 0x4140;
    private static final int NVM_WORDS = 0x40;

    private final int deviceId;
    private final int barBytes;
    private final AtomicIntegerArray registers = new AtomicIntegerArray(0x8000);
    private final AtomicIntegerArray writes = new AtomicIntegerArray(0x8000);
    private final int[] nvm = new int[NVM_WORDS + 4];
    private final List<MemFile> files = new ArrayList<>();

    MemoryBus(int deviceId) {
        this(deviceId, 0x20000);
    }

    MemoryBus(int deviceId, int barBytes) {
        this.deviceId = deviceId;
        this.barBytes = barBytes;
        set(ADDRESS, 0x0000_0002);
        set(ADDRESS + 4, 0x8000_0100);
        int sum = Arrays.stream(nvm, 0, NVM_WORDS).sum();
        nvm[NVM_WORDS - 1] = (0xbaba - sum) & 0xffff;
    }

    /** Makes the checksum wrong. */
    void spoilNvm() {
        nvm[1]++;
    }

    void set(int offset, int value) {
        registers.set(offset / 4, value);
    }

    int value(int offset) {
        return registers.get(offset / 4);
    }

    /** How often the driver has written the register. */
    int writes(int offset) {
        return writes.get(offset / 4);
    }

    private final class Space extends Mmio {
        @Override
        public long size() {
            return barBytes;
        }

        @Override
        public int read(int offset) {
            boolean counter = offset >= COUNTERS && offset < COUNTERS_END;
            return counter ? registers.getAndSet(offset / 4, 0) : value(offset);
        }

        @Override
        public void write(int offset, int value) {
            writes.incrementAndGet(offset / 4);
            switch (offset) {
                case CTRL -> set(offset, value & ~RESET);
                case EERD -> set(offset, nvm[(value >>> 2) % nvm.length] << 16 | 2);
                case MDIC -> set(offset, value | 1 << 28);
                default -> set(offset, value);
            }
        }
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public String device() {
        return "memory";
    }

    @Override
    public ConfigSpace config() {
        return new ConfigSpace() {
            @Override
            public int read(int offset, int bytes) {
                return switch (offset) {
                    case VENDOR_ID -> 0x8086;
                    case ConfigSpace.DEVICE_ID -> deviceId;
                    default -> 0;
                };
            }

            @Override
            public void write(int offset, int bytes, int value) {}
        };
    }

    @Override
    public Mmio bar(int number) {
        return new Space();
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        MemFile file = MemFile.create("test-" + name, bytes);
        files.add(file);
        return new DmaMemory(file.memory(), 1L << 20, () -> {});
    }

    @Override
    public DmaMap map(MbufPool pool) {
        return new DmaMap(1L << 32, () -> {});
    }

    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public void close() {
        files.forEach(MemFile::close);
        files.clear();
    }
}
