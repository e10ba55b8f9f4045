// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.HexFormat;

/** What the streams do to frames. */
class StreamsTest {
    private static final long OWN = 0x02aa_bbcc_dd01L;
    private static final HexFormat HEX = HexFormat.of();

    private final MbufPool pool = MbufPool.create("streams-test", 64);
    private final MbufCache cache = pool.newCache();

    @AfterEach
    void close() {
        cache.close();
        pool.close();
    }

    private Mbuf frame(String... hex) {
        byte[] bytes = HEX.parseHex(String.join("", hex).replace(" ", ""));
        Mbuf m = cache.take();
        assertTrue(m != null);
        m.append(bytes.length);
        m.putBytes(0, bytes, 0, bytes.length);
        return m;
    }

    private static String hex(Mbuf m) {
        byte[] bytes = new byte[m.dataLength()];
        m.bytes(0, bytes, 0, bytes.length);
        return HEX.formatHex(bytes);
    }

    /** As captured from dpdk-testpmd 22.11 --forward-mode=txonly on a net_tap port. */
    @Test
    void txonlySendsTheFrameOfTestpmd() {
        byte[] expected =
                HEX.parseHex(
                        ("020000000000 021122334455 0800"
                                        + "4500 0032 0000 0000 4011 ee93"
                                        + "c6120001 c6120002 0009 0009 001e 0000"
                                        + "00".repeat(22))
                                .replace(" ", ""));
        assertArrayEquals(
                expected, TxOnlyStream.frame(64, 0x0211_2233_4455L, RewriteStream.peerMac(0)));
    }

    @Test
    void macSwap() {
        Mbuf m = frame("010203040506 0a0b0c0d0e0f 0800 1122");
        RewriteStream.swap(m);
        assertEquals("0a0b0c0d0e0f" + "010203040506" + "08001122", hex(m));
        Mbuf runt = frame("0102030405060a0b0c0d0e");
        RewriteStream.swap(runt);
        assertEquals("0102030405060a0b0c0d0e", hex(runt));
    }

    @Test
    void icmpechoAnswersArp() {
        Mbuf m =
                frame(
                        "ffffffffffff 0a0b0c0d0e0f 0806",
                        "0001 0800 06 04 0001 0a0b0c0d0e0f c0a8d201 000000000000 c0a8d202");
        assertTrue(IcmpEchoStream.answer(m, OWN));
        assertEquals(
                ("0a0b0c0d0e0f 02aabbccdd01 08060001 0800 06 04 0002 02aabbccdd01 c0a8d202"
                                + " 0a0b0c0d0e0f c0a8d201")
                        .replace(" ", ""),
                hex(m));
    }

    @Test
    void icmpechoAnswersPingAlsoWithTag() {
        String ip = "4500 001e 0001 4000 40 01 1589 c0a8d201 c0a8d202";
        Mbuf m = frame("02aabbccdd01 0a0b0c0d0e0f 8100 0005 0800", ip, "0800 5d9a 1234 0001 8730");
        assertTrue(IcmpEchoStream.answer(m, OWN));
        String replied = "4500 001e 0001 4000 40 01 1589 c0a8d202 c0a8d201";
        assertEquals(
                ("0a0b0c0d0e0f 02aabbccdd01 8100 0005 0800" + replied + "0000 659a 1234 0001 8730")
                        .replace(" ", ""),
                hex(m));
    }

    @Test
    void icmpechoLeavesTheRestAlone() {
        String macs = "02aabbccdd01 0a0b0c0d0e0f";
        String udp = "4500 001e 0001 4000 40 11 1589 c0a8d201 c0a8d202 0009 0009 000a 0000 0000";
        assertFalse(IcmpEchoStream.answer(frame(macs, "0800", udp), OWN));
        String fragment =
                "4500 001e 0001 2000 40 01 1589 c0a8d201 c0a8d202 0800 0000 0000 0000 0000";
        assertFalse(IcmpEchoStream.answer(frame(macs, "0800", fragment), OWN));
        assertFalse(IcmpEchoStream.answer(frame(macs, "86dd", "00".repeat(40)), OWN));
        assertFalse(IcmpEchoStream.answer(frame(macs, "0800"), OWN));
        assertFalse(IcmpEchoStream.answer(frame("8100".repeat(20)), OWN));
    }
}
