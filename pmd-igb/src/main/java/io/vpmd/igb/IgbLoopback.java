// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.Descriptors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sends frames to itself on queue 0 of a device that was reset; only a reset ends it. */
final class IgbLoopback {
    private static final int FRAMES = 64;
    private static final int FRAME = 1024;
    private static final int RING = 32;
    private static final int BUFFER = 2048;
    private static final int TX_RING_AT = 1024;
    private static final int BUFFERS_AT = 4096;
    private static final int TIMEOUT_MICROS = 100_000;
    private static final int POLL_MICROS = 50;

    private final Registers regs;
    private final MemorySegment memory;
    private final long bus;

    private IgbLoopback(Registers regs, DmaMemory dma) {
        this.regs = regs;
        this.memory = dma.memory();
        this.bus = dma.busAddress();
    }

    /** Runs the test; an empty text when all frames came back, otherwise what happened. */
    static String test(Registers regs, Bus device, IgbLink link, MacAddress mac) {
        try (DmaMemory dma = device.allocate("selftest", BUFFERS_AT + (RING + 1) * BUFFER)) {
            device.config().setBusMaster(true);
            IgbLoopback loop = new IgbLoopback(regs, dma);
            try {
                link.loopBack();
                loop.prepare();
                return loop.exchange(mac);
            } finally {
                regs.write(RCTL, 0);
                regs.write(TCTL, TCTL_PSP);
                regs.write(RXDCTL, 0, 0);
                regs.write(TXDCTL, 0, 0);
                link.endLoopBack();
                device.config().setBusMaster(false);
            }
        }
    }

    private void prepare() {
        regs.write(MRQC, 0);
        regs.writeAddress(TDBAL, TDBAH, 0, bus + TX_RING_AT);
        regs.write(TDLEN, 0, RING * Descriptors.SIZE);
        regs.write(TDH, 0, 0);
        regs.write(TDT, 0, 0);
        regs.write(TXDCTL, 0, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT);
        regs.change(TCTL, 0, TCTL_EN | TCTL_PSP);
        regs.writeAddress(RDBAL, RDBAH, 0, bus);
        regs.write(RDLEN, 0, RING * Descriptors.SIZE);
        regs.write(SRRCTL, 0, BUFFER / 1024 | SRRCTL_DESCTYPE_ADVANCED);
        regs.write(RDH, 0, 0);
        regs.write(RXDCTL, 0, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT);
        regs.change(RCTL, 0, RCTL_EN | RCTL_UPE | RCTL_BAM | RCTL_SECRC);
        for (int i = 0; i < RING; i++) {
            give(i);
        }
        regs.write(RDT, 0, RING - 1);
    }

    private void give(int slot) {
        Descriptors.WORD.set(memory, slot * 16L, bus + BUFFERS_AT + (long) slot * BUFFER);
        Descriptors.WORD.set(memory, slot * 16L + 8, 0L);
    }

    private String exchange(MacAddress mac) {
        long out = BUFFERS_AT + (long) RING * BUFFER;
        MemorySegment frame = memory.asSlice(out, FRAME);
        MemorySegment.copy(mac.bytes(), 0, frame, ValueLayout.JAVA_BYTE, 0, 6);
        MemorySegment.copy(mac.bytes(), 0, frame, ValueLayout.JAVA_BYTE, 6, 6);
        for (int i = 0; i < FRAMES; i++) {
            int slot = i % RING;
            frame.asSlice(12).fill((byte) (i % 2 == 0 ? 0xaa : 0x55));
            frame.set(ValueLayout.JAVA_BYTE, FRAME - 1, (byte) i);
            long command =
                    Descriptors.TX_DATA
                            | Descriptors.TX_IFCS
                            | Descriptors.TX_EOP
                            | Descriptors.TX_RS;
            long word = command | FRAME | (long) FRAME << Descriptors.TX_PAYLEN_SHIFT;
            Descriptors.WORD.set(memory, TX_RING_AT + slot * 16L, bus + out);
            Descriptors.WORD.set(memory, TX_RING_AT + slot * 16L + 8, word);
            regs.write(TDT, 0, (slot + 1) % RING);
            if (!done(TX_RING_AT + slot * 16L + 8, Descriptors.TX_DD)) {
                return "frame " + i + " of " + FRAMES + " was not sent";
            }
            if (!done(slot * 16L + 8, Descriptors.RX_DD)) {
                return "frame " + i + " of " + FRAMES + " did not come back";
            }
            MemorySegment in = memory.asSlice(BUFFERS_AT + (long) slot * BUFFER, FRAME);
            if (in.mismatch(frame) != -1) {
                return "frame " + i + " of " + FRAMES + " came back changed";
            }
            give(slot);
            regs.write(RDT, 0, slot);
        }
        return "";
    }

    private boolean done(long at, long bit) {
        for (int waited = 0; waited < TIMEOUT_MICROS; waited += POLL_MICROS) {
            if (((long) Descriptors.WORD.getAcquire(memory, at) & bit) != 0) {
                return true;
            }
            Registers.delayMicros(POLL_MICROS);
        }
        return false;
    }
}
