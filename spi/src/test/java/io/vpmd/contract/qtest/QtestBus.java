// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;

import java.util.List;

/** A card of a QEMU, reached through the qtest socket. */
public final class QtestBus implements Bus {
    private static final int CONFIG_ADDRESS = 0xcf8;
    private static final int CONFIG_DATA = 0xcfc;
    private static final int BAR0 = 0x10;
    private static final int BAR_TYPE_64 = 4;
    /* In the hole for 32-bit devices; no firmware has put anything there. */
    private static final long BAR_AREA = 0xe000_0000L;
    private static final long CARD_AREA = 0x0100_0000L;
    private static final long ONE_BAR = 0x0020_0000L;
    private static final long PAGE = 4096;

    private final int number;
    private final QtestChannel qtest;
    private final QmpChannel monitor;
    private final GuestMemory memory;
    private final Config config = new Config();
    private final Mmio[] bars = new Mmio[6];
    private QtestInterrupts interrupts;
    private DmaMemory messages;
    private boolean closed;

    QtestBus(int number, QtestChannel qtest, QmpChannel monitor, GuestMemory memory) {
        this.number = number;
        this.qtest = qtest;
        this.monitor = monitor;
        this.memory = memory;
    }

    private final class Config extends ConfigSpace {
        private void select(int offset) {
            int device = Qemu.slot(number);
            qtest.write("outl", CONFIG_ADDRESS, 0x8000_0000L | device << 11 | (offset & 0xfc));
        }

        @Override
        public int read(int offset, int bytes) {
            synchronized (qtest) {
                select(offset);
                String command = bytes == 4 ? "inl" : bytes == 2 ? "inw" : "inb";
                return (int) qtest.read(command, CONFIG_DATA + (offset & 3));
            }
        }

        @Override
        public void write(int offset, int bytes, int value) {
            synchronized (qtest) {
                select(offset);
                String command = bytes == 4 ? "outl" : bytes == 2 ? "outw" : "outb";
                long mask = bytes == 4 ? 0xffff_ffffL : bytes == 2 ? 0xffff : 0xff;
                qtest.write(command, CONFIG_DATA + (offset & 3), value & mask);
            }
        }
    }

    private static final class Space extends Mmio {
        private final QtestChannel qtest;
        private final long base;
        private final long size;

        Space(QtestChannel qtest, long base, long size) {
            this.qtest = qtest;
            this.base = base;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(int offset) {
            return (int) qtest.read("readl", base + offset);
        }

        @Override
        public void write(int offset, int value) {
            qtest.write("writel", base + offset, value & 0xffff_ffffL);
        }
    }

    @Override
    public String kind() {
        return "qtest";
    }

    @Override
    public String device() {
        return "qtest:" + number;
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    /** Sizes the BAR and puts it somewhere, as firmware does. */
    @Override
    public synchronized Mmio bar(int bar) {
        if (bars[bar] == null) {
            int at = BAR0 + 4 * bar;
            config.write(at, 4, -1);
            int probed = config.read(at, 4);
            long address = BAR_AREA + number * CARD_AREA + bar * ONE_BAR;
            config.write(at, 4, (int) address);
            if ((probed & BAR_TYPE_64) != 0) {
                config.write(at + 4, 4, 0);
            }
            config.write(ConfigSpace.COMMAND, 2, config.read(ConfigSpace.COMMAND, 2) | 2);
            bars[bar] = new Space(qtest, address, -(probed & ~0xfL) & 0xffff_ffffL);
        }
        return bars[bar];
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public DmaMap map(MbufPool pool) {
        return memory.map(pool, monitor, qtest);
    }

    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public int vectors() {
        return QtestInterrupts.vectors(config);
    }

    @Override
    public boolean msix() {
        return true;
    }

    @Override
    public synchronized void connect(List<EventFd> events) {
        if (interrupts == null) {
            messages = memory.allocate(PAGE);
            interrupts = new QtestInterrupts(config, this::bar, messages);
        }
        interrupts.connect(events);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        config.setBusMaster(false);
        if (interrupts != null) {
            interrupts.close();
            messages.close();
        }
    }
}
