// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Loop-back in the MAC, 8.2.3.22.8, and the rates of transmit queues, 7.2.1.2.3 and 8.2.3.10. */
class IxgbeModelTransmitTest {
    private static final int RATE_ENABLE = 1 << 31;
    private static final int ONE = 1 << 14;

    private final BareModel device = new BareModel(IxgbeModelChip.E82599_KX4);

    private static byte[] frame(int length) {
        byte[] frame = new byte[length];
        frame[0] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    @Test
    void aLoopedMacHearsItselfAndNobodyElse() {
        device.wire.setUp(false);
        device.pass(0);
        assertEquals(0, device.read(LINKS) & LINKS_UP);
        device.receiver(0);
        device.transmitter(0);
        device.loop();
        assertEquals(LINKS_UP, device.read(LINKS) & LINKS_UP, "without a partner");
        device.send(0, frame(100));
        device.send(0, frame(100));
        device.pass(1_000_000);
        assertEquals(2, device.received(0));
        assertEquals(0, device.left(), "frames on the wire");
        device.wire.setUp(true);
        device.wire.inject(frame(100));
        device.pass(100_000_000);
        assertEquals(0, device.received(0), "from the wire");
        assertEquals(2, device.statistic("GPTC"));
        assertEquals(2, device.statistic("GPRC"));
        device.write(HLREG0, device.read(HLREG0) & ~HLREG0_LPBK);
        device.write(AUTOC, IxgbeModelChip.E82599_KX4.autoc | AUTOC_AN_RESTART);
        device.link();
        assertEquals(1, device.received(0), "what has waited on the wire");
        device.send(0, frame(100));
        device.pass(1_000_000);
        assertEquals(1, device.left());
        assertEquals(0, device.received(0), "no loop any more");
        device.check();
    }

    /** Frames that are looped pass the filters as others do. */
    @Test
    void aLoopedFrameForSomebodyElseIsNotReceived() {
        device.write(FCTRL, 0);
        device.receiver(0);
        device.transmitter(0);
        device.loop();
        device.send(0, frame(100));
        device.pass(1_000_000);
        assertEquals(0, device.received(0));
        assertEquals(1, device.statistic("GPTC"));
    }

    /** A hundredth of 10 Gbit/s: 1000 bytes and 24 of overhead take 81.92 us. */
    @Test
    void aQueueWithARateTakesItsTimeAndOthersDoNot() {
        device.link();
        device.transmitter(0);
        device.transmitter(1);
        device.write(RTTDQSEL, 1);
        device.write(RTTBCNRC, RATE_ENABLE | 100 * ONE);
        for (int i = 0; i < 6; i++) {
            device.send(1, frame(1_000));
        }
        device.pass(0);
        assertEquals(1, device.left(), "the first at once");
        device.pass(81_000);
        assertEquals(0, device.left());
        device.pass(920);
        assertEquals(1, device.left());
        for (int i = 0; i < 6; i++) {
            device.send(0, frame(1_000));
        }
        device.pass(0);
        assertEquals(6, device.left(), "of the queue without a rate");
        device.pass(81_920);
        assertEquals(1, device.left());
        // Half as fast from the next packet on.
        device.write(RTTBCNRC, RATE_ENABLE | 200 * ONE);
        device.pass(81_920);
        assertEquals(1, device.left());
        device.pass(81_920);
        assertEquals(0, device.left());
        device.pass(81_920);
        assertEquals(1, device.left());
        device.write(RTTBCNRC, 0);
        device.pass(0);
        assertEquals(1, device.left(), "without a rate again");
        device.check();
    }
}
