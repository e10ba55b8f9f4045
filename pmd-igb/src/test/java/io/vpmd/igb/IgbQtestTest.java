// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.WireFrame;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Map;
import java.util.Optional;

/** What is special to the 82576, on QEMU's (T2). */
@Timeout(60)
class IgbQtestTest {
    private IgbQtestFixture fixture;
    private MbufPool pool;
    private Port port;

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
        pool.close();
    }

    private void start(PortConfig config) {
        port.configure(config);
        port.start();
        fixture.connect(port, pool);
    }

    @Test
    void oneFrameEachWay() {
        start(PortConfig.of(pool).withRings(64, 64));
        assertEquals(1000, port.link().speedMbps());
        byte[] frame = new byte[100];
        System.arraycopy(port.mac().bytes(), 0, frame, 0, 6);
        for (int i = 12; i < 100; i++) {
            frame[i] = (byte) i;
        }
        Mbuf m = pool.newCache().take();
        m.putBytes(m.append(100), frame, 0, 100);
        assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
        assertArrayEquals(frame, collect().bytes());
        fixture.inject(frame);
        Mbuf got = receive();
        byte[] bytes = new byte[100];
        got.bytes(0, bytes, 0, 100);
        assertArrayEquals(frame, bytes);
        got.free();
        Map<String, Long> x = port.xstats();
        assertEquals(1, x.get("rx_mac_good_packets"));
        assertEquals(104, x.get("rx_mac_good_bytes"));
        assertEquals(1, x.get("tx_mac_good_packets"));
        assertEquals(1, port.xstats().get("tx_mac_good_packets"), "the register was cleared");
    }

    private WireFrame collect() {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (true) {
            Optional<WireFrame> frame = fixture.collect();
            if (frame.isPresent()) {
                return frame.get();
            }
            assertTrue(System.nanoTime() - deadline < 0, "no frame came out");
        }
    }

    private Mbuf receive() {
        Mbuf[] into = new Mbuf[1];
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (port.rxQueue(0).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "no frame was received");
        }
        return into[0];
    }
}
