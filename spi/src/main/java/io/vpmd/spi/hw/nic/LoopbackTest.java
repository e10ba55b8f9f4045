// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.Descriptors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sends frames to itself on queue 0 of a device that was reset; only a reset ends it. */
public abstract class LoopbackTest {
    /** Descriptors of a ring. */
    protected static final int RING = 32;

    /** Bytes of a receive buffer. */
    protected static final int BUFFER = 2048;

    private static final int FRAMES = 64;
    private static final int FRAME = 1024;
    private static final int TX_RING_AT = 1024;
    private static final int BUFFERS_AT = 4096;
    private static final int TIMEOUT_MICROS = 100_000;
    private static final int POLL_MICROS = 50;

    private final Registers regs;
    private final Register rxTail;
    private final Register txTail;

    protected LoopbackTest(Registers regs, Register rxTail, Register txTail) {
        this.regs = regs;
        this.rxTail = rxTail;
        this.txTail = txTail;
    }

    /** Closes the loop and enables queue 0 both ways; the receive tail is written afterwards. */
    protected abstract void begin(long rxRing, long txRing);

    /** Disables the queues and opens the loop. */
    protected abstract void end();

    /** Runs the test; an empty text when all frames came back, otherwise what happened. */
    public final String run(Bus device, MacAddress mac) {
        try (DmaMemory dma = device.allocate("selftest", BUFFERS_AT + (RING + 1) * BUFFER)) {
            device.config().setBusMaster(true);
            try {
                begin(dma.busAddress(), dma.busAddress() + TX_RING_AT);
                for (int i = 0; i < RING; i++) {
                    give(dma, i);
                }
                regs.write(rxTail, 0, RING - 1);
                return exchange(dma, mac);
            } finally {
                end();
                device.config().setBusMaster(false);
            }
        }
    }

    private static void give(DmaMemory dma, int slot) {
        long buffer = dma.busAddress() + BUFFERS_AT + (long) slot * BUFFER;
        Descriptors.WORD.set(dma.memory(), slot * 16L, buffer);
        Descriptors.WORD.set(dma.memory(), slot * 16L + 8, 0L);
    }

    private String exchange(DmaMemory dma, MacAddress mac) {
        MemorySegment memory = dma.memory();
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
            Descriptors.WORD.set(memory, TX_RING_AT + slot * 16L, dma.busAddress() + out);
            Descriptors.WORD.set(memory, TX_RING_AT + slot * 16L + 8, word);
            regs.write(txTail, 0, (slot + 1) % RING);
            if (!done(memory, TX_RING_AT + slot * 16L + 8, Descriptors.TX_DD)) {
                return "frame " + i + " of " + FRAMES + " was not sent";
            }
            if (!done(memory, slot * 16L + 8, Descriptors.RX_DD)) {
                return "frame " + i + " of " + FRAMES + " did not come back";
            }
            MemorySegment in = memory.asSlice(BUFFERS_AT + (long) slot * BUFFER, FRAME);
            if (in.mismatch(frame) != -1) {
                return "frame " + i + " of " + FRAMES + " came back changed";
            }
            give(dma, slot);
            regs.write(rxTail, 0, slot);
        }
        return "";
    }

    private static boolean done(MemorySegment memory, long at, long bit) {
        for (int waited = 0; waited < TIMEOUT_MICROS; waited += POLL_MICROS) {
            if (((long) Descriptors.WORD.getAcquire(memory, at) & bit) != 0) {
                return true;
            }
            Registers.delayMicros(POLL_MICROS);
        }
        return false;
    }
}
