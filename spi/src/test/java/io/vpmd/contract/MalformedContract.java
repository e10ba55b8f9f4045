// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Packets that cannot be sent as they are: consumed, freed, counted in txErrors, never sent. */
interface MalformedContract extends Rigged {
    @Test
    default void anEmptyPacketIsConsumedAndCounted() {
        rig().started();
        sentAroundBad(rig().pool().newCache().take());
    }

    @Test
    default void aPacketWithoutAWholeHeaderIsConsumedAndCounted() {
        rig().started();
        Mbuf runt = rig().packet(rig().frame(7, 60));
        runt.trimBack(60 - (TestFrames.HEADER_LENGTH - 1));
        sentAroundBad(runt);
    }

    @Test
    default void aChainThatWasNotAskedForIsConsumedAndCounted() {
        rig().started();
        sentAroundBad(TestFrames.packet(rig().pool(), rig().frame(7, 300), 100));
    }

    @Test
    default void anOffloadThatWasNotAskedForIsConsumedAndCounted() {
        rig().started();
        for (TxOffload each : TxOffload.values()) {
            sendUnasked(each);
        }
    }

    /** All that the port offers but one. */
    @Test
    default void theOneOffloadThatWasNotAskedForIsConsumedAndCounted() {
        PortInfo info = rig().info();
        rig().need(!info.txOffloads().isEmpty(), "transmit offload");
        for (TxOffload each : info.txOffloads()) {
            Set<TxOffload> others = EnumSet.copyOf(info.txOffloads());
            others.remove(each);
            if (each == TxOffload.TCP_CHECKSUM || each == TxOffload.IPV4_CHECKSUM) {
                // Segmentation implies them.
                others.remove(TxOffload.TCP_TSO);
            }
            rig().started(rig().config().withOffloads(Set.of(), others));
            sendUnasked(each);
        }
    }

    private void sendUnasked(TxOffload offload) {
        int flag =
                switch (offload) {
                    case IPV4_CHECKSUM -> MbufFlags.TX_IP_CKSUM;
                    case TCP_CHECKSUM -> MbufFlags.TX_TCP_CKSUM;
                    case UDP_CHECKSUM -> MbufFlags.TX_UDP_CKSUM;
                    case SCTP_CHECKSUM -> MbufFlags.TX_SCTP_CKSUM;
                    case TCP_TSO -> MbufFlags.TX_TSO;
                    case MULTI_SEGMENT -> 0;
                    case VLAN_INSERT -> MbufFlags.TX_VLAN;
                    case QINQ_INSERT -> MbufFlags.TX_QINQ;
                    case TIMESTAMP -> MbufFlags.TX_TIMESTAMP;
                };
        boolean chain = offload == TxOffload.MULTI_SEGMENT;
        Mbuf m = TestFrames.packet(rig().pool(), rig().frame(7, 300), chain ? 100 : 300);
        m.setFlags(chain ? 0 : flag | MbufFlags.TX_IPV4);
        m.setHeaderLengths(14, 20, 20);
        m.setSegmentSize(100);
        m.setVlan(5, 6);
        sentAroundBad(m);
        rig().port().resetStats();
    }

    @Test
    default void segmentationWithoutLengthsIsConsumedAndCounted() {
        PortInfo info = rig().info();
        rig().need(info.txOffloads().contains(TxOffload.TCP_TSO), "segmentation");
        rig().started(rig().config().withOffloads(info.rxOffloads(), info.txOffloads()));
        int[][] cases = {{14, 20, 20, 0}, {0, 0, 0, 500}, {14, 20, 0, 500}, {200, 200, 100, 500}};
        for (int[] c : cases) {
            Mbuf m = rig().packet(rig().frame(7, 300));
            m.setFlags(MbufFlags.TX_TSO | MbufFlags.TX_IPV4 | MbufFlags.TX_TCP_CKSUM);
            m.setHeaderLengths(c[0], c[1], c[2]);
            m.setSegmentSize(c[3]);
            sentAroundBad(m);
            rig().port().resetStats();
        }
    }

    /** Sends a bad packet between good ones: only the good ones may come out. */
    private void sentAroundBad(Mbuf bad) {
        Port port = rig().port();
        PortStats before = port.stats();
        List<byte[]> good = rig().frames(100, 3);
        List<byte[]> out = new ArrayList<>();
        Mbuf[] burst = {
            rig().packet(good.get(0)), bad, rig().packet(good.get(1)), rig().packet(good.get(2))
        };
        assertEquals(4, port.txQueue(0).txBurst(burst, 0, 4), "txBurst with one bad packet");
        if (rig().fixture().collects()) {
            Rig.assertFrames(good, rig().collect(3, out));
        }
        rig().settle();
        port.txQueue(0).reclaim();
        PortStats now = port.stats().minus(before);
        assertEquals(1, now.txErrors(), "txErrors");
        assertEquals(3, now.txPackets() + now.txDropped(), "txPackets");
    }
}
