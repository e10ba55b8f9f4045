// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

@Timeout(60)
class PortsTest {
    /** What a {@link StepDriver} is to fail at. */
    private enum Fault {
        NONE,
        OPEN,
        POOLS,
        POOLS_AND_CLOSE
    }

    /** Opens ports that fail where they are told, and notes what they were asked. */
    private static final class StepDriver implements PortDriver {
        final List<String> calls = new ArrayList<>();
        private final String name;
        private final Fault fault;
        private Runnable beforeOpen = () -> {};

        StepDriver(String name, Fault fault) {
            this.name = name;
            this.fault = fault;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "fails at " + fault;
        }

        @Override
        public List<PortOption> options() {
            return List.of(
                    new PortOption("rxq", "1..4", "1", "queues"),
                    new PortOption("mac", "MAC", "random", "own address"));
        }

        @Override
        public AbstractPort open(PortSpec spec) {
            beforeOpen.run();
            if (fault == Fault.OPEN) {
                throw new PortException("open", spec.driver(), "no such device", "plug it in");
            }
            return new StepPort(spec, this);
        }
    }

    private static final class StepPort extends AbstractPort {
        private final StepDriver driver;

        StepPort(PortSpec spec, StepDriver driver) {
            super(spec, MacAddress.random(), 1500);
            this.driver = driver;
        }

        @Override
        public PortInfo info() {
            return PortInfo.of(driver.name(), "0", 1500);
        }

        @Override
        protected RxQueue newRxQueue(int index, PortConfig config) {
            throw new AssertionError("not configured here");
        }

        @Override
        protected TxQueue newTxQueue(int index, PortConfig config) {
            throw new AssertionError("not configured here");
        }

        @Override
        public void poolAdded(MbufPool pool) {
            driver.calls.add("added " + pool.name());
            boolean second = driver.calls.size() == 2;
            if (second && driver.fault != Fault.NONE) {
                throw new PortException("map", name(), "ENOMEM", "use smaller pools");
            }
        }

        @Override
        public void poolRemoved(MbufPool pool) {
            driver.calls.add("removed " + pool.name());
        }

        @Override
        protected void onClose() {
            driver.calls.add("closed");
            if (driver.fault == Fault.POOLS_AND_CLOSE) {
                throw new IllegalStateException("the device does not answer");
            }
        }
    }

    @AfterEach
    void nothingStaysOpen() {
        List<Port> left = Ports.all();
        left.forEach(Port::close);
        assertEquals(List.of(), left);
    }

    private static Port open(PortDriver driver, String options) {
        return Ports.open(PortSpec.parse(driver.name() + ":0" + options), List.of(driver));
    }

    private static int openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void driversAreSortedByName() {
        List<String> names = Ports.drivers().stream().map(PortDriver::name).toList();
        assertEquals(names.stream().sorted().toList(), names);
        assertTrue(names.containsAll(List.of("net_echo", "net_null", "net_ring")), names::toString);
    }

    @Test
    void everyDriverDescribesItself() {
        for (PortDriver driver : Ports.drivers()) {
            assertTrue(driver.name().matches("[a-z0-9_]+"), driver.name());
            assertTrue(driver.description().length() > 10, driver.name());
            for (PortOption option : driver.options()) {
                assertTrue(option.key().matches("[A-Za-z0-9-]+"), option::toString);
                assertTrue(!option.values().isEmpty(), option::toString);
                assertTrue(!option.description().isEmpty(), option::toString);
                PortSpec spec = PortSpec.parse(driver.name() + ":0," + option.key() + "=x");
                assertEquals("x", spec.option(option.key(), ""));
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closes one before its time
    void portsAreFoundByNameWhileTheyAreOpen() {
        try (Port a = Ports.open("net_ring:ports-a,mac=02:00:00:00:00:01");
                Port b = Ports.open("net_null:ports-b")) {
            assertEquals("net_ring:ports-a", a.name());
            assertEquals(List.of(a, b), Ports.all());
            assertSame(a, Ports.get("net_ring:ports-a").orElseThrow());
            assertSame(b, Ports.get("net_null:ports-b").orElseThrow());
            assertEquals(Optional.empty(), Ports.get("ports-a"));
            a.close();
            assertEquals(Optional.empty(), Ports.get("net_ring:ports-a"));
            assertEquals(List.of(b), Ports.all());
        }
    }

    @Test
    @SuppressWarnings("try") // closes one before its time
    void idsAreTheLowestFreeNumbers() {
        try (Port a = Ports.open("net_null:id-a");
                Port b = Ports.open("net_null:id-b");
                Port c = Ports.open("net_null:id-c")) {
            assertEquals(List.of(0, 1, 2), List.of(a.id(), b.id(), c.id()));
            b.close();
            try (Port d = Ports.open("net_null:id-d")) {
                assertEquals(1, d.id());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "net_x:0           | there is no driver net_x; there are net_a, net_b",
                "net_a:0,rxd=4     | net_a has no option rxd; it has rxq, mac",
                "net_a:0,rxq=1,q=1 | net_a has no option q; it has rxq, mac"
            })
    void unknownNamesAreAnsweredWithTheKnownOnes(String spec, String problem) {
        StepDriver a = new StepDriver("net_a", Fault.NONE);
        List<PortDriver> drivers = List.of(a, new StepDriver("net_b", Fault.NONE));
        a.beforeOpen =
                () -> {
                    throw new AssertionError("opened with a spec that is wrong");
                };
        SpecException e =
                assertThrows(SpecException.class, () -> Ports.open(PortSpec.parse(spec), drivers));
        assertEquals("port spec \"" + spec + "\": " + problem, e.getMessage());
    }

    @Test
    void withoutAnyDriverTheMessageSaysSo() {
        assertEquals(
                "port spec \"net_x:0\": there is no driver net_x; there are none",
                assertThrows(
                                SpecException.class,
                                () -> Ports.open(PortSpec.parse("net_x:0"), List.of()))
                        .getMessage());
    }

    @Test
    void aPortOpensOnceAtATime() {
        try (Port first = Ports.open("net_null:twice")) {
            PortException e =
                    assertThrows(PortException.class, () -> Ports.open("net_null:twice,size=100"));
            assertEquals(
                    "open net_null:twice: it is open in this process already;"
                            + " use that port or close it",
                    e.getMessage());
            assertEquals("open", e.operation());
            assertEquals("net_null:twice", e.port());
            assertEquals(List.of(first), Ports.all());
        }
        Ports.open("net_null:twice").close();
    }

    /** Both get past the first look; the one that loses is closed again. */
    @Test
    void twoThreadsCannotOpenOnePort() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        List<StepDriver> drivers = new ArrayList<>();
        List<CompletableFuture<Port>> opened = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            StepDriver driver = new StepDriver("net_a", Fault.NONE);
            driver.beforeOpen = () -> await(both);
            drivers.add(driver);
            opened.add(CompletableFuture.supplyAsync(() -> open(driver, "")));
        }
        CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new))
                .handle((_, e) -> assertInstanceOf(PortException.class, e.getCause()))
                .get(30, TimeUnit.SECONDS);
        List<Port> winners =
                opened.stream()
                        .filter(f -> !f.isCompletedExceptionally())
                        .map(CompletableFuture::join)
                        .toList();
        assertEquals(1, winners.size());
        assertEquals(winners, Ports.all());
        assertEquals(1, drivers.stream().filter(d -> d.calls.equals(List.of("closed"))).count());
        winners.getFirst().close();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDriverThatCannotOpenLeavesNothing() {
        StepDriver driver = new StepDriver("net_a", Fault.OPEN);
        PortException e = assertThrows(PortException.class, () -> open(driver, ""));
        assertEquals("open net_a: no such device; plug it in", e.getMessage());
        assertEquals(List.of(), Ports.all());
    }

    @Test
    void aPortThatCannotMapAPoolIsClosedAgain() {
        try (MbufPool _ = MbufPool.create("one", 4);
                MbufPool _ = MbufPool.create("two", 4)) {
            StepDriver driver = new StepDriver("net_a", Fault.POOLS);
            PortException e = assertThrows(PortException.class, () -> open(driver, ""));
            assertEquals("map net_a:0: ENOMEM; use smaller pools", e.getMessage());
            assertEquals(List.of("added one", "added two", "removed one", "closed"), driver.calls);
            assertEquals(List.of(), Ports.all());
        }
        StepDriver works = new StepDriver("net_a", Fault.NONE);
        open(works, "").close();
        assertEquals(List.of("closed"), works.calls);
    }

    @Test
    void theFirstFailureIsReportedWhenClosingFailsToo() {
        try (MbufPool _ = MbufPool.create("one", 4);
                MbufPool _ = MbufPool.create("two", 4)) {
            StepDriver driver = new StepDriver("net_a", Fault.POOLS_AND_CLOSE);
            PortException e = assertThrows(PortException.class, () -> open(driver, ""));
            assertEquals("map net_a:0: ENOMEM; use smaller pools", e.getMessage());
            assertEquals("the device does not answer", e.getSuppressed()[0].getMessage());
            assertEquals(List.of(), Ports.all());
        }
    }

    /** The inner port is opened first; what then is wrong with the outer one closes it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "net_fault:0,port=ring,drop=200",
                "net_capture:0,port=ring,file=/nowhere/there/is/no.pcapng",
                "net_soft:0,port=[net_soft:1,port=[net_x:0]]",
                "net_soft:0,port=[net_null:0,size=3]",
                "net_echo:0,ip=300.1.1.1",
                "net_ring:0,mac=01:00:00:00:00:00"
            })
    void realDriversLeaveNothingEither(String spec) {
        assertThrows(RuntimeException.class, () -> Ports.open(spec));
        int before = openFiles();
        for (int i = 0; i < 20; i++) {
            assertThrows(RuntimeException.class, () -> Ports.open(spec));
            assertEquals(List.of(), Ports.all());
        }
        assertTrue(openFiles() < before + 10, "file descriptors leak");
    }
}
