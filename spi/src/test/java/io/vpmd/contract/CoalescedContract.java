// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Set;

/** TCP connections that arrive together at a port that may put their segments together. */
interface CoalescedContract extends Rigged {
    /** One over IPv4 and one over IPv6, all of whose segments have the same data. */
    final class Connections {
        private static final int SEGMENTS = 30;
        private static final int PAYLOAD = 1_000;
        private static final int TCP = 20;

        private final MacAddress to;
        private final int[] come = new int[2];

        Connections(MacAddress to) {
            this.to = to;
        }

        private byte[] segment(boolean v6, int number) {
            int flags = IpFrames.ACK | (number == SEGMENTS - 1 ? IpFrames.PSH : 0);
            return IpFrames.wholeTcp(to, v6, number * PAYLOAD, flags, PAYLOAD);
        }

        private void inject(PortFixture fixture) {
            for (int i = 0; i < SEGMENTS; i++) {
                fixture.inject(segment(false, i));
                fixture.inject(segment(true, i));
            }
        }

        private boolean complete() {
            return come[0] == SEGMENTS * PAYLOAD && come[1] == SEGMENTS * PAYLOAD;
        }

        private void check(Mbuf m) {
            WireFrame wire = TestFrames.wireFrame(m);
            byte[] frame = wire.bytes();
            if (!IpFrames.ours(frame)) {
                return;
            }
            boolean v6 = IpFrames.v6(frame);
            int l4 = IpFrames.L2 + IpFrames.l3Length(v6);
            int payload = frame.length - l4 - TCP;
            int before = come[v6 ? 1 : 0];
            int sequence = IpFrames.u16(frame, l4 + 4) << 16 | IpFrames.u16(frame, l4 + 6);
            assertEquals(before, sequence, "sequence number");
            IpFrames.assertComplete(wire, "a packet of " + payload + " bytes");
            if (payload > PAYLOAD) {
                int wanted =
                        MbufFlags.RX_LRO
                                | MbufFlags.TX_TSO
                                | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4);
                assertEquals(wanted, m.flags() & wanted, "flags");
                assertEquals(PAYLOAD, m.segmentSize(), "segment size");
                assertEquals(l4, m.l2Length() + m.l3Length(), "header lengths");
                assertEquals(TCP, m.l4Length(), "length of the TCP header");
            }
            byte[] each = segment(v6, 0);
            for (int i = 0; i < payload; i++) {
                byte wanted = each[l4 + TCP + i % PAYLOAD];
                if (frame[l4 + TCP + i] != wanted) {
                    assertEquals(wanted, frame[l4 + TCP + i], "byte " + i);
                }
            }
            come[v6 ? 1 : 0] += payload;
        }
    }

    @Test
    default void coalescedConnectionsComeWholeAndInOrder() {
        rig().needInject();
        Set<RxOffload> offered = rig().info().rxOffloads();
        rig().need(offered.contains(RxOffload.TCP_LRO), "offload " + RxOffload.TCP_LRO);
        Set<RxOffload> wanted =
                EnumSet.of(RxOffload.TCP_LRO, RxOffload.SCATTER, RxOffload.PARTIAL_CHECKSUM);
        wanted.retainAll(offered);
        Port port = rig().started(rig().config().withOffloads(wanted, Set.of()));
        for (int round = 0; round < 5; round++) {
            Connections connections = new Connections(port.mac());
            connections.inject(rig().fixture());
            Mbuf[] burst = new Mbuf[8];
            Deadline deadline = Deadline.in(5_000);
            while (!connections.complete()) {
                int n = port.rxQueue(0).rxBurst(burst, 0, burst.length);
                for (int i = 0; i < n; i++) {
                    connections.check(burst[i]);
                    burst[i].free();
                }
                deadline.check("segments are missing");
            }
        }
        port.stop();
        assertTrue(rig().pool().taken() == 0, "buffers of a stopped port");
    }
}
