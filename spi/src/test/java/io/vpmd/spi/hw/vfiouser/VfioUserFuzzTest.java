// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.vpmd.spi.PortException;
import io.vpmd.spi.hw.model.Violations;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.MemFile;
import io.vpmd.spi.sys.UnixSocket;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Bytes that no well-behaved peer sends end in an error or in the end of the connection, for the
 * server and for the client; {@code JAZZER_FUZZ=1} makes Jazzer look for others. The server's
 * messages may carry descriptors: bits 16 to 18 of the flags, which mean nothing, say how many, of
 * which kind in turn.
 */
@Timeout(300)
class VfioUserFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final int DESCRIPTORS_SHIFT = 16;

    private static byte[] message(int command, int flags, long... words) {
        return message(command, flags, bytes(words));
    }

    private static byte[] bytes(long... words) {
        ByteBuffer b = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long w : words) {
            b.putLong(w);
        }
        return b.array();
    }

    private static byte[] message(int command, int flags, byte[] body) {
        ByteBuffer b = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort((short) 1)
                .putShort((short) command)
                .putInt(b.capacity())
                .putInt(flags)
                .putInt(0);
        return b.put(body).array();
    }

    /** What a device waits for, whose requests are counted from 1. */
    private static byte[] answer(int id, int command, long... words) {
        byte[] answer = message(command, TYPE_REPLY, words);
        answer[0] = (byte) id;
        return answer;
    }

    private static long pair(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << 32;
    }

    private static int with(int descriptors) {
        return descriptors << DESCRIPTORS_SHIFT;
    }

    /** A session that uses every command well. */
    private static List<byte[]> session() {
        byte[] irqs = bytes(pair(20, DATA_EVENTFD | ACTION_TRIGGER), pair(IRQ_MSIX, 0), 2);
        return List.of(
                message(
                        VERSION,
                        0,
                        "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":8}}\0"
                                .getBytes(StandardCharsets.US_ASCII)),
                message(GET_INFO, 0, 16, 0),
                message(GET_REGION_INFO, 0, 32, 0, 0, 0),
                message(GET_REGION_IO_FDS, 0, 16, 0),
                message(GET_IRQ_INFO, 0, 16, IRQ_MSIX),
                message(DMA_MAP, with(1), pair(32, MAP_READABLE | MAP_WRITABLE), 0, 1L << 32, 4096),
                message(DMA_MAP, 0, pair(32, MAP_READABLE | MAP_WRITABLE), 0, 1L << 33, 1 << 20),
                message(SET_IRQS, with(2), Arrays.copyOf(irqs, 20)),
                message(REGION_WRITE, 0, 0, pair(REGION_CONFIG, 8), pair(0, 6)),
                message(REGION_WRITE, NO_REPLY, 0x20, pair(0, 8), 0),
                message(REGION_WRITE_MULTI, 0, 2, 0x24, pair(0, 4), 1, 0x34, pair(0, 4), 1),
                message(REGION_WRITE, 0, 0x40, pair(0, 8), 1),
                // From memory without a descriptor: the device asks for it, and writes it back.
                message(REGION_WRITE_MULTI, 0, 2, 0x24, pair(0, 4), 2, 0x34, pair(0, 4), 2),
                message(REGION_WRITE, NO_REPLY, 0x40, pair(0, 8), 1),
                answer(1, DMA_READ, 1L << 33, 8, 7),
                answer(2, DMA_WRITE, 1L << 33, 8),
                message(REGION_READ, 0, 0, pair(REGION_CONFIG, 256)),
                message(DMA_READ, 0, 1L << 32, 8),
                message(DMA_UNMAP, 0, 24, 1L << 32, 4096),
                message(DMA_UNMAP, 0, pair(24, UNMAP_ALL), 0, 0),
                message(RESET, 0));
    }

    static Stream<Arguments> seedArguments() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        session().forEach(all::writeBytes);
        return Stream.concat(session().stream(), Stream.of(all.toByteArray()))
                .map(bytes -> Arguments.of((Object) bytes));
    }

    @MethodSource("seedArguments")
    @FuzzTest(maxDuration = "30s")
    void anyBytesToTheServer(byte[] input) {
        if (input != null) {
            serve(input);
        }
    }

    @MethodSource("seedArguments")
    @FuzzTest(maxDuration = "30s")
    void anyBytesToTheClient(byte[] input) {
        if (input != null) {
            drive(input);
        }
    }

    @Test
    void theSessionIsServed() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        session().forEach(all::writeBytes);
        // This one is the other end's to send.
        Violations refused = serve(all.toByteArray());
        assertEquals("{DMA_READ: not served: EOPNOTSUPP=1}", refused.toString());
    }

    /** As the kernel's vfio-pci has it: MSI-X is not masked by a request. */
    @Test
    void onlyTriggersAreTaken() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(session().getFirst());
        int[] actions = {ACTION_MASK, ACTION_UNMASK, ACTION_MASK | ACTION_TRIGGER, 0};
        for (int action : actions) {
            byte[] irqs = bytes(pair(20, DATA_NONE | action), pair(IRQ_MSIX, 0), 1);
            all.writeBytes(message(SET_IRQS, 0, Arrays.copyOf(irqs, 20)));
        }
        assertEquals(
                "{DEVICE_SET_IRQS: another action than trigger: ENOTTY=4}",
                serve(all.toByteArray()).toString());
    }

    /** Requests that come instead of the answer are kept for later, but not without an end. */
    @Test
    void requestsInsteadOfAnAnswer() {
        for (int requests : new int[] {64, 65}) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            session().subList(0, 14).forEach(all::writeBytes);
            for (int i = 0; i < requests; i++) {
                all.writeBytes(message(GET_IRQ_INFO, 0, 16, 77));
            }
            all.writeBytes(answer(1, DMA_READ, 1L << 33, 8, 7));
            all.writeBytes(answer(2, DMA_WRITE, 1L << 33, 8));
            String refused = serve(all.toByteArray()).toString();
            boolean served = refused.equals("{DEVICE_GET_IRQ_INFO: index: EINVAL=64}");
            // Beyond that the client is thrown out; what was kept is answered, or not any more.
            assertEquals(requests == 64, served, refused);
        }
    }

    /** The device's accesses, good and damaged, at a driver that waits for something else. */
    @Test
    void accessesWithDamage() {
        Random random = new Random(3);
        long before = descriptors();
        int[] commands = {VERSION, GET_INFO, GET_IRQ_INFO, GET_REGION_INFO, DMA_MAP};
        for (int i = 0; i < 500; i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            int id = 1;
            for (int command : commands) {
                byte[] answer = answer(command);
                answer[0] = (byte) id++;
                all.writeBytes(answer);
            }
            long address = random.nextBoolean() ? 0 : 1L << 32;
            all.writeBytes(damaged(message(DMA_READ, 0, address, 8), random));
            all.writeBytes(damaged(message(DMA_WRITE, 0, address, 8, random.nextLong()), random));
            all.writeBytes(damaged(message(RESET, TYPE_REPLY), random));
            driveUnshared(all.toByteArray());
        }
        assertTrue(descriptors() <= before + 8, "descriptors leak");
    }

    private static void driveUnshared(byte[] input) {
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket peer = ends.getFirst();
                MemFile memory = MemFile.create("fuzz", 4096);
                EventFd event = new EventFd()) {
            send(peer, input, memory, event);
            Libc.shutdown(peer.fd(), 1);
            try (VfioUserBus bus =
                    VfioUserBus.over("fuzz", new ClientConnection("fuzz", ends.getLast()))) {
                bus.allocateUnshared("fuzz", 4096);
                bus.reset();
                bus.bar(0).read(0);
            } catch (PortException e) {
                assertTrue(e.getMessage().contains("fuzz"), e::getMessage);
            }
        }
    }

    /** Messages of the session in any order, some damaged in one place or cut. */
    @Test
    void sessionsWithDamage() {
        long before = descriptors();
        Random random = new Random(1);
        List<byte[]> good = session();
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            if (random.nextInt(8) > 0) {
                all.writeBytes(good.getFirst());
            }
            for (int n = random.nextInt(8); n > 0; n--) {
                all.writeBytes(damaged(good.get(random.nextInt(good.size())), random));
            }
            refused += serve(all.toByteArray()).all().isEmpty() ? 0 : 1;
        }
        assertTrue(refused > ROUNDS / 4 && refused < ROUNDS, refused + " of " + ROUNDS);
        assertTrue(descriptors() <= before + 8, "descriptors leak");
    }

    private static byte[] damaged(byte[] message, Random random) {
        byte[] bytes = message.clone();
        int[] extremes = {0, 1, -1, 4, 0x7fff_ffff, 0x8000_0000, 1 << 16, 0x1000};
        switch (random.nextInt(4)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 1 -> {
                int at = 4 * random.nextInt(1, bytes.length / 4);
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(at, extremes[random.nextInt(extremes.length)]);
            }
            case 2 -> {
                int size = random.nextInt(HEADER, bytes.length + 1);
                bytes = Arrays.copyOf(bytes, size);
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(AT_SIZE, size);
            }
            default -> {
                // As it is.
            }
        }
        return bytes;
    }

    private static long descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    /** What a server refuses of these messages; whatever they are, it survives them. */
    private static Violations serve(byte[] input) {
        Violations refusals = new Violations();
        ServedDevice device = new ServedDevice();
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket peer = ends.getFirst();
                MemFile memory = MemFile.create("fuzz", 4096);
                EventFd event = new EventFd()) {
            Thread sender =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        send(peer, input, memory, event);
                                        drain(peer);
                                    });
            try (ServerSession session =
                    new ServerSession(device, ends.getLast(), AccessListener.NONE, refusals)) {
                session.serve();
            }
            assertTrue(sender.join(java.time.Duration.ofSeconds(20)), "the session has not ended");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertFalse(device.dma().busMaster());
        for (int i = 0; i < ServedDevice.VECTORS; i++) {
            int vector = i;
            device.exclusively(() -> device.vectors().signal(vector));
        }
        return refusals;
    }

    /** Cuts the input where its messages say that they end, to attach descriptors to each. */
    private static void send(UnixSocket to, byte[] input, MemFile memory, EventFd event) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(Math.max(1, input.length));
            MemorySegment.copy(input, 0, all, ValueLayout.JAVA_BYTE, 0, input.length);
            ByteBuffer b = all.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            int at = 0;
            while (at < input.length) {
                boolean header = input.length - at >= HEADER;
                int size = header ? b.getInt(at + AT_SIZE) : 0;
                int end = size >= HEADER && size <= input.length - at ? at + size : input.length;
                int count = header ? b.getInt(at + AT_FLAGS) >>> DESCRIPTORS_SHIFT & 7 : 0;
                int[] fds = new int[count];
                boolean map = header && b.getShort(at + AT_COMMAND) == DMA_MAP;
                for (int i = 0; i < count; i++) {
                    fds[i] = (i % 3 == 2) == map ? event.fd() : memory.fd();
                }
                if (to.send(all.asSlice(at, end - at), fds) != 0) {
                    return;
                }
                at = end;
            }
        }
    }

    private static void drain(UnixSocket from) {
        Libc.shutdown(from.fd(), 1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1 << 16);
            List<Integer> fds = new ArrayList<>();
            while (from.receive(buffer, fds) > 0) {
                // Only so that the other end does not wait.
            }
            assertEquals(List.of(), fds);
        }
    }

    /** A client whose answers are these bytes, ids aside, ends with an exception or all ones. */
    private static void drive(byte[] input) {
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket peer = ends.getFirst();
                MemFile memory = MemFile.create("fuzz", 4096);
                EventFd event = new EventFd()) {
            send(peer, input, memory, event);
            Libc.shutdown(peer.fd(), 1);
            try (VfioUserBus bus =
                    VfioUserBus.over("fuzz", new ClientConnection("fuzz", ends.getLast()))) {
                bus.bar(0).read(0);
                bus.bar(0).write(0, 0);
                bus.config().capability(5);
                bus.reset();
                bus.connect(List.of(event));
                bus.allocate("fuzz", 4096);
            } catch (PortException e) {
                assertTrue(e.getMessage().contains("fuzz"), e::getMessage);
            }
        }
    }

    /** Answers that are good but for some damage get further into a client than any bytes. */
    @Test
    void answersWithDamage() {
        Random random = new Random(2);
        int[] commands = {
            VERSION, GET_INFO, GET_IRQ_INFO, GET_REGION_INFO, GET_REGION_INFO, REGION_READ
        };
        long before = descriptors();
        for (int i = 0; i < ROUNDS; i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            int id = 1;
            for (int command : commands) {
                byte[] answer = answer(command);
                answer[0] = (byte) id++;
                all.writeBytes(random.nextInt(4) == 0 ? damaged(answer, random) : answer);
            }
            drive(all.toByteArray());
        }
        assertTrue(descriptors() <= before + 8, "descriptors leak");
    }

    private static byte[] answer(int command) {
        byte[] body =
                switch (command) {
                    case VERSION ->
                            "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":8}}\0"
                                    .getBytes(StandardCharsets.US_ASCII);
                    case GET_INFO -> bytes(pair(16, 3), pair(9, 5));
                    case GET_IRQ_INFO -> bytes(pair(16, 1), pair(2, 4));
                    case GET_REGION_INFO -> bytes(pair(32, 3), 0, 4096, 0);
                    case DMA_MAP -> new byte[0];
                    default -> Arrays.copyOf(bytes(0, pair(0, 4), 7), 20);
                };
        return message(command, TYPE_REPLY, body);
    }

    @Test
    void textsOfTheVersion() throws RefusedException {
        assertEquals(1, Capabilities.parse("").descriptors());
        assertEquals(1, Capabilities.parse(" {} ").descriptors());
        assertEquals(8, capabilities("{\"max_msg_fds\": 8, \"migration\":{\"pgsize\":[4096]}}"));
        assertEquals(16, capabilities("{\"a\":\"\\\"\",\"max_msg_fds\":1e9,\"b\":[true,null]}"));
        for (String bad :
                new String[] {
                    "{",
                    "[",
                    "\"",
                    "{\"capabilities\":{\"max_msg_fds\":0}}",
                    "1 2",
                    "{\"a\"}",
                    "x",
                    "[".repeat(100_000),
                    "{\"a\":".repeat(100_000),
                    "1".repeat(100_000),
                    "\"\\"
                }) {
            assertNull(parsed(bad), bad);
        }
    }

    private static int capabilities(String text) throws RefusedException {
        return Capabilities.parse("{\"capabilities\":" + text + "}").descriptors();
    }

    private static @Nullable Capabilities parsed(String text) {
        try {
            return Capabilities.parse(text);
        } catch (RefusedException e) {
            return null;
        }
    }
}
