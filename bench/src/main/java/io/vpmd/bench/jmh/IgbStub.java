// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.MemFile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An 82576 that does as little as it can: registers that remember, and rings that are complete at
 * once. The stub of bench/reference/igbloop.c, word by word.
 */
final class IgbStub implements Bus {
    /** Descriptors of each ring. */
    static final int RING = 512;

    private static final int IDS = 0x10c9_8086;
    private static final int RX_TAIL = 0xc018;
    private static final int TX_TAIL = 0xe018;
    private static final int MASK = RING - 1;
    private static final int FRAME = 60;
    private static final long RX_DONE = 3 | (long) FRAME << 32;
    private static final long RX_TYPE = 0x10;
    private static final long TX_RS = 1 << 27;
    private static final long TX_DD = 1L << 32;

    private final Space space = new Space();
    private final List<MemFile> files = new ArrayList<>();
    private LongBuffer rx;
    private LongBuffer tx;
    private int rxHead;
    private int txHead;

    /** Lets the device receive {@code count} packets and finish what it was given to send. */
    void complete(int count) {
        int left = Math.min(count, (space.read(RX_TAIL) - rxHead) & MASK);
        while (left > 0) {
            int run = Math.min(left, RING - rxHead);
            receive(rx, 2 * rxHead, run);
            rxHead = (rxHead + run) & MASK;
            left -= run;
        }
        left = (space.read(TX_TAIL) - txHead) & MASK;
        while (left > 0) {
            int run = Math.min(left, RING - txHead);
            send(tx, 2 * txHead, run);
            txHead = (txHead + run) & MASK;
            left -= run;
        }
    }

    private static void receive(LongBuffer ring, int from, int count) {
        for (int i = 0; i < count; i++) {
            ring.put(from + 2 * i, RX_TYPE);
            ring.put(from + 2 * i + 1, RX_DONE);
        }
    }

    private static void send(LongBuffer ring, int from, int count) {
        for (int i = 0; i < count; i++) {
            long word = ring.get(from + 2 * i + 1);
            if ((word & TX_RS) != 0) {
                ring.put(from + 2 * i + 1, word | TX_DD);
            }
        }
    }

    @Override
    public String kind() {
        return "stub";
    }

    @Override
    public String device() {
        return "stub";
    }

    @Override
    public ConfigSpace config() {
        return new ConfigSpace() {
            @Override
            public int read(int offset, int bytes) {
                return offset < 4 ? IDS >>> (8 * offset) & 0xffff : 0;
            }

            @Override
            public void write(int offset, int bytes, int value) {}
        };
    }

    @Override
    public Mmio bar(int number) {
        return space;
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        MemFile file = MemFile.create("vpmd-" + name, bytes);
        files.add(file);
        if (name.startsWith("rx")) {
            rx = file.memory().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        } else {
            tx = file.memory().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        }
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

    /** Registers in memory; those that the driver waits for say at once what it waits for. */
    private static final class Space extends Mmio {
        private static final VarHandle INT =
                ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
        private static final int BYTES = 0x20000;
        private static final int LAST_SPECIAL = 0x24;
        private static final int CTRL = 0x00;
        private static final int RESET = 1 << 26;
        private static final int EERD = 0x14;
        private static final int MDIC = 0x20;
        private static final int ADDRESS_LOW = 0x5400;

        private final MemFile file = MemFile.create("vpmd-registers", BYTES);
        private final MemorySegment memory = file.memory();

        private Space() {
            write(ADDRESS_LOW, 0x0302_0102);
        }

        @Override
        public long size() {
            return BYTES;
        }

        @Override
        public int read(int offset) {
            return (int) INT.getAcquire(memory, (long) offset);
        }

        @Override
        public void write(int offset, int value) {
            int now = offset <= LAST_SPECIAL ? answer(offset, value) : value;
            INT.setRelease(memory, (long) offset, now);
        }

        private static int answer(int offset, int value) {
            return switch (offset) {
                case CTRL -> value & ~RESET;
                case EERD -> value | 2;
                case MDIC -> value | 1 << 28;
                default -> value;
            };
        }
    }
}
