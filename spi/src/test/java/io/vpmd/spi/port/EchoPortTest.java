// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;

class EchoPortTest {
    private static final long ME = 0x050_0000_0001L;
    private static final long HOST = 0x0200_c0a8_d202L;
    private static final String MY_IP = "192.168.210.1";
    private static final String HOST_IP = "192.168.210.2";
    private static final String MY_IP6 = "fd00:210::1";
    private static final String HOST_IP6 = "fd00:210::2";

    private MbufPool pool;
    private Port port;

    @BeforeEach
    void open() {
        pool = MbufPool.create("echo-test", 512);
        port = Ports.open("echo");
        port.configure(
                PortConfig.of(pool)
                        .withOffloads(port.info().rxOffloads(), port.info().txOffloads()));
        port.setMtu(9000);
        port.start();
    }

    @AfterEach
    void everyBufferIsBack() {
        port.close();
        assertEquals(0, pool.taken());
        pool.close();
    }

    private void send(Mbuf packet) {
        assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {packet}, 0, 1));
    }

    private byte[] ask(byte[] frame) {
        send(Packets.of(pool, frame));
        return Packets.consume(Packets.receive(port.rxQueue(0)));
    }

    private void expectSilence(String counter, byte[] frame) {
        long before = port.xstats().get(counter);
        send(Packets.of(pool, frame));
        Packets.assertNothing(port.rxQueue(0));
        assertEquals(before + 1, port.xstats().get(counter), counter);
    }

    private static byte[] request(byte[] ipPacket, int... vlans) {
        int type = (ipPacket[0] & 0xf0) == 0x40 ? 0x800 : 0x86dd;
        return Frames.ethernet(HOST, ME, type, ipPacket, vlans);
    }

    private static byte[] answer(byte[] ipPacket, int... vlans) {
        int type = (ipPacket[0] & 0xf0) == 0x40 ? 0x800 : 0x86dd;
        return Frames.ethernet(ME, HOST, type, ipPacket, vlans);
    }

    private static byte[] arp(int operation, long mac, String ip, long targetMac, String targetIp) {
        return Frames.join(
                Frames.shorts(1, 0x800, 0x604, operation),
                Frames.mac(mac),
                Frames.ip(ip),
                Frames.mac(targetMac),
                Frames.ip(targetIp));
    }

    @Test
    void answersArp() {
        byte[] padding = new byte[18];
        byte[] asked = Frames.join(arp(1, ME, MY_IP, 0, HOST_IP), padding);
        byte[] told = Frames.join(arp(2, HOST, HOST_IP, ME, MY_IP), padding);
        long all = 0xffff_ffff_ffffL;
        assertArrayEquals(
                Frames.ethernet(ME, HOST, 0x806, told),
                ask(Frames.ethernet(all, ME, 0x806, asked)));
        assertArrayEquals(
                Frames.ethernet(ME, HOST, 0x806, told, 0x2007),
                ask(Frames.ethernet(all, ME, 0x806, asked, 0x2007)));
        assertEquals(2, port.xstats().get("echo_arp"));
        byte[] other = arp(1, ME, MY_IP, 0, "192.168.210.3");
        expectSilence("echo_ignored", Frames.ethernet(all, ME, 0x806, other));
        byte[] reply = arp(2, ME, MY_IP, HOST, HOST_IP);
        expectSilence("echo_ignored", Frames.ethernet(HOST, ME, 0x806, reply));
        byte[] cut = Arrays.copyOf(asked, 27);
        expectSilence("echo_ignored", Frames.ethernet(all, ME, 0x806, cut));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 56, 1471, 1472, 8000, 8972})
    void answersPingOfAnySizeInAnyNumberOfSegments(int size) {
        byte[] data = Frames.pattern(size);
        byte[] frame = request(Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(8, data)), 100);
        byte[] expected = Frames.ipv4(HOST_IP, MY_IP, 1, Frames.echo(0, data));
        expected[8] = 64;
        Frames.put(expected, 10, 0);
        Frames.put(expected, 10, ~Frames.sum(expected, 0, 20, 0));
        for (int perSegment : new int[] {2048, 999, 64}) {
            send(Packets.of(pool, frame, perSegment));
            Mbuf got = Packets.receive(port.rxQueue(0));
            assertEquals(port.id(), got.port());
            assertArrayEquals(answer(expected, 100), Packets.consume(got));
        }
    }

    @Test
    void answersPing6() {
        for (String own : new String[] {HOST_IP6, "fe80::c0ff:fea8:d202"}) {
            byte[] data = Frames.pattern(1001);
            byte[] got = ask(request(Frames.ipv6(MY_IP6, own, 58, 33, Frames.echo(128, data))));
            byte[] told = Frames.ipv6(own, MY_IP6, 58, 64, Frames.echo(129, data));
            assertArrayEquals(answer(told), got);
        }
    }

    @Test
    void answersNeighbourSolicitations() {
        byte[] target = Frames.join(Frames.shorts(135 << 8, 0, 0, 0), Frames.ip(HOST_IP6));
        byte[] link = Frames.join(Frames.shorts(0x0101), Frames.mac(ME));
        byte[] told =
                Frames.join(
                        Frames.shorts(136 << 8, 0, 0x6000, 0), Frames.ip(HOST_IP6),
                        Frames.shorts(0x0201), Frames.mac(HOST));
        byte[] expected = answer(Frames.ipv6(HOST_IP6, MY_IP6, 58, 255, told));
        for (byte[] body :
                new byte[][] {
                    Frames.join(target, link),
                    target,
                    Frames.join(target, link, Frames.shorts(0x0e01, 1, 2, 3)),
                }) {
            byte[] p = Frames.ipv6(MY_IP6, "ff02::1:ff00:2", 58, 255, body);
            assertArrayEquals(expected, ask(Frames.ethernet(0x3333_ff00_0002L, ME, 0x86dd, p)));
        }
        byte[] forwarded = Frames.ipv6(MY_IP6, HOST_IP6, 58, 254, target);
        expectSilence("echo_ignored", request(forwarded));
        assertEquals(3, port.xstats().get("echo_neighbor"));
    }

    @Test
    void defendsItsAddressAgainstDuplicates() {
        byte[] target = Frames.join(Frames.shorts(135 << 8, 0, 0, 0), Frames.ip(HOST_IP6));
        byte[] p = Frames.ipv6("::", "ff02::1:ff00:2", 58, 255, target);
        byte[] told =
                Frames.join(
                        Frames.shorts(136 << 8, 0, 0x2000, 0), Frames.ip(HOST_IP6),
                        Frames.shorts(0x0201), Frames.mac(HOST));
        assertArrayEquals(
                Frames.ethernet(
                        0x3333_0000_0001L,
                        HOST,
                        0x86dd,
                        Frames.ipv6(HOST_IP6, "ff02::1", 58, 255, told)),
                ask(Frames.ethernet(0x3333_ff00_0002L, ME, 0x86dd, p)));
    }

    @Test
    void echoesUdp() {
        byte[] data = Frames.pattern(301);
        byte[] got = ask(request(Frames.ipv4(MY_IP, HOST_IP, 17, Frames.udp(4444, 7, data))));
        Frames.assertGood(got);
        assertArrayEquals(data, Arrays.copyOfRange(got, 42, 343));
        assertEquals(7, Frames.u16(got, 34));
        assertEquals(4444, Frames.u16(got, 36));
        byte[] told = Frames.ipv6(HOST_IP6, MY_IP6, 17, 64, Frames.udp(7, 4444, data));
        assertArrayEquals(
                answer(told),
                ask(request(Frames.ipv6(MY_IP6, HOST_IP6, 17, 9, Frames.udp(4444, 7, data)))));
        byte[] noSum = Frames.ipv4(MY_IP, HOST_IP, 17, Frames.udp(4444, 7, data));
        Frames.put(noSum, 26, 0);
        assertEquals(0, Frames.u16(ask(request(noSum)), 40));
    }

    @Test
    void completesPartialChecksums() {
        byte[] p = Frames.ipv4(MY_IP, HOST_IP, 17, Frames.udp(4444, 7, Frames.pattern(100)));
        Frames.put(p, 26, Frames.pseudo(p, 17, p.length - 20));
        Frames.put(p, 10, 0);
        Mbuf m = Packets.of(pool, request(p));
        m.setHeaderLengths(14, 20, 0);
        m.setFlags(MbufFlags.TX_IPV4 | MbufFlags.TX_IP_CKSUM | MbufFlags.TX_UDP_CKSUM);
        send(m);
        Mbuf got = Packets.receive(port.rxQueue(0));
        assertEquals(0, got.flags());
        Frames.assertGood(Packets.consume(got));
    }

    @Test
    void dropsBadChecksums() {
        byte[][] packets = {
            Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(8, new byte[9])),
            Frames.ipv4(MY_IP, HOST_IP, 17, Frames.udp(1, 2, new byte[9])),
            Frames.ipv6(MY_IP6, HOST_IP6, 17, 5, Frames.udp(1, 2, new byte[9])),
            Frames.ipv6(MY_IP6, HOST_IP6, 58, 5, Frames.echo(128, new byte[9])),
        };
        for (byte[] p : packets) {
            p[p.length - 1] ^= 4;
            expectSilence("echo_bad_checksum", request(p));
        }
        byte[] header = Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(8, new byte[9]));
        header[4] ^= 1;
        expectSilence("echo_bad_checksum", request(header));
        byte[] v6NoSum = Frames.ipv6(MY_IP6, HOST_IP6, 17, 5, Frames.udp(1, 2, new byte[9]));
        Frames.put(v6NoSum, 46, 0);
        expectSilence("echo_bad_checksum", request(v6NoSum));
    }

    @Test
    void ignoresTheRest() {
        byte[] ping = Frames.echo(8, new byte[9]);
        byte[] none = new byte[0];
        byte[][] frames = {
            request(Frames.ipv4(MY_IP, HOST_IP, 1, none, 0x2000, ping)),
            request(Frames.ipv4(MY_IP, HOST_IP, 1, none, 0x0001, ping)),
            request(Frames.ipv4(MY_IP, "192.168.210.3", 1, ping)),
            request(Frames.ipv4("0.0.0.0", HOST_IP, 1, ping)),
            request(Frames.ipv4("224.0.0.1", HOST_IP, 1, ping)),
            request(Frames.ipv4(HOST_IP, HOST_IP, 1, ping)),
            request(Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(0, new byte[9]))),
            request(Frames.ipv4(MY_IP, HOST_IP, 6, Frames.tcp(1, 2, new byte[9]))),
            Frames.ethernet(HOST + 1, ME, 0x800, Frames.ipv4(MY_IP, HOST_IP, 1, ping)),
            Frames.ethernet(HOST, ME, 0x88b5, new byte[46]),
            Frames.ethernet(HOST, ME, 0x800, new byte[0]),
        };
        for (byte[] frame : frames) {
            expectSilence("echo_ignored", frame);
        }
        assertEquals(frames.length, port.stats().txPackets());
        assertEquals(0, port.stats().txErrors());
    }

    @Test
    void answersBehindIpv4Options() {
        byte[] ping = Frames.echo(8, new byte[9]);
        byte[] options = {1, 1, 1, 0};
        byte[] got = ask(request(Frames.ipv4(MY_IP, HOST_IP, 1, options, 0x4000, ping)));
        Frames.assertGood(got);
        assertEquals(0x46, got[14]);
    }

    @Test
    void takesNoMoreThanThereIsRoomForAnswers() {
        port.stop();
        port.setMtu(1500);
        port.configure(PortConfig.of(pool).withRings(32, 32));
        port.start();
        byte[] frame = request(Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(8, new byte[9])));
        Mbuf[] burst = new Mbuf[40];
        for (int i = 0; i < 40; i++) {
            burst[i] = Packets.of(pool, frame);
        }
        assertEquals(32, port.txQueue(0).txBurst(burst, 0, 40));
        assertEquals(0, port.txQueue(0).txBurst(burst, 32, 8));
        for (int i = 32; i < 40; i++) {
            assertArrayEquals(frame, Packets.consume(burst[i]));
        }
    }

    @Test
    void wakesAReceiverThatSleeps() {
        try (RxWaiter waiter = new RxWaiter()) {
            waiter.add(port.rxQueue(0));
            assertTrue(!waiter.await(1_000_000));
            send(
                    Packets.of(
                            pool,
                            request(Frames.ipv4(MY_IP, HOST_IP, 1, Frames.echo(8, new byte[9])))));
            assertTrue(waiter.await(5_000_000_000L));
            Packets.receive(port.rxQueue(0)).free();
        }
    }

    @Test
    void refusesOffloadsThatWereNotRequested() {
        port.stop();
        port.setMtu(1500);
        port.configure(PortConfig.of(pool).withOffloads(Set.of(), Set.of(TxOffload.UDP_CHECKSUM)));
        port.start();
        Mbuf m =
                Packets.of(
                        pool,
                        request(Frames.ipv4(MY_IP, HOST_IP, 6, Frames.tcp(1, 2, new byte[9]))));
        m.setHeaderLengths(14, 20, 32);
        m.setFlags(MbufFlags.TX_IPV4 | MbufFlags.TX_TCP_CKSUM);
        send(m);
        assertEquals(1, port.stats().txErrors());
    }

    @Test
    void ownAddressesAreConfigurable() {
        try (Port other =
                Ports.open("net_echo:1,ip=10.9.8.7,ip6=2001:db8::5,mac=0a:00:00:00:00:05")) {
            other.configure(PortConfig.of(pool));
            other.start();
            byte[] asked =
                    Frames.ethernet(
                            0xffff_ffff_ffffL, ME, 0x806, arp(1, ME, "10.9.8.1", 0, "10.9.8.7"));
            other.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, asked)}, 0, 1);
            assertArrayEquals(
                    Frames.ethernet(
                            ME,
                            0x0a00_0000_0005L,
                            0x806,
                            arp(2, 0x0a00_0000_0005L, "10.9.8.7", ME, "10.9.8.1")),
                    Packets.consume(Packets.receive(other.rxQueue(0))));
        }
        for (String bad :
                new String[] {
                    "ip=example.org",
                    "ip=1.2.3",
                    "ip=224.0.0.1",
                    "ip=::1",
                    "ip6=1.2.3.4",
                    "ip6=ff02::1",
                    "ip=1.2.3.400",
                    "mac=01:00:00:00:00:00",
                    "ip=12345"
                }) {
            assertThrows(SpecException.class, () -> Ports.open("net_echo:1," + bad), bad);
        }
    }

    /** Mutated requests never break the host, and what it answers is well-formed. */
    @Test
    void survivesMutations() {
        Random random = new Random(5);
        byte[][] seeds = EchoFuzzTest.seeds();
        for (int i = 0; i < 50_000; i++) {
            byte[] frame = seeds[random.nextInt(seeds.length)].clone();
            for (int k = random.nextInt(4); k > 0; k--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                frame = Arrays.copyOf(frame, random.nextInt(frame.length + 20));
            }
            EchoFuzzTest.exchange(port, pool, frame, 1 + random.nextInt(frame.length + 1));
        }
        assertTrue(port.xstats().get("echo_icmp") > 500);
        assertTrue(port.xstats().get("echo_bad_checksum") > 1000);
    }
}
