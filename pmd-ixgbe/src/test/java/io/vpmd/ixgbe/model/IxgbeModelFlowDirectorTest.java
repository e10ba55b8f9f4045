// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

/**
 * Signature filters as drivers set them for flows that they send (ATR), 7.1.2.7. The hashes were
 * worked out with another program, from the keys that stock drivers have and with the EtherType for
 * the flexible bytes.
 */
class IxgbeModelFlowDirectorTest {
    private static final int BUCKET_KEY = 0x3dad_14e2;
    private static final int SIGNATURE_KEY = 0x174d_3614;
    private static final int SIGNATURES_64K = 0x4a06_0001;
    private static final int TCP_IPV4 = 0x416b_0cce;
    /* The same as a driver writes it, which does not know how many buckets there are. */
    private static final int TCP_IPV4_WRITTEN = 0x416b_2cce;
    private static final int TCP_IPV4_TAGGED = 0x737f_0cbd;
    private static final int TCP_IPV6 = 0x0e0d_187b;
    private static final int ADD_TCP = 0x8849;
    private static final int ADD_TCP_IPV6 = ADD_TCP | 0x80;
    private static final int REMOVE = 2;
    private static final int QUERY = 3;
    private static final int VALID = 4;
    private static final int FREE_64K = 8190;
    private static final int QUEUE = 5;

    private final BareModel device = new BareModel(IxgbeModelChip.E82599_KX4);

    @BeforeEach
    void begin() {
        device.link();
        device.write(FDIRHKEY, BUCKET_KEY);
        device.write(FDIRSKEY, SIGNATURE_KEY);
        device.write(FDIRCTRL, SIGNATURES_64K);
        assertEquals(FDIRCTRL_INIT_DONE, device.read(FDIRCTRL) & FDIRCTRL_INIT_DONE);
        device.receiver(0);
        device.receiver(QUEUE);
    }

    private static ByteBuffer ethernet(byte[] frame) {
        return ByteBuffer.wrap(frame).put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9});
    }

    /** TCP from 192.168.0.1, port 80, to 10.0.0.2. */
    private static byte[] ipv4(int destinationPort, int tag) {
        byte[] frame = new byte[100];
        ByteBuffer b = ethernet(frame);
        if (tag != 0) {
            b.putShort((short) 0x8100).putShort((short) tag);
        }
        b.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) 60).putInt(0);
        b.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(0xc0a8_0001).putInt(0x0a00_0002);
        b.putShort((short) 80).putShort((short) destinationPort);
        return frame;
    }

    /** TCP from 2001:db8::1, port 80, to 2001:db8:0:5::2:9, port 1234. */
    private static byte[] ipv6() {
        byte[] frame = new byte[100];
        ByteBuffer b = ethernet(frame);
        b.putShort((short) 0x86dd).putInt(0x6000_0000).putShort((short) 40).put((byte) 6);
        b.put((byte) 64).putLong(0x2001_0db8_0000_0000L).putLong(1);
        b.putLong(0x2001_0db8_0000_0005L).putLong(0x2_0009);
        b.putShort((short) 80).putShort((short) 1234);
        return frame;
    }

    private void command(int hash, int command) {
        device.write(FDIRHASH, hash);
        device.write(FDIRCMD, command);
        assertEquals(0, device.read(FDIRCMD) & 3, "the command is done");
    }

    private void add(int hash, int command) {
        command(hash, command | QUEUE << 16);
    }

    private void arrives(byte[] frame, int queue) {
        device.wire.inject(frame);
        device.pass(1_000);
        assertEquals(queue == 0 ? 1 : 0, device.received(0), "queue 0");
        assertEquals(queue == QUEUE ? 1 : 0, device.received(QUEUE), "queue " + QUEUE);
    }

    @Test
    void aFlowGoesToTheQueueOfItsHashes() {
        arrives(ipv4(1234, 0), 0);
        assertEquals(1, device.read(FDIRMISS));
        add(TCP_IPV4_WRITTEN, ADD_TCP);
        arrives(ipv4(1234, 0), QUEUE);
        arrives(ipv4(1235, 0), 0);
        arrives(ipv4(1234, 0x2064), 0);
        assertEquals(1, device.read(FDIRMATCH));
        assertEquals(2, device.read(FDIRMISS));
        assertEquals(0, device.read(FDIRMISS), "cleared by the read");
        device.check();
    }

    @Test
    void aPacketThatWaitsForDescriptorsIsCountedOnce() {
        for (int i = 0; i < 9; i++) {
            device.wire.inject(ipv4(1234, 0));
        }
        for (int i = 0; i < 3; i++) {
            device.pass(1_000);
        }
        assertEquals(7, device.received(0), "descriptors of the ring");
        assertEquals(7, device.read(FDIRMISS), "what was received");
    }

    @Test
    void tagsAndAddressesOfIpv6ArePartOfTheHash() {
        add(TCP_IPV4_TAGGED, ADD_TCP);
        add(TCP_IPV6, ADD_TCP_IPV6);
        arrives(ipv4(1234, 0x2064), QUEUE);
        arrives(ipv6(), QUEUE);
        arrives(ipv4(1234, 0), 0);
        device.check();
    }

    @Test
    void otherKeysAreOtherHashes() {
        add(TCP_IPV4, ADD_TCP);
        device.write(FDIRSKEY, SIGNATURE_KEY ^ 0x40);
        arrives(ipv4(1234, 0), 0);
        device.write(FDIRSKEY, SIGNATURE_KEY);
        device.write(FDIRHKEY, BUCKET_KEY ^ 0x40);
        arrives(ipv4(1234, 0), 0);
        device.write(FDIRHKEY, BUCKET_KEY);
        arrives(ipv4(1234, 0), QUEUE);
    }

    @Test
    void whatIsMaskedDoesNotCount() {
        device.write(FDIRM, 0x13);
        // What is left without tag and EtherType.
        int without = 0;
        for (int tag : new int[] {0, 0x2064}) {
            int hash = hashThatHits(ipv4(1234, tag));
            assertEquals(without == 0 ? hash : without, hash, "the same flow");
            without = hash;
        }
        assertNotEquals(TCP_IPV4, without);
    }

    /** With the device's own hash, which the cases above compare with another program's. */
    private int hashThatHits(byte[] frame) {
        var headers = new io.vpmd.spi.hw.model.FrameHeaders();
        boolean tagged = frame[12] == (byte) 0x81;
        headers.parse(frame, frame.length, tagged ? 1 : 0, true);
        IxgbeModelFlowHash hashes = new IxgbeModelFlowHash(device.model.registers());
        return hashes.of(headers, frame, tagged ? 0x2064 : 0, 0x1fff);
    }

    @Test
    void commandsAreCounted() {
        assertEquals(FREE_64K, device.read(FDIRFREE));
        add(TCP_IPV4, ADD_TCP);
        add(TCP_IPV4, ADD_TCP);
        add(TCP_IPV6, ADD_TCP_IPV6);
        assertEquals(FREE_64K - 2, device.read(FDIRFREE));
        assertEquals(3, device.read(FDIRUSTAT), "added, once anew");
        command(TCP_IPV4, QUERY);
        assertEquals(VALID, device.read(FDIRCMD) & VALID);
        command(TCP_IPV4, REMOVE);
        command(TCP_IPV4, REMOVE);
        assertEquals(1 << 16, device.read(FDIRUSTAT), "removed");
        assertEquals(1 << 16, device.read(FDIRFSTAT), "removed in vain");
        command(TCP_IPV4, QUERY);
        assertEquals(0, device.read(FDIRCMD) & VALID);
        arrives(ipv4(1234, 0), 0);
        assertEquals(FREE_64K - 1, device.read(FDIRFREE));
    }

    /** The threshold is 64 filters; a driver then makes the table anew. */
    @Test
    void aTableThatGetsFullInterrupts() {
        device.read(EICR);
        for (int i = 0; i < FREE_64K - 64; i++) {
            add((i & 0x7fff) << 16 | (i & 0x1fff), ADD_TCP);
        }
        assertEquals(64, device.read(FDIRFREE));
        assertEquals(0, device.read(EICR) & EICR_FLOW_DIR);
        for (int i = FREE_64K - 64; i < FREE_64K + 2; i++) {
            add((i & 0x7fff) << 16 | (i & 0x1fff), ADD_TCP);
        }
        assertEquals(EICR_FLOW_DIR, device.read(EICR) & EICR_FLOW_DIR);
        assertEquals(0, device.read(FDIRFREE));
        assertEquals(2, device.read(FDIRFSTAT), "found no room");
        device.write(FDIRCTRL, SIGNATURES_64K);
        assertEquals(FREE_64K, device.read(FDIRFREE));
        assertEquals(0, device.model.flowFilters());
    }
}
