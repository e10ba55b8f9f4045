// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A PCI device of this machine: what does not depend on the kernel's driver that opens it. */
abstract class PciBus implements Bus {
    private static final int BARS = 6;

    private final PciAddress address;
    private final @Nullable MappedMmio[] bars = new MappedMmio[BARS];
    private final List<DmaMap> maps = new ArrayList<>();
    private boolean closed;

    PciBus(PciAddress address) {
        this.address = address;
    }

    /**
     * Maps the registers of a BAR, with memory space switched on. Whoever holds on to them may read
     * them after the close.
     */
    abstract MemorySegment mapBar(int number);

    /** Shows a pool to the device. */
    abstract DmaMap mapPool(MbufPool pool);

    /** Gives all back, after the device was told to do no more DMA. */
    abstract void giveBack();

    final PciAddress address() {
        return address;
    }

    @Override
    public final String device() {
        return address.toString();
    }

    @Override
    public final synchronized Mmio bar(int number) {
        MappedMmio known = bars[number];
        if (known == null) {
            known = new MappedMmio(mapBar(number));
            bars[number] = known;
        }
        return known;
    }

    /** Registers answer only with memory space switched on. */
    final void enableMemory() {
        ConfigSpace config = config();
        int command = config.read(ConfigSpace.COMMAND, 2);
        config.write(ConfigSpace.COMMAND, 2, command | ConfigSpace.COMMAND_MEMORY);
    }

    final void detachBars() {
        for (MappedMmio bar : bars) {
            if (bar != null) {
                bar.detach();
            }
        }
    }

    @Override
    public final synchronized DmaMap map(MbufPool pool) {
        DmaMap made = mapPool(pool);
        maps.removeIf(DmaMap::closed);
        maps.add(made);
        return made;
    }

    final void closeMaps() {
        maps.forEach(DmaMap::close);
    }

    @Override
    public final synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            config().setBusMaster(false);
        } finally {
            giveBack();
        }
    }
}
