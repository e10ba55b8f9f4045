// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.sys.EventFd;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Our client at our server (T0). */
@Timeout(60)
class VfioUserTest {
    @TempDir private Path folder;
    private final ServedDevice device = new ServedDevice();
    private VfioUserServer server;

    @BeforeEach
    void serve() {
        server = VfioUserServer.start(device, socket(), AccessListener.NONE);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Path socket() {
        return folder.resolve("nic.sock");
    }

    private VfioUserBus open() {
        return VfioUserBus.open("vfio-user:" + socket());
    }

    private static void copy(Mmio bar, long from, long to) {
        bar.write(ServedDevice.FROM_AT, (int) from);
        bar.write(ServedDevice.FROM_AT + 4, (int) (from >>> 32));
        bar.write(ServedDevice.TO_AT, (int) to);
        bar.write(ServedDevice.TO_AT + 4, (int) (to >>> 32));
        bar.write(ServedDevice.COPY_AT, 1);
        bar.read(ServedDevice.PLAIN_AT);
    }

    private static void await(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, what);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void registersMemoryAndInterruptsPassTheSocket() {
        List<EventFd> events = new ArrayList<>();
        for (int i = 0; i < ServedDevice.VECTORS; i++) {
            events.add(new EventFd());
        }
        try (VfioUserBus bus = open();
                DmaMemory one = bus.allocate("one", 4096);
                DmaMemory two = bus.allocate("two", 3L << 20)) {
            assertEquals(0x8086, bus.config().vendorId());
            assertEquals(0x1234, bus.config().deviceId());
            assertEquals(ServedDevice.VECTORS, bus.vectors());
            assertEquals(ServedDevice.BAR_BYTES, bus.bar(0).size());
            assertThrows(BusException.class, () -> bus.bar(1));
            Mmio bar = bus.bar(0);
            bar.write(ServedDevice.PLAIN_AT, 0x1234_5678);
            assertEquals(0x1234_5678, bar.read(ServedDevice.PLAIN_AT));
            bus.config().setBusMaster(true);
            bus.connect(events);
            one.memory().set(JAVA_LONG, 8, 42);
            copy(bar, one.busAddress() + 8, two.busAddress() + (2L << 20));
            assertEquals(42, two.memory().get(JAVA_LONG, 2L << 20));
            assertTrue(events.get(1).drain());
            assertFalse(events.get(0).drain());
            bus.connect(List.of());
            copy(bar, one.busAddress(), two.busAddress());
            assertFalse(events.get(1).drain(), "a vector that was disconnected");
            bus.reset();
            assertEquals(0, bar.read(ServedDevice.PLAIN_AT));
            assertFalse(bus.config().busMaster());
            assertEquals(Map.of(), server.refusals().all());
            assertEquals(0, device.dma().faults(), device.dma()::lastFault);
        } finally {
            events.forEach(EventFd::close);
        }
    }

    @Test
    void theNextClientFindsAFreshDevice() {
        for (int i = 1; i <= 3; i++) {
            try (VfioUserBus bus = open();
                    DmaMemory memory = bus.allocate("memory", 4096)) {
                assertEquals(i, server.connections());
                Mmio bar = bus.bar(0);
                assertEquals(0, bar.read(ServedDevice.PLAIN_AT));
                bar.write(ServedDevice.PLAIN_AT, i);
                bus.config().setBusMaster(true);
                copy(bar, memory.busAddress(), memory.busAddress() + 8);
            }
        }
        await(() -> !server.connected(), "the last client has gone");
        assertFalse(device.dma().busMaster());
        assertEquals(0, device.dma().faults(), device.dma()::lastFault);
    }

    @Test
    void aDeviceWhoseServerGoesIsGone() {
        try (VfioUserBus bus = open();
                DmaMemory memory = bus.allocate("memory", 4096)) {
            Mmio bar = bus.bar(0);
            server.disconnect();
            await(() -> bar.read(0) == -1, "all ones");
            assertEquals(0xffff, bus.config().vendorId());
            bar.write(ServedDevice.PLAIN_AT, 1);
            assertFalse(bus.reset());
            assertThrows(BusException.class, () -> bus.allocate("more", 4096));
            bus.connect(List.of());
            memory.memory().set(JAVA_LONG, 0, 1);
        }
        try (VfioUserBus again = open()) {
            assertEquals(0x1234, again.config().deviceId());
        }
    }

    /** The device reads and writes it through the client, from any of its threads. */
    @Test
    void memoryWithoutADescriptorIsAskedFor() throws InterruptedException {
        try (VfioUserBus bus = open();
                DmaMemory shared = bus.allocate("shared", 4096);
                DmaMemory apart = bus.allocateUnshared("apart", 1L << 20)) {
            bus.config().setBusMaster(true);
            Mmio bar = bus.bar(0);
            long last = apart.memory().byteSize() - 8;
            apart.memory().set(JAVA_LONG, last, 42);
            copy(bar, apart.busAddress() + last, shared.busAddress());
            assertEquals(42, shared.memory().get(JAVA_LONG, 0));
            shared.memory().set(JAVA_LONG, 8, 43);
            copy(bar, shared.busAddress() + 8, apart.busAddress());
            assertEquals(43, apart.memory().get(JAVA_LONG, 0));
            // A thread of the device that goes on by itself, beside accesses to registers.
            byte[] bytes = new byte[200_000];
            new Random(1).nextBytes(bytes);
            Thread engine = Thread.ofPlatform().start(() -> move(apart.busAddress(), bytes));
            for (int i = 0; engine.isAlive(); i++) {
                bar.write(ServedDevice.PLAIN_AT, i);
                assertEquals(i, bar.read(ServedDevice.PLAIN_AT));
            }
            engine.join();
            assertEquals(0, device.dma().faults(), device.dma()::lastFault);
            assertEquals(
                    -1,
                    apart.memory()
                            .asSlice(500_000, bytes.length)
                            .mismatch(MemorySegment.ofArray(bytes)));
            copy(bar, apart.busAddress() + last + 8, shared.busAddress());
            assertEquals(1, device.dma().faults(), "beyond the region");
            assertEquals(Map.of(), server.refusals().all());
        }
        await(() -> device.dma().mappings() == 0, "memory of a client that is gone");
    }

    private void move(long address, byte[] bytes) {
        byte[] back = new byte[bytes.length];
        for (int i = 0; i < 20; i++) {
            device.exclusively(
                    () -> {
                        assertTrue(device.dma().write(address + 500_000, bytes, 0, bytes.length));
                        assertTrue(device.dma().read(address + 500_000, back, 0, back.length));
                        assertTrue(device.dma().putInt(address + 16, 7));
                        assertEquals(7, device.dma().word(address + 16));
                    });
        }
        assertArrayEquals(bytes, back);
    }

    /** The next one is let in when the last is gone. */
    @Test
    void aSecondClientWaitsForTheFirst() throws InterruptedException {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread second;
        try (VfioUserBus first = open()) {
            first.bar(0).write(ServedDevice.PLAIN_AT, 5);
            second = Thread.ofPlatform().start(() -> readsZero(failed));
            assertFalse(second.join(Duration.ofMillis(300)), "while the first is there");
            assertEquals(5, first.bar(0).read(ServedDevice.PLAIN_AT));
            assertEquals(1, server.connections());
        }
        assertTrue(second.join(Duration.ofSeconds(10)), "when the first is gone");
        assertNull(failed.get(), () -> "the second: " + failed.get());
        assertEquals(2, server.connections());
    }

    private void readsZero(AtomicReference<Throwable> failed) {
        try (VfioUserBus bus = open()) {
            assertEquals(0, bus.bar(0).read(ServedDevice.PLAIN_AT));
        } catch (RuntimeException | AssertionError e) {
            failed.set(e);
        }
    }

    @Test
    void errorsNameTheNextStep() throws IOException {
        BusException used =
                assertThrows(
                        BusException.class,
                        () -> VfioUserServer.start(device, socket(), AccessListener.NONE));
        assertTrue(used.getMessage().contains("EADDRINUSE; name another socket"), used::getMessage);
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(
                BusException.class, () -> VfioUserServer.start(device, file, AccessListener.NONE));
        assertTrue(Files.exists(file));
        server.close();
        assertFalse(Files.exists(socket()));
        BusException gone = assertThrows(BusException.class, this::open);
        assertTrue(gone.getMessage().contains("start what serves it"), gone::getMessage);
    }

    @Test
    void accessesAreTracedByName() throws IOException {
        server.close();
        Path file = folder.resolve("trace");
        try (AccessTrace trace = new AccessTrace(device.registers(), file);
                VfioUserServer _ = VfioUserServer.start(device, socket(), trace);
                VfioUserBus bus = open()) {
            bus.bar(0).write(ServedDevice.FROM_AT + 4, 0x55);
            bus.bar(0).read(ServedDevice.PLAIN_AT);
            bus.config().vendorId();
            List<String> lines = Files.readAllLines(file);
            assertEquals(3, lines.size(), lines::toString);
            assertTrue(lines.get(0).endsWith(" write FROM[1] 0x00000055"), lines::toString);
            assertTrue(lines.get(1).endsWith(" read  PLAIN 0x00000000"), lines::toString);
            assertTrue(lines.get(2).endsWith(" read  config+0x00/2 0x00008086"), lines::toString);
        }
    }
}
