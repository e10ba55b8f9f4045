// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.TestFrames;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A port on QEMU's 82576, and frames for it. */
@Timeout(60)
abstract class IgbQtestCase {
    static final long PATIENCE_NANOS = 5_000_000_000L;
    static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:77:77");
    static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:fb");

    IgbQtestFixture fixture;
    MbufPool pool;
    Port port;

    @BeforeEach
    void open() {
        fixture = new IgbQtestFixture(0);
        pool = MbufPool.create("igb", 2048);
        port = fixture.open();
    }

    @AfterEach
    void close() {
        if (port != null) {
            port.close();
        }
        fixture.close();
        assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
    }

    final PortConfig config() {
        return PortConfig.of(pool).withRings(64, 64);
    }

    final void start(PortConfig config) {
        port.configure(config);
        port.start();
        fixture.connect(port, pool);
    }

    final byte[] frame(MacAddress to, int length) {
        byte[] frame = new byte[length];
        System.arraycopy(to.bytes(), 0, frame, 0, 6);
        for (int i = 6; i < length; i++) {
            frame[i] = (byte) (i & 0xfe);
        }
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    /** The TCP packet of Microsoft's RSS verification suite, whose hash is 51ccc178h. */
    final byte[] tcp(boolean rightIp, boolean rightTcp) {
        ByteBuffer b = ByteBuffer.allocate(100);
        b.put(port.mac().bytes()).put(STRANGER.bytes()).putShort((short) 0x0800);
        b.putShort((short) 0x4500).putShort((short) 86).putInt(0).putShort((short) 0x4006);
        b.putShort((short) 0);
        b.putInt(0x4209_95bb).putInt(0xa18e_6450);
        b.putShort((short) 2794).putShort((short) 1766).putInt(1).putInt(2);
        b.putShort((short) 0x5010).putShort((short) 100).putInt(0);
        byte[] f = b.array();
        put(f, 24, ~sum(f, 14, 34, 0) + (rightIp ? 0 : 1));
        put(f, 50, ~sum(f, 34, 100, 6 + 66 + sum(f, 26, 34, 0)) + (rightTcp ? 0 : 1));
        return f;
    }

    static void put(byte[] f, int at, int value) {
        f[at] = (byte) (value >> 8);
        f[at + 1] = (byte) value;
    }

    static int sum(byte[] f, int from, int to, int initial) {
        int sum = initial;
        for (int i = from; i < to; i += 2) {
            sum += (f[i] & 0xff) << 8 | (f[i + 1] & 0xff);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    final Mbuf packet(byte[] frame) {
        return TestFrames.packet(pool, frame);
    }

    final void send(Mbuf m) {
        assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
    }

    final byte[] collect() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            var frame = fixture.collect();
            if (frame.isPresent()) {
                return frame.get().bytes();
            }
            assertTrue(System.nanoTime() - deadline < 0, "no frame came out");
        }
    }

    private Optional<Mbuf> poll() {
        Mbuf[] into = new Mbuf[1];
        for (int q = 0; q < port.config().rxQueues(); q++) {
            if (port.rxQueue(q).rxBurst(into, 0, 1) == 1) {
                return Optional.of(into[0]);
            }
        }
        return Optional.empty();
    }

    final Mbuf receive() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Optional<Mbuf> m = poll();
        while (m.isEmpty()) {
            assertTrue(System.nanoTime() - deadline < 0, "no frame was received");
            m = poll();
        }
        return m.get();
    }

    static byte[] bytes(Mbuf packet) {
        byte[] all = TestFrames.bytes(packet);
        packet.free();
        return all;
    }

    /** Sends to the port, and then a frame that it takes for sure. */
    final boolean receives(byte[] frame) {
        byte[] marker = frame(port.mac(), 77);
        fixture.inject(frame);
        fixture.inject(marker);
        byte[] first = bytes(receive());
        if (Arrays.equals(first, marker)) {
            return false;
        }
        assertArrayEquals(frame, first);
        assertArrayEquals(marker, bytes(receive()));
        return true;
    }

    /** The same frame with a tag behind the addresses. */
    static byte[] withTag(byte[] frame, int type, int tci) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        ByteBuffer.wrap(tagged).putInt(12, type << 16 | tci);
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }
}
