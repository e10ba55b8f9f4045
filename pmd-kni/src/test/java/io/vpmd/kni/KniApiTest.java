// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortStateException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cases of KNI's own test (kni_autotest), in its order; this kernel, a namespace of the test.
 */
class KniApiTest {
    private static final String IF = "test_kni_port";
    private static final KernelHandlers NONE = new KernelHandlers() {};

    private TestNamespace namespace;
    private MbufPool pool;

    @BeforeEach
    void open() {
        namespace = TestNamespace.create();
        pool = MbufPool.create("kniapi", 4096);
    }

    @AfterEach
    void close() {
        Kni.list().forEach(Kni::release);
        if (pool != null) {
            pool.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private KniConf conf() {
        return KniConf.of(IF).withNetns(namespace.name()).withBackend(backend());
    }

    /** The back-end under test. */
    String backend() {
        return "tap";
    }

    /** Cases 1 and 2: nothing needs to be initialised, an interface is there when alloc returns. */
    @Test
    void allocMakesAnInterface() {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:42");
        Port kni = Kni.alloc(pool, conf().withMac(mac).withMtu(1400));
        String shown = namespace.ip("link", "show", IF);
        assertTrue(shown.contains("mtu 1400"), shown);
        assertTrue(shown.contains(mac.toString()), shown);
        assertEquals(1400, kni.mtu());
        assertEquals(mac, kni.mac());
        assertEquals(Optional.of(kni), Kni.get(IF));
        assertEquals(List.of(kni), Kni.list());
        assertEquals(IF, Kni.info(kni).name());
    }

    /** Cases 3 to 6: handlers of another process, one owner at a time. */
    @Test
    void anotherProcessOwnsTheHandlers() throws Exception {
        Port kni = Kni.alloc(pool, conf());
        assertThrows(NullPointerException.class, () -> Kni.registerHandlers(null, NONE));
        assertThrows(NullPointerException.class, () -> Kni.registerHandlers(kni, null));
        try (ChildJvm child = ChildJvm.start(ControlChild.class, "control", IF, namespace.name())) {
            child.await("ready");
            child.say("register");
            child.await("done register");
            child.say("register");
            child.await("failed registerHandlers " + IF + ": this process has registered");
            PortException e =
                    assertThrows(PortException.class, () -> Kni.registerHandlers(kni, NONE));
            assertTrue(e.getMessage().contains("process " + child.pid()), e.getMessage());
            namespace.ip("link", "set", IF, "mtu", "1450");
            child.await("mtu 1450");
            namespace.ip("link", "set", IF, "mtu", "1313");
            child.await("mtu 1313");
            awaitMtu(kni, 1450);
            child.say("unregister");
            child.await("done unregister");
            assertThrows(NullPointerException.class, () -> Kni.unregisterHandlers(null));
            namespace.ip("link", "set", IF, "mtu", "1350");
            awaitMtu(kni, 1350);
            assertFalse(child.said("mtu"), "called after it unregistered");
            Kni.registerHandlers(kni, NONE);
            child.say("register");
            String refusal = child.await("failed");
            long pid = ProcessHandle.current().pid();
            assertTrue(refusal.contains("process " + pid), refusal);
            Kni.unregisterHandlers(kni);
            child.say("register");
            child.await("done register");
            child.signal("KILL");
            awaitHandlersFree(kni);
        }
    }

    private static void awaitMtu(Port kni, int mtu) throws InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (kni.mtu() != mtu || Kni.info(kni).mtu() != mtu) {
            assertTrue(System.nanoTime() < deadline, "the MTU is " + kni.mtu() + ", not " + mtu);
            Thread.sleep(5);
        }
    }

    private static void awaitHandlersFree(Port kni) throws InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (true) {
            try {
                Kni.registerHandlers(kni, NONE);
                return;
            } catch (PortException e) {
                assertTrue(System.nanoTime() < deadline, e.getMessage());
                Thread.sleep(20);
            }
        }
    }

    /** Case 7: update_link tells the state before. */
    @Test
    void updateLink() {
        Port kni = Kni.alloc(pool, conf());
        namespace.ip("link", "set", IF, "up");
        assertTrue(Kni.updateLink(kni, true));
        assertTrue(Kni.updateLink(kni, false));
        assertTrue(namespace.ip("link", "show", IF).contains("NO-CARRIER"));
        assertFalse(kni.link().up());
        assertFalse(Kni.updateLink(kni, true));
        assertTrue(namespace.ip("link", "show", IF).contains("LOWER_UP"));
        assertTrue(kni.link().up());
    }

    /** Case 8: the interface goes up, changes its MTU and goes down while packets pass. */
    @Test
    void packetsPassWhileSettingsChange() throws Exception {
        AtomicLong changes = new AtomicLong();
        KernelHandlers counting =
                new KernelHandlers() {
                    @Override
                    public boolean changeMtu(int mtu) {
                        changes.incrementAndGet();
                        return true;
                    }
                };
        Port kni = Kni.alloc(pool, conf(), counting);
        namespace.ip("link", "set", IF, "up");
        AtomicBoolean stop = new AtomicBoolean();
        Thread sender = Thread.ofPlatform().start(() -> send(kni.txQueue(0), stop));
        Thread receiver = Thread.ofPlatform().start(() -> receive(kni.rxQueue(0), stop));
        try {
            for (int i = 0; i < 5; i++) {
                namespace.ip("link", "set", IF, "up");
                namespace.ip("link", "set", IF, "mtu", i % 2 == 0 ? "1400" : "1500");
                namespace.ip("link", "set", IF, "down");
            }
            namespace.ip("link", "set", IF, "up");
            namespace.ip("addr", "add", "10.77.0.1/24", "dev", IF, "broadcast", "10.77.0.255");
            Process ping =
                    namespace.start(
                            "ping", "-b", "-i", "0.002", "-c", "150", "-W", "1", "10.77.0.255");
            ping.getInputStream().readAllBytes();
            ping.waitFor();
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (kni.stats().txPackets() < 100 || kni.stats().rxPackets() < 100) {
                assertTrue(System.nanoTime() < deadline, () -> "moved only " + kni.stats());
                Thread.sleep(10);
            }
        } finally {
            stop.set(true);
            sender.join();
            receiver.join();
        }
        assertTrue(changes.get() >= 1, "no MTU change was told");
    }

    private void send(TxQueue queue, AtomicBoolean stop) {
        Mbuf[] one = new Mbuf[1];
        MbufCache cache = pool.newCache();
        while (!stop.get()) {
            Mbuf m = Objects.requireNonNull(cache.take());
            m.append(60);
            one[0] = m;
            while (queue.txBurst(one, 0, 1) == 0) {
                Thread.onSpinWait();
            }
            java.util.concurrent.locks.LockSupport.parkNanos(200_000);
        }
        cache.close();
    }

    private static void receive(RxQueue queue, AtomicBoolean stop) {
        Mbuf[] burst = new Mbuf[32];
        while (!stop.get()) {
            int n = queue.rxBurst(burst, 0, 32);
            for (int i = 0; i < n; i++) {
                burst[i].free();
            }
            if (n == 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(100_000);
            }
        }
    }

    /** Case 9: the name can be used again. */
    @Test
    void releaseAndAllocAgain() {
        for (int i = 0; i < 3; i++) {
            Port kni = Kni.alloc(pool, conf());
            Kni.release(kni);
            Kni.release(kni);
            assertEquals(Optional.empty(), Kni.get(IF));
            assertFalse(namespace.ip("link").contains(IF));
        }
        assertEquals(0, pool.taken());
    }

    /** Case 10: alloc without pool, configuration or name. */
    @Test
    void allocWithoutArguments() {
        assertThrows(NullPointerException.class, () -> Kni.alloc(null, conf()));
        assertThrows(NullPointerException.class, () -> Kni.alloc(pool, null));
        assertThrows(NullPointerException.class, () -> Kni.alloc(pool, conf(), null));
        assertThrows(NullPointerException.class, () -> KniConf.of(null));
        assertThrows(IllegalArgumentException.class, () -> KniConf.of(""));
        assertThrows(
                IllegalArgumentException.class,
                () -> Kni.alloc(pool, KniConf.of("longer_than_an_interface")));
        assertEquals(List.of(), Kni.list());
    }

    /**
     * Case 11: release and handleRequests without a port, with a foreign one, with a closed one.
     */
    @Test
    void wrongPorts() {
        assertThrows(NullPointerException.class, () -> Kni.release(null));
        assertThrows(NullPointerException.class, () -> Kni.handleRequests(null));
        try (Port other = Ports.open("null")) {
            assertThrows(IllegalArgumentException.class, () -> Kni.release(other));
            assertThrows(IllegalArgumentException.class, () -> Kni.handleRequests(other));
        }
        Port kni = Kni.alloc(pool, conf());
        Kni.release(kni);
        assertThrows(PortStateException.class, () -> Kni.handleRequests(kni));
        assertThrows(PortStateException.class, () -> Kni.registerHandlers(kni, NONE));
        assertThrows(PortStateException.class, () -> Kni.updateLink(kni, true));
    }

    /** Case 12: names that are none. */
    @Test
    void unknownNames() {
        assertThrows(NullPointerException.class, () -> Kni.get(null));
        assertEquals(Optional.empty(), Kni.get(""));
        assertEquals(Optional.empty(), Kni.get("testing"));
    }

    /** With requests=app nothing is called but inside handleRequests. */
    @Test
    void theApplicationServesRequestsItself() throws Exception {
        RecordedHandlers handlers = new RecordedHandlers();
        Port kni = Kni.alloc(pool, conf().withRequestsByApplication(), handlers);
        namespace.ip("link", "set", IF, "mtu", "1400");
        namespace.ip("link", "set", IF, "up");
        Thread.sleep(300);
        assertEquals(List.of(), handlers.take());
        assertTrue(Kni.handleRequests(kni) >= 2);
        assertEquals(List.of("mtu 1400", "up true"), handlers.take());
        assertEquals(1400, kni.mtu());
        handlers.refusing(c -> c.what().equals("mtu"));
        namespace.ip("link", "set", IF, "mtu", "1300");
        Thread.sleep(100);
        assertEquals(1300, Kni.info(kni).mtu());
        assertTrue(Kni.handleRequests(kni) >= 1);
        assertEquals(List.of("mtu 1300"), handlers.take());
        assertEquals(1400, Kni.info(kni).mtu());
        Kni.handleRequests(kni);
        assertEquals(List.of(), handlers.take());
    }
}
