// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelClock;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** A model without a driver and without a thread: time passes when the test says so. */
final class BareModel {
    private static final int RING = 8;
    private static final int RING_BYTES = 128;
    private static final int BUFFER = 2048;
    private static final int PAGE = 1 << 15;
    private static final int SRRCTL_ADVANCED = 1 << 25;
    private static final int EOP_IFCS_RS = 1 << 24 | 1 << 25 | 1 << 27;
    private static final int DATA_ADVANCED = 3 << 20 | 1 << 29;
    private static final int FLU_10G = 0x0000_2001;

    final ModelClock.Manual clock = new ModelClock.Manual();
    final FrameQueue wire = new FrameQueue();
    final IxgbeModel model;
    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096);
    private final long base;
    private final Map<String, Long> atFirst;
    private final int[] received = new int[16];
    private final int[] sent = new int[16];

    BareModel(IxgbeModelChip chip) {
        model = new IxgbeModel("bare", chip, new MacAddress(0x0200_0000_9999L), wire, clock);
        atFirst = model.statistics();
        base = model.dma().map(memory);
        model.config().setBusMaster(true);
        clock.advance(1_000_000_000L);
        write(RDRXCTL, read(RDRXCTL) | RDRXCTL_CRCSTRIP);
        write(FCTRL, FCTRL_UPE | FCTRL_MPE | FCTRL_BAM);
    }

    int read(Register r) {
        return model.registers().read(r.at(0));
    }

    void write(Register r, int value) {
        write(r, 0, value);
    }

    void write(Register r, int i, int value) {
        model.registers().write(r.at(i), value);
    }

    /** Lets time pass, and the device do what it does until nothing is left to do. */
    void pass(long nanos) {
        clock.advance(nanos);
        for (int turns = 0; model.turn() > 0; turns++) {
            assertEquals(turns, Math.min(turns, 1_000), "the model does not come to rest");
        }
    }

    /** Waits for the link. */
    void link() {
        pass(0);
        pass(20_000_000);
        assertEquals(LINKS_UP, read(LINKS) & LINKS_UP, "the link");
    }

    /** Closes the loop in the MAC, whose link is forced, 8.2.3.22.8. */
    void loop() {
        write(HLREG0, read(HLREG0) | HLREG0_LPBK);
        write(AUTOC, FLU_10G);
    }

    private long ring(int queue, boolean transmit) {
        return base + queue * (long) PAGE + (transmit ? PAGE / 2 : 0);
    }

    /** Gives a receive queue its ring, with all descriptors but one. */
    void receiver(int queue) {
        long ring = ring(queue, false);
        for (int i = 0; i < RING; i++) {
            word(ring + 16L * i, ring + RING_BYTES + (long) BUFFER * (i % 7));
            word(ring + 16L * i + 8, 0);
        }
        write(RDBAL, queue, (int) ring);
        write(RDBAH, queue, (int) (ring >>> 32));
        write(RDLEN, queue, RING_BYTES);
        write(SRRCTL, queue, SRRCTL_ADVANCED | BUFFER / 1024);
        write(RXDCTL, queue, DescriptorRings.ENABLE);
        pass(1_000_000);
        write(RDT, queue, RING - 1);
        write(RXCTRL, RXCTRL_RXEN);
    }

    /** Gives a transmit queue its ring. */
    void transmitter(int queue) {
        long ring = ring(queue, true);
        write(DMATXCTL, read(DMATXCTL) | DMATXCTL_TE);
        write(TDBAL, queue, (int) ring);
        write(TDBAH, queue, (int) (ring >>> 32));
        write(TDLEN, queue, RING_BYTES);
        write(TXDCTL, queue, DescriptorRings.ENABLE);
        pass(1_000_000);
    }

    private void word(long address, long value) {
        memory.set(ValueLayout.JAVA_LONG, address - base, value);
    }

    /** Has a packet sent; there are at most seven of a queue under way. */
    void send(int queue, byte[] frame) {
        long ring = ring(queue, true);
        int at = sent[queue]++ % RING;
        long data = ring + RING_BYTES;
        MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, data - base, frame.length);
        word(ring + 16L * at, data);
        word(
                ring + 16L * at + 8,
                (long) frame.length << 46 | DATA_ADVANCED | EOP_IFCS_RS | frame.length);
        write(TDT, queue, sent[queue] % RING);
    }

    /** Packets that a queue has received since this was asked, of at most eight in all. */
    int received(int queue) {
        int n = 0;
        while (received[queue] < RING
                && (memory.get(
                                        ValueLayout.JAVA_LONG,
                                        ring(queue, false) - base + 16L * received[queue] + 8)
                                & 1)
                        != 0) {
            received[queue]++;
            n++;
        }
        return n;
    }

    /** Frames that have left since this was asked. */
    int left() {
        int n = 0;
        while (wire.collect().isPresent()) {
            n++;
        }
        return n;
    }

    /** What a counter has gained since the device was made. */
    long statistic(String name) {
        return model.statistics().getOrDefault(name, 0L) - atFirst.getOrDefault(name, 0L);
    }

    /** Nothing was done that the data sheet does not allow. */
    void check() {
        assertEquals(Map.of(), model.violations().all());
        assertEquals(0, model.dma().faults(), model.dma()::lastFault);
    }
}
