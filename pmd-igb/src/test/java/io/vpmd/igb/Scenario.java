// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.PortFixture;
import io.vpmd.contract.TestFrames;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.Descriptors;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Assertions;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The driver on one device, doing what it is told, and all that can be seen of it in words. */
final class Scenario implements AutoCloseable {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int RING = 64;
    private static final byte[] MARKER = marker();

    private final PortFixture fixture;
    private final MbufPool pool = MbufPool.create("scenario", 4096);
    private final Map<String, DmaMemory> rings = new TreeMap<>();
    private final List<String> seen = new ArrayList<>();
    private final Port port;
    private Registers regs;
    private int[] next = new int[0];

    Scenario(PortFixture fixture, Bus bus, String mac) {
        this.fixture = fixture;
        Bus watched = watched(bus);
        IgbDriver driver = new IgbDriver(spec -> watched);
        String spec = fixture.spec() + ",mac=" + mac;
        port = Ports.open(PortSpec.parse(spec), List.of(driver));
        regs = new Registers(watched.bar(0), "scenario");
    }

    /** The same bus, whose descriptor rings are known here. */
    private Bus watched(Bus bus) {
        return (Bus)
                Proxy.newProxyInstance(
                        Bus.class.getClassLoader(),
                        new Class<?>[] {Bus.class},
                        (proxy, method, arguments) -> {
                            try {
                                Object answer = method.invoke(bus, arguments);
                                if (answer instanceof DmaMemory memory) {
                                    rings.put((String) arguments[0], memory);
                                }
                                return answer;
                            } catch (java.lang.reflect.InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static byte[] marker() {
        byte[] frame = new byte[60];
        Arrays.fill(frame, 0, 6, (byte) -1);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb6;
        return frame;
    }

    Port port() {
        return port;
    }

    Registers regs() {
        return regs;
    }

    void start(Function<PortConfig, PortConfig> change) {
        PortConfig config = change.apply(PortConfig.of(pool).withRings(RING, RING));
        port.configure(config);
        port.start();
        next = new int[config.rxQueues()];
        fixture.connect(port, pool);
        port.resetStats();
    }

    void note(String text) {
        seen.add(text);
    }

    List<String> seen() {
        return seen;
    }

    /** Sends a frame to the device and notes what becomes of it. */
    void receive(String name, byte[] frame) {
        fixture.inject(frame);
        fixture.inject(MARKER);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        List<String> got = new ArrayList<>();
        while (!poll(got)) {
            Assertions.assertTrue(System.nanoTime() - deadline < 0, "no marker after " + name);
        }
        note("receive " + name + ": " + got);
    }

    /** Whether the marker has come. */
    private boolean poll(List<String> got) {
        boolean marked = false;
        Mbuf[] one = new Mbuf[1];
        // Queue 0, which has the marker, first: what came before it is in the others by then.
        for (int q = 0; q < next.length; q++) {
            String words = words(q);
            while (!words.isEmpty() && port.rxQueue(q).rxBurst(one, 0, 1) == 1) {
                byte[] bytes = TestFrames.bytes(one[0]);
                next[q] += one[0].segments();
                boolean marker = Arrays.equals(bytes, MARKER);
                marked |= marker;
                if (!marker) {
                    got.add("queue " + q + words + describe(one[0], bytes));
                }
                one[0].free();
                words = words(q);
            }
        }
        return marked;
    }

    /** The descriptors of the next packet as they are in memory, when it is whole. */
    private String words(int queue) {
        var ring = rings.get("rx" + queue).memory();
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < RING; i++) {
            long at = (next[queue] + i) % RING * 16L;
            long back = (long) Descriptors.WORD.getAcquire(ring, at + 8);
            if ((back & 1) == 0) {
                break;
            }
            long head = (long) Descriptors.WORD.get(ring, at);
            boolean last = (back & Descriptors.RX_EOP) != 0;
            // What stands before the last descriptor of a packet means nothing.
            words.append(String.format(" %016x", back));
            if (last) {
                return words + String.format(" %016x", head);
            }
        }
        return "";
    }

    private static String describe(Mbuf m, byte[] bytes) {
        return String.format(
                " segments %d flags %x type %x vlan %x hash %x bytes %d %08x",
                m.segments(),
                m.flags(),
                m.packetType(),
                (m.flags() & io.vpmd.spi.mbuf.MbufFlags.RX_VLAN_STRIPPED) != 0 ? m.vlan() : 0,
                (m.flags() & io.vpmd.spi.mbuf.MbufFlags.RX_RSS_HASH) != 0 ? m.rssHash() : 0,
                bytes.length,
                Arrays.hashCode(bytes));
    }

    /** A packet of segments of at most this length. */
    Mbuf packet(byte[] frame, int segment) {
        return TestFrames.packet(pool, frame, Math.min(segment, pool.dataRoom()));
    }

    /** Sends a packet and notes the frames that come out. */
    void send(String name, Mbuf m) {
        Assertions.assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1), name);
        byte[] end = MARKER.clone();
        end[20] = 1;
        port.txQueue(0).txBurst(new Mbuf[] {packet(end, 2048)}, 0, 1);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        List<String> got = new ArrayList<>();
        while (true) {
            var frame = fixture.collect();
            if (frame.isPresent()) {
                byte[] bytes = frame.get().bytes();
                if (Arrays.equals(bytes, end)) {
                    break;
                }
                got.add(text(bytes));
            }
            Assertions.assertTrue(System.nanoTime() - deadline < 0, "no marker after " + name);
        }
        note("send " + name + ": " + got);
    }

    private static String text(byte[] bytes) {
        String head = HexFormat.of().formatHex(bytes, 0, Math.min(80, bytes.length));
        return bytes.length + " bytes " + head + String.format(" %08x", Arrays.hashCode(bytes));
    }

    /** Notes all counters of the device. */
    void counters(java.util.Set<String> without) {
        new TreeMap<>(port.xstats())
                .forEach(
                        (name, value) -> {
                            if (!without.contains(name)) {
                                note("counter " + name + " " + value);
                            }
                        });
    }

    @Override
    public void close() {
        port.close();
        fixture.close();
        Assertions.assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
    }
}
