// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import static io.vpmd.spi.sys.Mapping.EVERYTHING;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Mapping;
import io.vpmd.spi.sys.MemFile;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A NIC that does as little as it can: registers that remember, and rings that are complete at
 * once. The stub of bench/reference/nicstub.h, word by word.
 */
final class NicStub implements Bus {
    /** Descriptors of each ring. */
    static final int RING = 512;

    private static final int MASK = RING - 1;
    private static final int DESCRIPTOR = 16;
    private static final int HIGH = 8;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int FRAME = 60;
    private static final long RX_DONE = 3 | (long) FRAME << 32;
    private static final long RX_TYPE = 0x10;
    private static final long TX_RS = 1 << 27;
    private static final long TX_DD = 1L << 32;

    private final Chip chip;
    private final Space space;
    private final List<MemFile> files = new ArrayList<>();
    /* Addresses of the rings. */
    private long rx;
    private long tx;
    private int rxHead;
    private int txHead;

    /**
     * What a driver finds at its opening.
     *
     * @param ids vendor in the lower half, device in the upper
     * @param rxTail offset of the first receive queue's tail register
     * @param txTail of the first transmit queue's
     * @param address offset of the register that has the MAC address
     * @param answers registers that do not just remember
     */
    record Chip(int ids, int rxTail, int txTail, int address, List<Answer> answers) {}

    /** A register in which a driver waits for bits: some are always set, others never. */
    record Answer(int offset, int set, int clear) {}

    NicStub(Chip chip) {
        this.chip = chip;
        space = new Space(chip);
    }

    /** Lets the device receive {@code count} packets and finish what it was given to send. */
    void complete(int count) {
        int left = Math.min(count, (space.read(chip.rxTail) - rxHead) & MASK);
        while (left > 0) {
            int run = Math.min(left, RING - rxHead);
            receive(rx + (long) rxHead * DESCRIPTOR, run);
            rxHead = (rxHead + run) & MASK;
            left -= run;
        }
        left = (space.read(chip.txTail) - txHead) & MASK;
        while (left > 0) {
            int run = Math.min(left, RING - txHead);
            send(tx + (long) txHead * DESCRIPTOR, run);
            txHead = (txHead + run) & MASK;
            left -= run;
        }
    }

    private static void receive(long descriptor, int count) {
        for (int i = 0; i < count; i++) {
            long low = Mapping.address(descriptor + (long) i * DESCRIPTOR);
            EVERYTHING.set(LONG, low, RX_TYPE);
            EVERYTHING.set(LONG, low + HIGH, RX_DONE);
        }
    }

    private static void send(long descriptor, int count) {
        for (int i = 0; i < count; i++) {
            long high = Mapping.address(descriptor + (long) i * DESCRIPTOR) + HIGH;
            long word = EVERYTHING.get(LONG, high);
            if ((word & TX_RS) != 0) {
                EVERYTHING.set(LONG, high, word | TX_DD);
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
                return offset < 4 ? chip.ids >>> (8 * offset) & 0xffff : 0;
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
            rx = file.memory().address();
        } else {
            tx = file.memory().address();
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
        private static final int BYTES = 0x20000;
        private static final int ADDRESS = 0x0302_0102;

        private final MemFile file = MemFile.create("vpmd-registers", BYTES);
        private final long address = file.memory().address();
        private final Chip chip;

        private Space(Chip chip) {
            this.chip = chip;
            store(chip.address, ADDRESS);
            chip.answers.forEach(answer -> store(answer.offset, answer.set));
        }

        @Override
        public long size() {
            return BYTES;
        }

        @Override
        public int read(int offset) {
            return EVERYTHING.get(INT, Mapping.address(address + offset));
        }

        @Override
        public void write(int offset, int value) {
            boolean tail = offset == chip.rxTail || offset == chip.txTail;
            store(offset, tail ? value : answered(offset, value));
        }

        private int answered(int offset, int value) {
            for (Answer answer : chip.answers) {
                if (answer.offset == offset) {
                    return (value | answer.set) & ~answer.clear;
                }
            }
            return value;
        }

        private void store(int offset, int value) {
            VarHandle.releaseFence();
            EVERYTHING.set(INT, Mapping.address(address + offset), value);
        }
    }
}
