// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.stream.Stream;

/** Any bytes sent to an echo port; {@code JAZZER_FUZZ=1} makes Jazzer look for bad ones. */
class EchoFuzzTest {
    private static final String ME = "192.168.210.1";
    private static final String HOST = "192.168.210.2";

    /** One request of each kind that is answered. */
    static byte[][] seeds() {
        byte[] arp =
                Frames.join(
                        Frames.shorts(1, 0x800, 0x604, 1),
                        Frames.mac(1L << 41),
                        Frames.ip(ME),
                        Frames.mac(0),
                        Frames.ip(HOST));
        byte[] ping = Frames.ipv4(ME, HOST, 1, Frames.echo(8, Frames.pattern(40)));
        byte[] udp = Frames.ipv4(ME, HOST, 17, Frames.udp(5, 7, Frames.pattern(40)));
        byte[] ping6 =
                Frames.ipv6("fd00:210::1", "fd00:210::2", 58, 64, Frames.echo(128, new byte[9]));
        byte[] udp6 =
                Frames.ipv6("fd00:210::1", "fd00:210::2", 17, 64, Frames.udp(5, 7, new byte[9]));
        byte[] neighbor =
                Frames.ipv6(
                        "fd00:210::1",
                        "ff02::1:ff00:2",
                        58,
                        255,
                        Frames.join(Frames.shorts(135 << 8, 0, 0, 0), Frames.ip("fd00:210::2")));
        return new byte[][] {
            request(0x806, arp), request(0x800, ping, 3), request(0x800, udp),
            request(0x86dd, ping6), request(0x86dd, udp6), request(0x86dd, neighbor),
        };
    }

    private static byte[] request(int type, byte[] payload, int... vlans) {
        return Frames.ethernet(0x0200_c0a8_d202L, 1L << 41, type, payload, vlans);
    }

    static Stream<Arguments> seedArguments() {
        return Stream.of(seeds()).map(seed -> Arguments.of((Object) seed));
    }

    /** Sends a frame and checks what comes back, if anything. */
    static void exchange(Port port, MbufPool pool, byte[] frame, int perSegment) {
        Mbuf[] one = {Packets.of(pool, frame, perSegment)};
        assertEquals(1, port.txQueue(0).txBurst(one, 0, 1));
        if (port.rxQueue(0).rxBurst(one, 0, 1) == 1) {
            byte[] answer = Packets.consume(one[0]);
            if (Frames.u16(answer, Frames.l3(answer) - 2) != 0x806) {
                assertAnswer(answer);
            }
        }
    }

    private static void assertAnswer(byte[] answer) {
        byte[] p = Frames.packet(answer);
        boolean noUdpSum =
                p[9] == 17 && (p[0] & 0xf0) == 0x40 && Frames.u16(p, (p[0] & 0xf) * 4 + 6) == 0;
        if (!noUdpSum) {
            Frames.assertGood(answer);
        }
    }

    @MethodSource("seedArguments")
    @FuzzTest(maxDuration = "30s")
    void anyBytes(byte[] input) {
        if (input == null || input.length == 0) {
            return;
        }
        int perSegment = 1 + (input[0] & 0xff);
        byte[] frame = Arrays.copyOf(input, Math.min(input.length, 20_000));
        try (MbufPool pool = MbufPool.create("echo-fuzz", 20_000 + 64, 128, 64)) {
            try (Port port = Ports.open("echo")) {
                PortConfig config =
                        PortConfig.of(pool)
                                .withOffloads(port.info().rxOffloads(), port.info().txOffloads());
                port.configure(config);
                port.setMtu(9000);
                port.start();
                exchange(port, pool, frame, 64);
                exchange(port, pool, frame, Math.min(64, perSegment));
            }
            assertEquals(0, pool.taken());
        }
    }
}
