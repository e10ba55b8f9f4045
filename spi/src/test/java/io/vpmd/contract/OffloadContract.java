// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Checksums and segments of what leaves the port, computed here a second time. */
interface OffloadContract extends Rigged {
    private void startWith(Set<TxOffload> wanted) {
        rig().needCollect();
        PortInfo info = rig().info();
        Set<TxOffload> tx = EnumSet.copyOf(wanted);
        tx.removeAll(info.txOffloads());
        rig().need(tx.isEmpty(), "offloads " + tx);
        rig().started(rig().config().withOffloads(Set.of(), info.txOffloads()));
    }

    @Test
    default void tcpSegmentsOfEverySizeAroundTheLimits() {
        startWith(EnumSet.of(TxOffload.TCP_TSO, TxOffload.TCP_CHECKSUM, TxOffload.MULTI_SEGMENT));
        for (boolean v6 : new boolean[] {false, true}) {
            for (int size : new int[] {536, 1420}) {
                for (int k = 1; k <= 4; k++) {
                    for (int d = -1; d <= 1; d++) {
                        segmented(v6, size, 4 * (k - 1), k * size + d);
                    }
                }
            }
            segmented(v6, 1400, 12, 65_535 - 20 - 32 - (v6 ? 40 : 0));
        }
    }

    /** Sends one frame to be cut into segments of {@code size} and checks all of them. */
    private void segmented(boolean v6, int size, int options, int payload) {
        Port port = rig().port();
        int flags = IpFrames.CWR | IpFrames.ACK | IpFrames.PSH | IpFrames.FIN;
        byte[] frame = IpFrames.tcp(port.mac(), v6, 0xffff_f000, flags, options, payload);
        int header = frame.length - payload;
        Random random = new Random(payload);
        int cut = payload % 2 == 0 ? header : 100 + random.nextInt(1900);
        int pieces = Math.min(rig().fixture().maxTxSegments(), rig().info().maxTxSegments());
        int smallest = frame.length / pieces + 1;
        Mbuf m = TestFrames.packet(rig().pool(), frame, Math.max(cut, smallest));
        m.setFlags(
                MbufFlags.TX_TSO
                        | MbufFlags.TX_TCP_CKSUM
                        | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4));
        m.setHeaderLengths(IpFrames.L2, IpFrames.l3Length(v6), 20 + options);
        m.setSegmentSize(size);
        String what = "IPv" + (v6 ? 6 : 4) + ", " + payload + " bytes in segments of " + size;
        List<WireFrame> out = sendOne(m, header, payload, what);
        if (out.size() == 1 && out.getFirst().segmentSize() > 0) {
            assertEquals(size, out.getFirst().segmentSize(), what);
            assertArrayEquals(frame, out.getFirst().bytes(), what);
            return;
        }
        assertEquals((payload + size - 1) / size, out.size(), "segments of " + what);
        for (int i = 0; i < out.size(); i++) {
            assertSegment(frame, header, i * size, out.get(i), i + " of " + what);
        }
    }

    private void assertSegment(byte[] whole, int header, int at, WireFrame wire, String what) {
        byte[] frame = wire.bytes();
        IpFrames.assertComplete(wire, "segment " + what);
        int l4 = IpFrames.L2 + IpFrames.l3Length(IpFrames.v6(whole));
        int payload = frame.length - header;
        boolean last = at + payload == whole.length - header;
        for (int i = 0; i < payload; i++) {
            if (whole[header + at + i] != frame[header + i]) {
                assertEquals(whole[header + at + i], frame[header + i], what + ", byte " + i);
            }
        }
        int sequence = IpFrames.u16(frame, l4 + 4) << 16 | IpFrames.u16(frame, l4 + 6);
        assertEquals(0xffff_f000 + at, sequence, what + ": sequence number");
        int flags =
                IpFrames.ACK
                        | (at == 0 ? IpFrames.CWR : 0)
                        | (last ? IpFrames.PSH | IpFrames.FIN : 0);
        int checked = 0xff & ~rig().fixture().wrongTcpFlags();
        assertEquals(flags & checked, frame[l4 + 13] & checked, what + ": TCP flags");
    }

    private List<WireFrame> sendOne(Mbuf m, int header, int payload, String what) {
        Port port = rig().port();
        Mbuf[] one = {m};
        assertEquals(1, port.txQueue(0).txBurst(one, 0, 1), what);
        List<WireFrame> out = new ArrayList<>();
        Deadline late = Deadline.in(rig().fixture().settleMillis() == 0 ? 0 : 3_000);
        int got = 0;
        while (got < Math.max(1, payload)) {
            boolean over = late.over();
            port.txQueue(0).reclaim();
            Optional<WireFrame> frame = rig().fixture().collect();
            if (frame.isPresent() && IpFrames.ours(frame.get().bytes())) {
                out.add(frame.get());
                got += Math.max(1, frame.get().bytes().length - header);
            } else if (frame.isEmpty() && over) {
                break;
            }
        }
        assertEquals(
                Math.max(1, payload),
                got,
                () -> "payload bytes that came out: " + what + "; " + port.stats());
        return out;
    }

    @Test
    default void tcpChecksumsOfEverySize() {
        startWith(EnumSet.of(TxOffload.TCP_CHECKSUM));
        for (boolean v6 : new boolean[] {false, true}) {
            for (int payload : sizes(rig().port().mtu() - IpFrames.l3Length(v6) - 20)) {
                byte[] frame = IpFrames.tcp(rig().port().mac(), v6, 1, IpFrames.ACK, 0, payload);
                checksummed(frame, v6, MbufFlags.TX_TCP_CKSUM, 20);
            }
        }
    }

    @Test
    default void udpChecksumsOfEverySize() {
        startWith(EnumSet.of(TxOffload.UDP_CHECKSUM));
        for (boolean v6 : new boolean[] {false, true}) {
            for (int payload : sizes(rig().port().mtu() - IpFrames.l3Length(v6) - 8)) {
                byte[] frame = IpFrames.udp(rig().port().mac(), v6, payload);
                checksummed(frame, v6, MbufFlags.TX_UDP_CKSUM, 8);
            }
            checksummed(sumsToZero(v6), v6, MbufFlags.TX_UDP_CKSUM, 8);
        }
    }

    /** A datagram whose checksum computes to 0, which UDP sends as all ones. */
    private byte[] sumsToZero(boolean v6) {
        byte[] frame = IpFrames.udp(rig().port().mac(), v6, 100);
        int l4 = IpFrames.L2 + IpFrames.l3Length(v6);
        int at = frame.length - 2;
        frame[at] = 0;
        frame[at + 1] = 0;
        int rest = 0xffff - IpFrames.sum(frame, l4, frame.length, 0);
        frame[at] = (byte) (rest >> 8);
        frame[at + 1] = (byte) rest;
        return frame;
    }

    private static List<Integer> sizes(int max) {
        List<Integer> sizes = new ArrayList<>();
        for (int n = 0; n <= 40; n++) {
            sizes.add(n);
        }
        for (int n = max - 3; n <= max; n++) {
            sizes.add(n);
        }
        return sizes;
    }

    @Test
    default void runsOfDifferentRequestsInOneBurst() {
        startWith(EnumSet.of(TxOffload.TCP_CHECKSUM, TxOffload.UDP_CHECKSUM));
        String kinds = "ttttuuuxtTTuUxxUUtUt";
        int count = kinds.length();
        Mbuf[] burst = new Mbuf[count];
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean v6 = Character.isUpperCase(kinds.charAt(i));
            char kind = Character.toLowerCase(kinds.charAt(i));
            byte[] frame =
                    kind == 'u'
                            ? IpFrames.udp(rig().port().mac(), v6, 40 + i)
                            : IpFrames.tcp(rig().port().mac(), v6, i, IpFrames.ACK, 0, 40 + i);
            lengths.add(frame.length);
            burst[i] =
                    switch (kind) {
                        case 'u' -> asking(frame, v6, MbufFlags.TX_UDP_CKSUM, 8);
                        case 't' -> asking(frame, v6, MbufFlags.TX_TCP_CKSUM, 20);
                        default -> rig().packet(frame);
                    };
        }
        List<WireFrame> out = new ArrayList<>();
        Deadline late = Deadline.in(3_000);
        int sent = 0;
        while (out.size() < count && !late.over()) {
            sent += rig().port().txQueue(0).txBurst(burst, sent, count - sent);
            rig().port().txQueue(0).reclaim();
            rig().fixture()
                    .collect()
                    .filter(frame -> IpFrames.ours(frame.bytes()))
                    .ifPresent(out::add);
        }
        assertEquals(lengths, out.stream().map(frame -> frame.bytes().length).toList());
        for (int i = 0; i < count; i++) {
            if (kinds.charAt(i) != 'x') {
                IpFrames.assertComplete(out.get(i), "packet " + i + " of " + kinds);
            }
        }
    }

    /** A packet that asks for its checksums; the one of IPv4 too where the port can. */
    private Mbuf asking(byte[] frame, boolean v6, int request, int l4) {
        boolean ip = !v6 && rig().info().txOffloads().contains(TxOffload.IPV4_CHECKSUM);
        if (ip) {
            frame[IpFrames.L2 + 10] = 0;
            frame[IpFrames.L2 + 11] = 0;
        }
        Mbuf m = rig().packet(frame);
        m.setFlags(
                request
                        | (ip ? MbufFlags.TX_IP_CKSUM : 0)
                        | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4));
        m.setHeaderLengths(IpFrames.L2, IpFrames.l3Length(v6), l4);
        return m;
    }

    private void checksummed(byte[] frame, boolean v6, int request, int l4) {
        Mbuf m = asking(frame, v6, request, l4);
        String what = "IPv" + (v6 ? 6 : 4) + " frame of " + frame.length + " bytes";
        int header = IpFrames.L2 + IpFrames.l3Length(v6) + l4;
        List<WireFrame> out = sendOne(m, header, frame.length - header, what);
        assertEquals(1, out.size(), "frames for " + what);
        IpFrames.assertComplete(out.getFirst(), what);
        byte[] got = out.getFirst().bytes();
        for (int i = header; i < frame.length; i++) {
            if (frame[i] != got[i]) {
                assertEquals(frame[i], got[i], what + ", byte " + i);
            }
        }
    }

    @Test
    default void chainsOfManySmallSegmentsComeOutWhole() {
        startWith(EnumSet.of(TxOffload.MULTI_SEGMENT));
        List<byte[]> frames = rig().frames(0, 60);
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int pieces = 1 + i % 16;
            int segment = Math.max(14, frames.get(i).length / pieces + 1);
            Mbuf m = TestFrames.packet(rig().pool(), frames.get(i), segment);
            rig().sendAll(new Mbuf[] {m}, 1, out);
        }
        Rig.assertFrames(frames, rig().collect(60, out));
        assertEquals(60, rig().port().stats().txPackets(), "txPackets");
    }
}
