// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

class PacketPartsTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** A line of Microsoft's verification suite for RSS, with and without ports. */
    @Test
    void hashesAreThePublishedOnes() {
        byte[] key =
                hex(
                        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
                                + "77cb2da38030f20c6a42b73bbeac01fa");
        byte[] tcp = hex("420995bb a18e6450 0aea 06e6");
        assertEquals(0x51cc_c178, Sums.toeplitz(key, tcp, 0, 12, 0, 0));
        assertEquals(0x323e_8fc2, Sums.toeplitz(key, tcp, 0, 8, 0, 0));
        int half = Sums.toeplitz(key, tcp, 0, 8, 0, 0);
        assertEquals(0x51cc_c178, Sums.toeplitz(key, tcp, 8, 4, half, 8));
    }

    @Test
    void checksumsAreTheStandards() {
        // RFC 1071, section 3.
        assertEquals(0xddf2, Sums.internet(hex("0001f203f4f5f6f7"), 0, 8, 0));
        assertEquals(0xddf2, Sums.internet(hex("0001f203f4f5f6f7"), 0, 8, 0xffff));
        byte[] text = new byte[21];
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        // The check value of CRC-32C is e3069283h; SCTP puts it in with its bytes turned round.
        System.arraycopy(digits, 0, text, 12, 9);
        assertEquals(0x8392_06e3, crcOf(digits));
        assertEquals(Sums.sctp(text, 0, 21), Sums.sctp(withField(text), 0, 21), "field as 0");
    }

    /** The CRC without the twelve bytes of an SCTP header, through its linear part. */
    private static int crcOf(byte[] bytes) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes);
        int reference = Integer.reverseBytes((int) crc.getValue());
        byte[] packet = new byte[12 + bytes.length];
        System.arraycopy(bytes, 0, packet, 12, bytes.length);
        crc.reset();
        crc.update(packet);
        assertEquals(
                Integer.reverseBytes((int) crc.getValue()), Sums.sctp(packet, 0, packet.length));
        return reference;
    }

    private static byte[] withField(byte[] packet) {
        byte[] other = packet.clone();
        java.util.Arrays.fill(other, 8, 12, (byte) 0x5a);
        return other;
    }

    @Test
    void framesLeaveTheBufferAsTheyCame() {
        FrameBuffer buffer = new FrameBuffer(1000);
        Random random = new Random(1);
        java.util.ArrayDeque<byte[]> expected = new java.util.ArrayDeque<>();
        byte[] out = new byte[1000];
        for (int i = 0; i < 10_000; i++) {
            byte[] frame = new byte[random.nextInt(1, 400)];
            random.nextBytes(frame);
            boolean fits = frame.length <= buffer.room();
            assertEquals(fits, buffer.append(frame, 0, frame.length));
            if (fits) {
                expected.add(frame);
            } else {
                assertTrue(buffer.frames() > 0);
            }
            if (random.nextBoolean() && !buffer.isEmpty()) {
                int n = buffer.first(out);
                buffer.dropFirst();
                assertArrayEquals(expected.remove(), java.util.Arrays.copyOf(out, n));
            }
            assertEquals(expected.size(), buffer.frames());
        }
        buffer.clear();
        assertEquals(0, buffer.first(out));
        assertFalse(buffer.append(new byte[1000], 0, 1000));
    }

    @Test
    void nvmWordsAddUp() {
        Nvm nvm = new Nvm(64).putMac(0, MacAddress.parse("02:11:22:33:44:55")).seal(63, 0xbaba);
        int sum = 0;
        for (int i = 0; i < 64; i++) {
            sum += nvm.word(i);
        }
        assertEquals(0xbaba, sum & 0xffff);
        assertEquals(0x1102, nvm.word(0));
        assertEquals(0xffff, nvm.word(64));
    }

    @Test
    void aPhyNegotiatesAndShowsALostLinkOnce() {
        ModelClock.Manual clock = new ModelClock.Manual();
        Phy phy = new Phy(clock, 0x0123_4567, 1_000);
        assertEquals(0x0123, phy.read(2));
        assertEquals(0x4567, phy.read(3));
        assertFalse(phy.up());
        phy.setCable(true);
        clock.advance(999);
        assertEquals(0, phy.read(Phy.STATUS) & 0x24);
        clock.advance(1);
        assertTrue(phy.up());
        assertEquals(1000, phy.speedMbps());
        phy.read(Phy.STATUS);
        assertEquals(0x24, phy.read(Phy.STATUS) & 0x24);
        phy.setCable(false);
        phy.setCable(true);
        clock.advance(1_000);
        assertEquals(0x20, phy.read(Phy.STATUS) & 0x24, "the latched loss");
        assertEquals(0x24, phy.read(Phy.STATUS) & 0x24);
        phy.write(9, 0);
        phy.write(4, 0x0101);
        phy.write(Phy.CONTROL, 0x1200);
        assertFalse(phy.up());
        clock.advance(1_000);
        assertEquals(100, phy.speedMbps());
        assertTrue(phy.fullDuplex());
        phy.write(Phy.CONTROL, 0x1800);
        assertFalse(phy.up(), "powered down");
        phy.write(Phy.CONTROL, 0x8000);
        assertEquals(1000, phy.speedMbps(), "reset");
        assertEquals(0x1140, phy.read(Phy.CONTROL));
    }
}
