// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.kni.RecordedHandlers.Call;
import io.vpmd.kni.netlink.LinkMonitor;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Changes of the kernel's side reach the handlers; on this kernel, in namespaces of the test. */
class KernelRequestsTest extends NamespaceTest {
    private static final long EVENT_MILLIS = 50;
    private static final long MULTICAST_MILLIS = 1000;

    private final RecordedHandlers handlers = new RecordedHandlers();
    private MbufPool pool;
    private Port port;

    @BeforeEach
    void open() {
        pool = MbufPool.create("requests", 1024);
        port = Kni.alloc(pool, KniConf.of(IF).withNetns(namespace().name()).withBackend(backend()));
    }

    /** The back-end under test. */
    String backend() {
        return "tap";
    }

    /** Makes the interface one whose multicast list is told. */
    void listen(TestNamespace where) {}

    @AfterEach
    void close() {
        if (port != null) {
            port.close();
        }
        if (pool != null) {
            pool.close();
        }
    }

    final Port port() {
        return port;
    }

    final RecordedHandlers handlers() {
        return handlers;
    }

    final void register() {
        Kni.registerHandlers(port, handlers);
    }

    /** Runs {@code ip}, waits for the call, returns milliseconds from its end to the call. */
    private double delay(String expected, String... ip) {
        long before = System.nanoTime();
        namespace().ip(ip);
        long after = System.nanoTime();
        Call call = handlers.await(c -> c.text().equals(expected));
        assertTrue(call.nanos() > before, "called before " + String.join(" ", ip));
        return Math.max(0, call.nanos() - after) / 1e6;
    }

    private static void assertMedianWithin(long millis, List<Double> delays, String what) {
        Collections.sort(delays);
        double median = delays.get(delays.size() / 2);
        assertTrue(median <= millis, what + " came after " + delays + " ms");
    }

    @Test
    void everyKindOfChangeArrivesWithin50Millis() {
        register();
        String[][] changes = {
            {"up true", "link", "set", IF, "up"},
            {"mtu 1400", "link", "set", IF, "mtu", "1400"},
            {"mac 02:00:00:00:00:09", "link", "set", IF, "address", "02:00:00:00:00:09"},
            {"promisc true", "link", "set", IF, "promisc", "on"},
            {"promisc false", "link", "set", IF, "promisc", "off"},
            {"allmulti true", "link", "set", IF, "allmulticast", "on"},
            {"allmulti false", "link", "set", IF, "allmulticast", "off"},
            {"mtu 1500", "link", "set", IF, "mtu", "1500"},
            {"mac 02:00:00:00:00:08", "link", "set", IF, "address", "02:00:00:00:00:08"},
            {"up false", "link", "set", IF, "down"}
        };
        List<Double> delays = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (String[] c : changes) {
                delays.add(delay(c[0], List.of(c).subList(1, c.length).toArray(String[]::new)));
            }
        }
        assertMedianWithin(EVENT_MILLIS, delays, "changes");
        assertEquals(1500, port.mtu());
        assertEquals(MacAddress.parse("02:00:00:00:00:08"), port.mac());
        assertEquals(List.of(), handlers.take());
        assertEquals(0, port.xstats().get("kernel_put_backs"));
    }

    @Test
    void tcpdumpIsSeenStartingAndStopping() throws Exception {
        register();
        namespace().ip("link", "set", IF, "up");
        handlers.await(c -> c.text().equals("up true"));
        Process tcpdump = namespace().start("tcpdump", "-n", "-i", IF);
        try {
            handlers.await(c -> c.text().equals("promisc true"));
            long stopped = System.nanoTime();
            // ip netns exec has become tcpdump: it does not fork.
            tcpdump.destroy();
            tcpdump.waitFor();
            Call off = handlers.await(c -> c.text().equals("promisc false"));
            assertTrue(off.nanos() - stopped < 1_000_000_000L, "tcpdump's end was not seen");
        } finally {
            tcpdump.destroyForcibly();
        }
    }

    @Test
    void theMulticastListIsToldWithinASecond() {
        register();
        listen(namespace());
        MacAddress group = MacAddress.parse("01:00:5e:00:00:77");
        List<Double> delays = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            namespace().ip("maddr", "add", group.toString(), "dev", IF);
            Call added = handlers.await(multicast(s -> s.contains(group)));
            delays.add((added.nanos() - start) / 1e6);
            start = System.nanoTime();
            namespace().ip("maddr", "del", group.toString(), "dev", IF);
            Call removed = handlers.await(multicast(s -> !s.contains(group)));
            delays.add((removed.nanos() - start) / 1e6);
        }
        assertMedianWithin(MULTICAST_MILLIS, delays, "the multicast list");
    }

    private static Predicate<Call> multicast(Predicate<Set<?>> test) {
        return c -> c.value() instanceof Set<?> set && test.test(set);
    }

    @Test
    void aRefusedValueIsPutBackExactlyOnce() {
        handlers.refusing(c -> c.what().equals("mtu") || c.what().equals("mac"));
        register();
        MacAddress mac = port.mac();
        namespace().ip("link", "set", IF, "mtu", "1400");
        assertEquals("mtu 1400", handlers.await().text());
        awaitKernel("mtu 1500");
        namespace().ip("link", "set", IF, "address", "02:00:00:00:00:07");
        assertEquals("mac 02:00:00:00:00:07", handlers.await().text());
        awaitKernel(mac.toString());
        settle();
        assertEquals(List.of(), handlers.take());
        assertCounts(2, 2);
        assertEquals(1500, port.mtu());
        assertEquals(mac, port.mac());
    }

    @Test
    void quickChangesEndAtTheAcceptedValue() throws Exception {
        handlers.refusing(c -> c.what().equals("mtu"));
        register();
        for (int round = 0; round < 5; round++) {
            batch("link set vEth0 mtu 1400\nlink set vEth0 mtu 1300\nlink set vEth0 mtu 1200\n");
            awaitKernel("mtu 1500");
            settle();
            assertTrue(namespace().ip("link", "show", IF).contains("mtu 1500"));
        }
        List<String> calls = handlers.take();
        long refused = port.xstats().get("kernel_requests_refused");
        long superseded = port.xstats().get("kernel_requests_superseded");
        assertEquals(refused, port.xstats().get("kernel_put_backs"));
        assertEquals(calls.size(), refused + superseded, () -> "calls: " + calls);
        assertTrue(refused >= 5 && refused <= 15, () -> "refused " + refused);
    }

    /** Of quick changes, one that is acceptable wins although one before it is refused. */
    @Test
    void aChangeThatAPutBackOverwritesIsNotLost() throws Exception {
        handlers.refusing(c -> c.text().equals("mtu 1400"));
        register();
        for (int round = 0; round < 20; round++) {
            batch("link set vEth0 mtu 1400\nlink set vEth0 mtu 1200\n");
            awaitKernel("mtu 1200");
            settle();
            assertEquals(1200, Kni.info(port).mtu());
            assertEquals(1200, port.mtu());
            port.setMtu(1500);
        }
    }

    private void batch(String lines) throws Exception {
        Process ip = namespace().start("ip", "-batch", "-");
        ip.getOutputStream().write(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        ip.getOutputStream().close();
        assertEquals(0, ip.waitFor());
    }

    @Test
    void aRefusedUpIsSetDown() {
        handlers.refusing(c -> c.text().equals("up true"));
        register();
        namespace().ip("link", "set", IF, "up");
        assertEquals("up true", handlers.await().text());
        awaitKernel("state DOWN");
        settle();
        assertEquals(List.of(), handlers.take());
        assertCounts(1, 1);
    }

    @Test
    void aHandlerThatThrowsRefuses() {
        handlers.refusing(
                c -> {
                    throw new IllegalStateException("as the test wants");
                });
        register();
        namespace().ip("link", "set", IF, "mtu", "1400");
        awaitKernel("mtu 1500");
        assertCounts(1, 1);
    }

    @Test
    void whatTheApplicationSetsDoesNotComeBack() {
        register();
        port.setMtu(1400);
        port.setMac(MacAddress.parse("02:00:00:00:00:05"));
        Kni.updateLink(port, false);
        Kni.updateLink(port, true);
        settle();
        assertEquals(List.of(), handlers.take());
        assertEquals(1400, Kni.info(port).mtu());
        assertEquals("02:00:00:00:00:05", Kni.info(port).mac().toString());
    }

    @Test
    void anMtuThatThePortCannotHaveIsPutBackWithoutHandlers() {
        // The pool's buffers hold no frame of this size and scatter was not asked for.
        namespace().ip("link", "set", IF, "mtu", "9000");
        awaitKernel("mtu 1500");
        namespace().ip("link", "set", IF, "mtu", "1450");
        settle();
        assertEquals(1450, port.mtu());
        assertCounts(1, 1);
    }

    @Test
    void newHandlersLearnWhatIsAlreadySo() {
        namespace().ip("link", "set", IF, "up", "promisc", "on");
        register();
        assertEquals("promisc true", handlers.await().text());
        assertEquals("up true", handlers.await().text());
        Kni.unregisterHandlers(port);
        namespace().ip("link", "set", IF, "mtu", "1400", "promisc", "off");
        settle();
        assertEquals(List.of(), handlers.take());
        assertEquals(1400, port.mtu());
    }

    @Test
    void aBlockedHandlerDelaysNobody() throws Exception {
        java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
        handlers.refusing(
                c -> {
                    try {
                        return !release.await(10, java.util.concurrent.TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        return true;
                    }
                });
        register();
        long start = System.nanoTime();
        namespace().ip("link", "set", IF, "mtu", "1400");
        namespace().ip("link", "set", IF, "mtu", "1300");
        namespace().ip("link", "set", IF, "up");
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < 2000, "ip took " + millis + " ms");
        release.countDown();
        handlers.await(c -> c.text().equals("up true"));
        assertEquals(1300, port.mtu());
    }

    @Test
    void aMovedInterfaceKeepsItsEvents() {
        register();
        try (TestNamespace other = TestNamespace.create()) {
            namespace().ip("link", "set", IF, "up");
            handlers.await(c -> c.text().equals("up true"));
            // So that the interface cannot keep its number.
            other.ip("link", "add", "x1", "type", "bridge");
            for (int i = 0; i < 2; i++) {
                TestNamespace from = i == 0 ? namespace() : other;
                TestNamespace to = i == 0 ? other : namespace();
                from.ip("link", "set", IF, "netns", to.name());
                handlers.await(c -> c.text().equals("up false"));
                to.ip("link", "set", IF, "up", "mtu", "1400");
                handlers.await(c -> c.text().equals("mtu 1400"));
                handlers.await(c -> c.text().equals("up true"));
                to.ip("link", "set", IF, "mtu", "1500");
                handlers.await(c -> c.text().equals("mtu 1500"));
                to.ip("maddr", "add", "01:00:5e:00:00:7" + i, "dev", IF);
                MacAddress group = MacAddress.parse("01:00:5e:00:00:7" + i);
                handlers.await(multicast(s -> s.contains(group)));
            }
        }
        namespace().ip("link", "set", IF, "down");
        namespace().ip("link", "set", IF, "name", "renamed0");
        settle();
        assertEquals("renamed0", ((io.vpmd.spi.feature.KernelRequests) port).interfaceName());
    }

    /** Counts follow what the kernel shows: a put-back is counted once it is done. */
    private void assertCounts(long refused, long putBacks) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while ((port.xstats().get("kernel_requests_refused") < refused
                        || port.xstats().get("kernel_put_backs") < putBacks)
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(refused, port.xstats().get("kernel_requests_refused"), "refused");
        assertEquals(putBacks, port.xstats().get("kernel_put_backs"), "put back");
    }

    private void awaitKernel(String text) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        String shown = namespace().ip("link", "show", IF);
        while (!shown.contains(text)) {
            assertTrue(System.nanoTime() < deadline, "no " + text + " in " + shown);
            shown = namespace().ip("link", "show", IF);
        }
    }

    /** Longer than events and polls take. */
    private static void settle() {
        try {
            Thread.sleep(LinkMonitor.POLL_MILLIS / 2);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
