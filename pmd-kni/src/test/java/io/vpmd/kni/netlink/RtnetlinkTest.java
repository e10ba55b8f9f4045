// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.kni.TestNamespace;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What rtnetlink does here is what {@code ip} shows; on this kernel, in a namespace of the test.
 */
final class RtnetlinkTest {
    private TestNamespace test;
    private NetNamespace namespace;
    private Rtnetlink kernel;

    @BeforeEach
    void open() {
        test = TestNamespace.create();
        namespace = NetNamespace.of(test.name());
        kernel = Rtnetlink.open(namespace);
        test.ip("link", "add", "br0", "type", "bridge");
    }

    @AfterEach
    void close() {
        if (kernel != null) {
            kernel.close();
            namespace.close();
        }
        if (test != null) {
            test.close();
        }
    }

    @Test
    void settings() {
        int br0 = kernel.link("br0").ifindex();
        MacAddress mac = MacAddress.parse("02:00:00:00:01:02");
        kernel.setMac(br0, mac);
        kernel.setMtu(br0, 1400);
        kernel.setUp(br0, true);
        kernel.setPromiscuous(br0, true);
        String shown = test.ip("link", "show", "br0");
        for (String part : List.of("PROMISC", "UP", "mtu 1400", mac.toString())) {
            assertTrue(shown.contains(part), shown);
        }
        LinkState state = kernel.link(br0);
        assertEquals(1400, state.mtu());
        assertEquals(mac, state.mac());
        assertTrue(state.up() && state.promiscuous() && !state.allmulticast());
        assertEquals("bridge", state.kind());
        kernel.setUp(br0, false);
        kernel.setName(br0, "other0");
        assertEquals(br0, kernel.link("other0").ifindex());
        assertTrue(kernel.find("br0").isEmpty());
    }

    @Test
    void addressesRoutesNeighbours() throws Exception {
        int br0 = kernel.link("br0").ifindex();
        kernel.setUp(br0, true);
        kernel.addAddress(br0, IpPrefix.parse("192.168.210.1/24"));
        kernel.addAddress(br0, IpPrefix.parse("fd00:77::1/64"));
        String addresses = test.ip("addr", "show", "br0");
        assertTrue(addresses.contains("192.168.210.1/24 brd 192.168.210.255"), addresses);
        assertTrue(addresses.contains("fd00:77::1/64"), addresses);
        kernel.addRoute(br0, IpPrefix.parse("10.5.0.0/16"), null);
        kernel.addRoute(br0, IpPrefix.parse("10.6.0.0/16"), InetAddress.ofLiteral("192.168.210.9"));
        kernel.addNeighbour(
                br0, InetAddress.ofLiteral("192.168.210.9"), MacAddress.parse("02:00:00:00:00:09"));
        String routes = test.ip("route");
        assertTrue(routes.contains("10.5.0.0/16 dev br0"), routes);
        assertTrue(routes.contains("10.6.0.0/16 via 192.168.210.9"), routes);
        String neighbours = test.ip("neigh");
        assertTrue(neighbours.contains("lladdr 02:00:00:00:00:09 PERMANENT"), neighbours);
        kernel.deleteRoute(br0, IpPrefix.parse("10.5.0.0/16"), null);
        assertTrue(!test.ip("route").contains("10.5.0.0"));
        kernel.deleteAddress(br0, IpPrefix.parse("192.168.210.1/24"));
        assertTrue(!test.ip("addr", "show", "br0").contains("192.168.210.1"));
    }

    @Test
    void refusalsSayWhy() {
        int br0 = kernel.link("br0").ifindex();
        NetlinkException mtu =
                assertThrows(NetlinkException.class, () -> kernel.setMtu(br0, 70_000));
        assertEquals(Errno.EINVAL, mtu.errno());
        assertTrue(mtu.getMessage().contains("mtu greater than device maximum"), mtu.getMessage());
        NetlinkException none = assertThrows(NetlinkException.class, () -> kernel.link("none"));
        assertEquals(Errno.ENODEV, none.errno());
    }

    @Test
    void aListOfManyInterfaces() {
        for (int i = 1; i < 60; i++) {
            test.ip("link", "add", "br" + i, "type", "bridge");
        }
        List<LinkState> links = kernel.links();
        assertEquals(61, links.size());
        assertEquals("lo", links.getFirst().name());
    }

    @Test
    void whatNamesANamespace() {
        assertEquals(namespace.inode(), inodeOf("/run/netns/" + test.name()));
        assertEquals(inodeOf(Long.toString(ProcessHandle.current().pid())), ownInode());
        for (String bad : List.of("no-such-namespace", "", "..", "/dev/null", "999999999")) {
            assertThrows(NetNamespaceException.class, () -> inodeOf(bad), bad);
        }
    }

    private static long inodeOf(String spec) {
        try (NetNamespace n = NetNamespace.of(spec)) {
            return n.inode();
        }
    }

    private static long ownInode() {
        try (NetNamespace n = NetNamespace.current()) {
            return n.inode();
        }
    }

    @Test
    void theCallingThreadStaysWhereItIs() {
        long before = ownInode();
        assertEquals(namespace.inode(), namespace.call(RtnetlinkTest::ownInode));
        assertEquals(before, ownInode());
        assertThrows(
                IllegalStateException.class,
                () ->
                        namespace.call(
                                () -> {
                                    throw new IllegalStateException("as the test wants");
                                }));
    }

    /** Events that overflow the socket's buffer are made up for by reading the state. */
    @Test
    void aFloodOfEventsEndsInTheRightState() throws Exception {
        CountDownLatch right = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        LinkMonitor[] self = new LinkMonitor[1];
        Whereabouts here = () -> new Whereabouts.Place(NetNamespace.of(test.name()), "br0");
        LinkMonitor.Listener listener =
                new LinkMonitor.Listener() {
                    @Override
                    public void changed() {
                        told.incrementAndGet();
                        if (self[0].state().mtu() == 1234) {
                            right.countDown();
                        }
                    }

                    @Override
                    public void moved() {}

                    @Override
                    public void gone() {}
                };
        try (LinkMonitor monitor = new LinkMonitor("flood", here, listener)) {
            self[0] = monitor;
            monitor.start();
            StringBuilder changes = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                changes.append("link set br0 mtu ").append(1300 + i % 2).append('\n');
            }
            changes.append("link set br0 mtu 1234\n");
            monitor.locked(
                    () -> {
                        batch(changes.toString());
                        return this;
                    });
            assertTrue(right.await(5, TimeUnit.SECONDS), "the last state was not told");
            assertEquals(1234, monitor.state().mtu());
            assertTrue(told.get() < 2000, "nothing was lost, the test is too weak");
            assertEquals(Set.of(), monitor.multicast());
        }
    }

    private void batch(String lines) {
        try {
            Process ip = test.start("ip", "-batch", "-");
            ip.getOutputStream().write(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            ip.getOutputStream().close();
            assertEquals(0, ip.waitFor());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
