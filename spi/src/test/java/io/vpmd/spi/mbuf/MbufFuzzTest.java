// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;

import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Random operations on packets, compared after each with plain byte arrays; {@code JAZZER_FUZZ=1}
 * makes Jazzer look for others.
 */
class MbufFuzzTest {
    private static final int HEADROOM = 16;
    private static final int ROOM = 64;
    private static final int BUFFERS = 40;

    static Stream<Arguments> seedArguments() {
        return new Random(1)
                .longs(300)
                .mapToObj(
                        seed -> {
                            byte[] program = new byte[3000];
                            new Random(seed).nextBytes(program);
                            return Arguments.of((Object) program);
                        });
    }

    @MethodSource("seedArguments")
    @FuzzTest(maxDuration = "30s")
    void anyOperations(byte[] input) {
        if (input == null) {
            return;
        }
        try (MbufPool one = MbufPool.create("fuzz-1", BUFFERS, HEADROOM, ROOM);
                MbufPool two = MbufPool.create("fuzz-2", BUFFERS, HEADROOM, ROOM)) {
            try (MbufCache cache1 = one.newCache();
                    MbufCache cache2 = two.newCache()) {
                Machine machine = new Machine(input, cache1, cache2);
                while (machine.step()) {
                    assertEquals(machine.segments(), one.taken() + two.taken());
                }
                machine.freeAll();
            }
            assertEquals(0, one.taken());
            assertEquals(0, two.taken());
        }
    }

    /** A packet and, segment by segment, the bytes that it must have. */
    private static final class Pair {
        final Mbuf packet;
        final List<byte[]> model = new ArrayList<>();

        Pair(Mbuf packet) {
            this.packet = packet;
            model.add(new byte[0]);
        }

        Mbuf segment(int index) {
            Mbuf m = packet;
            for (int i = 0; i < index; i++) {
                m = m.next();
                assertNotNull(m);
            }
            return m;
        }

        Mbuf last() {
            return segment(model.size() - 1);
        }

        static int length(List<byte[]> segments) {
            return segments.stream().mapToInt(s -> s.length).sum();
        }

        void check() {
            assertEquals(model.size(), packet.segments());
            assertEquals(length(model), packet.packetLength());
            Mbuf m = packet;
            for (byte[] expected : model) {
                assertNotNull(m, "the chain is too short");
                byte[] got = new byte[m.dataLength()];
                m.bytes(0, got, 0, got.length);
                assertArrayEquals(expected, got);
                assertEquals(HEADROOM + ROOM, m.headroom() + got.length + m.tailroom());
                m = m.next();
            }
            assertEquals(null, m, "the chain is too long");
        }
    }

    /** Runs a program: each step takes its operation and numbers from the input. */
    private static final class Machine {
        private final ByteBuffer program;
        private final MbufCache[] caches;
        private final List<Pair> pairs = new ArrayList<>();

        Machine(byte[] program, MbufCache... caches) {
            this.program = ByteBuffer.wrap(program);
            this.caches = caches;
        }

        int segments() {
            return pairs.stream().mapToInt(p -> p.model.size()).sum();
        }

        void freeAll() {
            pairs.forEach(p -> p.packet.free());
        }

        private int next(int bound) {
            return (program.get() & 0xff) % bound;
        }

        private Pair any() {
            return pairs.get(next(pairs.size()));
        }

        boolean step() {
            if (program.remaining() < 8) {
                return false;
            }
            int operation = next(10);
            if (pairs.isEmpty() || operation == 0) {
                take();
            } else {
                Pair pair = any();
                switch (operation) {
                    case 1 -> append(pair);
                    case 2 -> prepend(pair);
                    case 3 -> trimFront(pair);
                    case 4 -> trimBack(pair);
                    case 5 -> chain(pair, any());
                    case 6 -> split(pair);
                    case 7 -> write(pair);
                    case 8 -> copy(pair, any());
                    default -> free(pair);
                }
            }
            pairs.forEach(Pair::check);
            return true;
        }

        private void take() {
            MbufCache cache = caches[next(caches.length)];
            Mbuf m = cache.take();
            if (m != null) {
                pairs.add(new Pair(m));
            } else {
                assertEquals(BUFFERS, cache.pool().taken());
            }
        }

        private void append(Pair pair) {
            int n = next(ROOM + HEADROOM + 8);
            if (pair.model.size() > 1) {
                return;
            }
            if (n > pair.packet.tailroom()) {
                assertThrows(IllegalArgumentException.class, () -> pair.packet.append(n));
                return;
            }
            byte[] old = pair.model.getFirst();
            byte[] grown = Arrays.copyOf(old, old.length + n);
            assertEquals(old.length, pair.packet.append(n));
            for (int i = old.length; i < grown.length; i++) {
                grown[i] = (byte) (i * 7);
                pair.packet.putByte(i, grown[i]);
            }
            pair.model.set(0, grown);
        }

        private void prepend(Pair pair) {
            int n = next(HEADROOM + 8);
            if (n > pair.packet.headroom()) {
                assertThrows(IllegalArgumentException.class, () -> pair.packet.prepend(n));
                return;
            }
            byte[] old = pair.model.getFirst();
            byte[] grown = new byte[n + old.length];
            Arrays.fill(grown, 0, n, (byte) n);
            System.arraycopy(old, 0, grown, n, old.length);
            pair.packet.prepend(n);
            pair.packet.putBytes(0, grown, 0, n);
            pair.model.set(0, grown);
        }

        private void trimFront(Pair pair) {
            byte[] old = pair.model.getFirst();
            int n = next(16);
            if (n > old.length) {
                assertThrows(IllegalArgumentException.class, () -> pair.packet.trimFront(n));
            } else {
                pair.packet.trimFront(n);
                pair.model.set(0, Arrays.copyOfRange(old, n, old.length));
            }
        }

        private void trimBack(Pair pair) {
            byte[] old = pair.model.getFirst();
            int n = next(16);
            if (pair.model.size() > 1) {
                return;
            }
            if (n > old.length) {
                assertThrows(IllegalArgumentException.class, () -> pair.packet.trimBack(n));
            } else {
                pair.packet.trimBack(n);
                pair.model.set(0, Arrays.copyOf(old, old.length - n));
            }
        }

        private void chain(Pair pair, Pair tail) {
            if (pair != tail) {
                pair.packet.chain(pair.last(), tail.packet);
                pair.model.addAll(tail.model);
                pairs.remove(tail);
            }
        }

        private void split(Pair pair) {
            int keep = 1 + next(pair.model.size());
            List<byte[]> kept = pair.model.subList(0, keep);
            List<byte[]> cut = pair.model.subList(keep, pair.model.size());
            Mbuf rest = pair.packet.split(pair.segment(keep - 1), keep, Pair.length(kept));
            assertEquals(cut.isEmpty(), rest == null);
            if (rest != null) {
                Pair other = new Pair(rest);
                other.model.clear();
                other.model.addAll(cut);
                cut.clear();
                pairs.add(other);
            }
        }

        /** Writes one value in network byte order anywhere in a segment, and reads it back. */
        private void write(Pair pair) {
            int index = next(pair.model.size());
            byte[] expected = pair.model.get(index);
            Mbuf m = pair.segment(index);
            int bytes = 1 << next(4);
            long value = 0x0123_4567_89ab_cdefL * (1 + next(256));
            if (bytes > expected.length) {
                return;
            }
            int at = next(expected.length - bytes + 1);
            for (int i = 0; i < bytes; i++) {
                expected[at + i] = (byte) (value >>> (8 * (bytes - 1 - i)));
            }
            ByteBuffer model = ByteBuffer.wrap(expected);
            switch (bytes) {
                case 1 -> {
                    m.putByte(at, (int) value);
                    assertEquals(expected[at] & 0xff, m.u8At(at));
                }
                case 2 -> {
                    m.putShort(at, (int) value);
                    assertEquals(model.getShort(at) & 0xffff, m.u16At(at));
                }
                case 4 -> {
                    m.putInt(at, (int) value);
                    assertEquals(model.getInt(at), m.intAt(at));
                }
                default -> {
                    m.putLong(at, value);
                    assertEquals(model.getLong(at), m.longAt(at));
                }
            }
        }

        private void copy(Pair from, Pair to) {
            byte[] source = from.model.getLast();
            byte[] target = to.model.getFirst();
            int n = next(Math.min(source.length, target.length) + 1);
            if (from != to) {
                to.packet.copyFrom(from.last(), source.length - n, target.length - n, n);
                System.arraycopy(source, source.length - n, target, target.length - n, n);
            }
        }

        private void free(Pair pair) {
            if (next(3) == 0) {
                pairs.remove(pair);
                caches[next(caches.length)].free(pair.packet);
            }
        }
    }
}
