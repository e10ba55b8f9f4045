// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

class CapturePortTest {
    @TempDir private Path folder;

    private MbufPool pool;
    private Path file;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("capture-test", 2048);
        file = folder.resolve("c.pcapng");
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        assertEquals(List.of(), Ports.all());
        pool.close();
    }

    private Port open(String inside, String options) {
        Port port = Ports.open("net_capture:" + file + ",port=[" + inside + "]" + options);
        if (inside.startsWith("net_null")) {
            port.configure(PortConfig.of(pool));
        } else {
            port.configure(
                    PortConfig.of(pool)
                            .withOffloads(
                                    Set.of(RxOffload.SCATTER), Set.of(TxOffload.MULTI_SEGMENT)));
            port.setMtu(9000);
        }
        port.start();
        return port;
    }

    /** One packet of a file. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Captured(int direction, int queue, long nanos, int original, byte[] data) {}

    /** What a file holds: interface name, packets and the numbers of the statistics block. */
    private record Contents(String name, List<Captured> packets, long received, long dropped) {}

    private Contents read() throws IOException {
        ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String name = "";
        long received = -1;
        long dropped = -1;
        List<Captured> packets = new ArrayList<>();
        while (b.hasRemaining()) {
            int at = b.position();
            int length = b.getInt(at + 4);
            assertEquals(0, length % 4);
            assertEquals(length, b.getInt(at + length - 4));
            switch (b.getInt(at)) {
                case 0x0a0d0d0a -> assertEquals(0x1a2b3c4d, b.getInt(at + 8));
                case 1 -> {
                    byte[] text = new byte[b.getShort(at + 18)];
                    b.get(at + 20, text);
                    name = new String(text, StandardCharsets.UTF_8);
                }
                case 6 -> packets.add(packet(b, at, length));
                case 5 -> {
                    received = b.getLong(at + 24);
                    dropped = b.getLong(at + 36);
                }
                default -> throw new AssertionError("block type " + b.getInt(at));
            }
            b.position(at + length);
        }
        return new Contents(name, packets, received, dropped);
    }

    private static Captured packet(ByteBuffer b, int at, int length) {
        byte[] data = new byte[b.getInt(at + 20)];
        b.get(at + 28, data);
        int options = at + 28 + Pcapng.padded(data.length);
        assertEquals(at + length, options + 24);
        long nanos = ((long) b.getInt(at + 12) << 32) | (b.getInt(at + 16) & 0xffff_ffffL);
        return new Captured(
                b.getInt(options + 4), b.getInt(options + 12), nanos, b.getInt(at + 24), data);
    }

    @Test
    void everyPacketThatPassedIsInTheFile() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        Instant begin = Instant.now();
        try (Port port = open("net_ring:0", "")) {
            for (int i = 0; i < 500; i++) {
                byte[] frame = Frames.ethernet(1, 2, 0x88b5, Frames.pattern(i % 10 * 300 + i));
                frames.add(frame);
                Mbuf m = Packets.of(pool, frame, 1000);
                assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
                assertArrayEquals(frame, Packets.consume(Packets.receive(port.rxQueue(0))));
            }
            assertEquals(1000, port.xstats().get("capture_packets"));
            assertEquals(0, port.xstats().get("capture_dropped"));
        }
        Contents contents = read();
        assertEquals("net_ring:0", contents.name());
        assertEquals(1000, contents.packets().size());
        assertEquals(1000, contents.received());
        assertEquals(0, contents.dropped());
        long last = TimeUnit.SECONDS.toNanos(begin.getEpochSecond());
        for (int i = 0; i < 1000; i++) {
            Captured c = contents.packets().get(i);
            assertEquals(i % 2 == 0 ? 2 : 1, c.direction());
            assertArrayEquals(frames.get(i / 2), c.data());
            assertEquals(c.data().length, c.original());
            assertTrue(c.nanos() >= last, "times run backwards");
            last = c.nanos();
        }
        assertTrue(last < TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond() + 2));
    }

    @Test
    void whatTheQueueRefusesIsNotInTheFile() throws IOException {
        try (Port port = open("net_ring:0", ",snaplen=60")) {
            port.stop();
            port.configure(port.config().withRings(32, 32));
            port.start();
            Mbuf[] burst = new Mbuf[300];
            for (int i = 0; i < 300; i++) {
                burst[i] = Packets.of(pool, Frames.ethernet(1, 2, 0x88b5, Frames.pattern(i + 80)));
            }
            assertEquals(32, port.txQueue(0).txBurst(burst, 0, 300));
            assertEquals(0, port.txQueue(0).txBurst(burst, 32, 268));
            Mbuf[] got = new Mbuf[32];
            assertEquals(32, port.rxQueue(0).rxBurst(got, 0, 32));
            for (int i = 0; i < 300; i++) {
                burst[i].free();
            }
        }
        Contents contents = read();
        assertEquals(64, contents.packets().size());
        for (int i = 0; i < 64; i++) {
            assertEquals(60, contents.packets().get(i).data().length);
            assertEquals(94 + i % 32, contents.packets().get(i).original());
        }
    }

    /** Faster than the writer: what is missing in the file is counted, the burst goes on. */
    @Test
    void aFullBufferDropsAndCounts() throws IOException {
        long sent = 0;
        try (Port port = open("net_null:0,size=1400", ",buffer=1")) {
            Mbuf[] burst = new Mbuf[256];
            while (port.xstats().get("capture_dropped") == 0 && sent < 5_000_000) {
                for (int i = 0; i < 100; i++) {
                    int n = port.rxQueue(0).rxBurst(burst, 0, 256);
                    assertEquals(n, port.txQueue(0).txBurst(burst, 0, n));
                    sent += n;
                }
            }
        }
        Contents contents = read();
        assertTrue(contents.dropped() > 0);
        assertEquals(2 * sent, contents.received());
        assertEquals(2 * sent, contents.packets().size() + contents.dropped());
    }

    @Test
    void capturingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Port port = open("net_null:0", "")) {
            Mbuf[] burst = new Mbuf[32];
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < 5 && allocated > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 5_000; i++) {
                    int n = port.rxQueue(0).rxBurst(burst, 0, 32);
                    port.txQueue(0).txBurst(burst, 0, n);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertTrue(allocated < 1000, allocated + " bytes in 5000 bursts");
        }
    }

    @Test
    void tcpdumpReadsIt() throws IOException, InterruptedException {
        assumeTrue(installed("tcpdump"), "needs tcpdump (package tcpdump)");
        byte[] ping = Frames.ipv4("192.168.210.1", "192.168.210.2", 1, Frames.echo(8, new byte[9]));
        try (Port port = open("net_echo:0", "")) {
            byte[] frame = Frames.ethernet(0x0200_c0a8_d202L, 1L << 41, 0x800, ping);
            port.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, frame)}, 0, 1);
            Packets.receive(port.rxQueue(0)).free();
        }
        List<String> lines = output("tcpdump", "-nn", "-v", "-r", file.toString());
        String text = String.join("\n", lines);
        assertTrue(text.contains("192.168.210.1 > 192.168.210.2: ICMP echo request"), text);
        assertTrue(text.contains("192.168.210.2 > 192.168.210.1: ICMP echo reply"), text);
        assertTrue(!text.contains("wrong") && !text.contains("bad"), text);
    }

    @Test
    void tsharkReadsDirectionsAndInterface() throws IOException, InterruptedException {
        assumeTrue(installed("tshark"), "needs tshark (package tshark)");
        try (Port port = open("net_ring:0", "")) {
            byte[] frame = Frames.ethernet(1, 2, 0x88b5, new byte[46]);
            port.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, frame)}, 0, 1);
            Packets.receive(port.rxQueue(0)).free();
        }
        List<String> lines =
                output(
                        "tshark",
                        "-r",
                        file.toString(),
                        "-T",
                        "fields",
                        "-e",
                        "frame.interface_name",
                        "-e",
                        "frame.packet_flags_direction");
        assertEquals(2, lines.size(), lines::toString);
        assertEquals(List.of("net_ring:0", "2"), fields(lines.get(0)));
        assertEquals(List.of("net_ring:0", "1"), fields(lines.get(1)));
    }

    private static List<String> fields(String line) {
        String[] f = line.split("\t", -1);
        return List.of(f[0], Integer.toString(Integer.decode(f[1])));
    }

    private static boolean installed(String tool) {
        return List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/").stream()
                .anyMatch(d -> Files.isExecutable(Path.of(d + tool)));
    }

    private List<String> output(String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, process.exitValue(), () -> command[0] + " failed");
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(out);
    }

    @Test
    void refusesFilesThatCannotBeWritten() {
        for (String path : new String[] {"/nowhere/at/all", folder.toString(), "/dev/full"}) {
            PortException e =
                    assertThrows(
                            PortException.class,
                            () -> Ports.open("net_capture:" + path + ",port=[net_ring:0]"));
            assertTrue(e.getMessage().contains("cannot write " + path), e::getMessage);
        }
    }
}
