// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.LinkStats;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortState;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.LinkControl;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a port says is what {@code ip} and {@code ethtool} show; on this kernel. */
final class KniPortTest extends NamespaceTest {
    private MbufPool pool;
    private Port port;

    @BeforeEach
    void open() {
        pool = MbufPool.create("kniport", 1024);
        port = Kni.alloc(pool, KniConf.of(IF).withNetns(namespace().name()));
    }

    @AfterEach
    void close() {
        if (port != null) {
            port.close();
        }
        if (pool != null) {
            pool.close();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "never: " + what);
            Thread.onSpinWait();
        }
    }

    /** The kernel receives what the port sends, so rx and tx change places. */
    @Test
    void countersAreTheKernels() throws Exception {
        // IPv6 sends by itself, at times of its own.
        String sysctl = "net.ipv6.conf.all.disable_ipv6=1";
        TestNamespace.run("ip", "netns", "exec", namespace().name(), "sysctl", "-q", "-w", sysctl);
        namespace().ip("link", "set", IF, "up");
        namespace().ip("addr", "add", "10.78.0.1/24", "dev", IF);
        namespace().ip("neigh", "add", "10.78.0.2", "lladdr", "02:00:00:00:00:02", "dev", IF);
        send(37, 60);
        send(11, 1514);
        Process ping =
                namespace()
                        .start(
                                "ping",
                                "-c",
                                "25",
                                "-i",
                                "0.002",
                                "-w",
                                "1",
                                "-s",
                                "400",
                                "10.78.0.2");
        while (ping.isAlive()) {
            drain();
        }
        LinkState shown = Kni.info(port);
        await(
                "the last packets",
                () -> {
                    drain();
                    return port.stats().rxPackets() >= shown.stats().txPackets();
                });
        PortStats ours = port.stats();
        assertEquals(48, ours.txPackets());
        assertTrue(ours.rxPackets() >= 25, ours::toString);
        LinkStats kernel = Kni.info(port).stats();
        assertEquals(kernel.rxPackets(), ours.txPackets());
        assertEquals(kernel.rxBytes(), ours.txBytes());
        assertEquals(kernel.txPackets(), ours.rxPackets());
        assertEquals(kernel.txBytes(), ours.rxBytes());
        assertShownByIp(kernel);
    }

    /** Every figure of ours stands in {@code ip -s link}, in its order. */
    private void assertShownByIp(LinkStats s) {
        List<String> lines = namespace().ip("-s", "link", "show", IF).lines().toList();
        String rx = lines.get(3).strip().replaceAll(" +", " ");
        String tx = lines.get(5).strip().replaceAll(" +", " ");
        assertEquals(
                s.rxBytes() + " " + s.rxPackets() + " " + s.rxErrors() + " " + s.rxDropped(),
                String.join(" ", List.of(rx.split(" ")).subList(0, 4)));
        assertEquals(
                s.txBytes() + " " + s.txPackets() + " " + s.txErrors() + " " + s.txDropped(),
                String.join(" ", List.of(tx.split(" ")).subList(0, 4)));
    }

    private void drain() {
        Mbuf[] burst = new Mbuf[32];
        int n = port.rxQueue(0).rxBurst(burst, 0, burst.length);
        for (int i = 0; i < n; i++) {
            burst[i].free();
        }
    }

    private void send(int count, int bytes) {
        try (MbufCache cache = pool.newCache()) {
            Mbuf[] one = new Mbuf[1];
            for (int i = 0; i < count; i++) {
                one[0] = Objects.requireNonNull(cache.take());
                one[0].append(bytes);
                assertEquals(1, port.txQueue(0).txBurst(one, 0, 1));
            }
        }
    }

    @Test
    void carrierSpeedAndDuplexAreShown() {
        namespace().ip("link", "set", IF, "up");
        assertTrue(port.link().up());
        assertTrue(Kni.info(port).carrier());
        LinkControl link = port.feature(LinkControl.class).orElseThrow();
        assertTrue(link.updateLink(new Link(true, 2500, false, false)));
        assertEquals("2500", shownByKernel("speed"));
        assertEquals("half", shownByKernel("duplex"));
        link.updateLink(Link.up(100_000));
        assertEquals("100000", shownByKernel("speed"));
        assertEquals("full", shownByKernel("duplex"));
        port.stop();
        assertFalse(Kni.info(port).carrier());
        assertEquals(Link.DOWN, port.link());
        port.start();
        assertTrue(Kni.info(port).carrier());
        assertEquals("10000", shownByKernel("speed"));
    }

    private String shownByKernel(String attribute) {
        // ip netns exec mounts a /sys of the namespace.
        return TestNamespace.run(
                        "ip",
                        "netns",
                        "exec",
                        namespace().name(),
                        "cat",
                        "/sys/class/net/" + IF + "/" + attribute)
                .strip();
    }

    @Test
    void aDeletedInterfaceRemovesThePort() throws Exception {
        CountDownLatch removed = new CountDownLatch(1);
        port.addListener(
                (p, event) -> {
                    if (event instanceof PortEvent.Removed) {
                        removed.countDown();
                    }
                });
        namespace().ip("link", "del", IF);
        assertTrue(removed.await(5, TimeUnit.SECONDS), "nobody was told");
        assertEquals(PortState.REMOVED, port.state());
        assertEquals(0, port.rxQueue(0).rxBurst(new Mbuf[4], 0, 4));
        assertThrows(PortException.class, () -> port.setMtu(1400));
        port.stop();
        port.close();
        assertEquals(0, pool.taken());
    }

    @Test
    void aBoundPortFollowsTheKernel() {
        try (Port physical = Ports.open("ring")) {
            physical.configure(PortConfig.of(pool));
            Kni.bind(port, physical);
            MacAddress mac = MacAddress.parse("02:00:00:00:00:99");
            namespace().ip("link", "set", IF, "mtu", "1400", "address", mac.toString());
            namespace().ip("link", "set", IF, "promisc", "on", "allmulticast", "on");
            namespace().ip("link", "set", IF, "up");
            await("up", () -> physical.state() == PortState.STARTED);
            assertEquals(1400, physical.mtu());
            assertEquals(mac, physical.mac());
            assertTrue(physical.promiscuous() && physical.allmulticast());
            namespace().ip("link", "set", IF, "promisc", "off", "down");
            await("down", () -> physical.state() != PortState.STARTED);
            await("promisc off", () -> !physical.promiscuous());
            namespace().ip("link", "set", IF, "mtu", "65521");
            await("put back", () -> Kni.info(port).mtu() == 1400);
            assertEquals(1400, physical.mtu());
            Kni.unregisterHandlers(port);
        }
    }

    @Test
    void closingLeavesNoThreadAndNoInterface() {
        RecordedHandlers handlers = new RecordedHandlers();
        Kni.registerHandlers(port, handlers);
        namespace().ip("link", "set", IF, "up");
        handlers.await(c -> c.text().equals("up true"));
        port.close();
        assertFalse(namespace().ip("link").contains(IF));
        List<String> left =
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(n -> n.startsWith("vpmd") && n.contains(IF))
                        .toList();
        assertEquals(List.of(), left);
        assertEquals(0, pool.taken());
    }
}
