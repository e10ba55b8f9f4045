// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class TracePortTest {
    private static byte[] ipv4(int protocol, byte[] payload) {
        return Frames.ipv4("10.0.0.1", "10.0.0.2", protocol, payload);
    }

    private static byte[] ipv6(int protocol, byte[] payload) {
        return Frames.ipv6("fd00::1", "fd00::2", protocol, 9, payload);
    }

    @Test
    void summaries() {
        byte[] arp =
                Frames.join(
                        Frames.shorts(1, 0x800, 0x604, 1),
                        Frames.mac(2),
                        Frames.ip("10.0.0.1"),
                        Frames.mac(0),
                        Frames.ip("10.0.0.2"));
        byte[] reply = arp.clone();
        reply[7] = 2;
        byte[] none = new byte[0];
        List<Object[]> cases = new ArrayList<>();
        cases.add(new Object[] {0x806, arp, "ARP, who-has 10.0.0.2 tell 10.0.0.1"});
        cases.add(new Object[] {0x806, reply, "ARP, reply 10.0.0.1 is-at 00:00:00:00:00:02"});
        cases.add(
                new Object[] {
                    0x800,
                    ipv4(17, Frames.udp(5, 7, new byte[9])),
                    "IP 10.0.0.1.5 > 10.0.0.2.7: UDP, length 9"
                });
        cases.add(
                new Object[] {
                    0x800,
                    ipv4(6, Frames.tcp(9, 0x12, new byte[3])),
                    "IP 10.0.0.1.5001 > 10.0.0.2.80: Flags [S.], seq 9, ack 286335522, win 65520,"
                            + " length 3"
                });
        cases.add(
                new Object[] {
                    0x800,
                    ipv4(1, Frames.echo(8, new byte[56])),
                    "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 119, seq 1, length 64"
                });
        cases.add(
                new Object[] {
                    0x86dd,
                    ipv6(58, Frames.echo(129, new byte[56])),
                    "IP6 fd00:0:0:0:0:0:0:1 > fd00:0:0:0:0:0:0:2: ICMP6, echo reply, id 119, seq 1,"
                            + " length 64"
                });
        cases.add(
                new Object[] {
                    0x800,
                    Frames.ipv4("10.0.0.1", "10.0.0.2", 17, none, 0x2000, new byte[16]),
                    "IP 10.0.0.1 > 10.0.0.2: fragment, protocol 17, length 16"
                });
        cases.add(
                new Object[] {
                    0x88b5,
                    new byte[46],
                    "00:00:00:00:00:02 > 00:00:00:00:00:01, ethertype 0x88b5, length 60"
                });
        PacketSummary summary = new PacketSummary();
        try (MbufPool pool = MbufPool.create("trace-test", 8)) {
            for (Object[] c : cases) {
                Mbuf m = Packets.of(pool, Frames.ethernet(1, 2, (int) c[0], (byte[]) c[1]));
                assertEquals(c[2], summary.of(m));
                m.free();
            }
            Mbuf tagged = Packets.of(pool, Frames.ethernet(1, 2, 0x806, arp, 0x2005));
            assertEquals("vlan 5, ARP, who-has 10.0.0.2 tell 10.0.0.1", summary.of(tagged));
            tagged.free();
            Mbuf cut = Packets.of(pool, new byte[5]);
            assertEquals("cut off, length 5", summary.of(cut));
            cut.free();
        }
    }

    @Test
    void writesALineForEachPacketThatPassed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("trace");
        try (MbufPool pool = MbufPool.create("trace-test", 256)) {
            try (Port port = Ports.open("net_trace:0,port=[net_ring:7],file=" + file)) {
                port.configure(PortConfig.of(pool).withRings(32, 32));
                port.start();
                byte[] frame =
                        Frames.ethernet(1, 2, 0x800, ipv4(17, Frames.udp(5, 7, new byte[9])));
                Mbuf[] burst = new Mbuf[100];
                for (int i = 0; i < 100; i++) {
                    burst[i] = Packets.of(pool, frame);
                }
                assertEquals(32, port.txQueue(0).txBurst(burst, 0, 100));
                for (int i = 32; i < 100; i++) {
                    burst[i].free();
                }
                for (int i = 0; i < 5; i++) {
                    Mbuf got = Packets.receive(port.rxQueue(0));
                    assertEquals(port.id(), got.port());
                    got.free();
                }
            }
            assertEquals(0, pool.taken());
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(37, lines.size());
        String end = " net_ring:7 %s0 IP 10.0.0.1.5 > 10.0.0.2.7: UDP, length 9";
        assertTrue(lines.get(31).endsWith(end.formatted("tx")), lines.get(31));
        assertTrue(lines.get(32).endsWith(end.formatted("rx")), lines.get(32));
    }

    @Test
    void refusesWrongSpecsAndLeavesNothingOpen() {
        assertThrows(SpecException.class, () -> Ports.open("net_trace:0"));
        assertThrows(SpecException.class, () -> Ports.open("net_trace:0,port=[nothing]"));
        assertThrows(
                PortException.class,
                () -> Ports.open("net_trace:0,port=[net_ring:7],file=/nowhere/at/all"));
        assertEquals(List.of(), Ports.all());
    }
}
