// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicCounters;

import java.util.Map;

/**
 * The statistics registers, 8.2.3.23, under the names that DPDK gave them, those it lacks under
 * like ones. Those of 32 bits are full after 5 minutes of the smallest frames. Sixteen sets count
 * packets of queues; queue q is in set q modulo 16.
 */
final class IxgbeCounters extends NicCounters {
    private static final Table COUNTERS = new Table(IxgbeRegs.TABLE);
    private static final int SETS = 16;

    static {
        COUNTERS.counter("rx_crc_errors", "CRCERRS", 0x4000);
        COUNTERS.counter("rx_illegal_byte_errors", "ILLERRC", 0x4004);
        COUNTERS.counter("rx_error_bytes", "ERRBC", 0x4008);
        COUNTERS.counter("rx_mac_short_packet_dropped", "MSPDC", 0x4010);
        COUNTERS.counters("rx_priority#_dropped", "RXMPC", 0x3fa0, 4, 8);
        COUNTERS.counter("mac_local_errors", "MLFC", 0x4034);
        COUNTERS.counter("mac_remote_errors", "MRFC", 0x4038);
        COUNTERS.counter("rx_length_errors", "RLEC", 0x4040);
        COUNTERS.counter("tx_xon_packets", "LXONTXC", 0x3f60);
        COUNTERS.counter("rx_xon_packets", "LXONRXCNT", 0x41a4);
        COUNTERS.counter("tx_xoff_packets", "LXOFFTXC", 0x3f68);
        COUNTERS.counter("rx_xoff_packets", "LXOFFRXCNT", 0x41a8);
        COUNTERS.counters("rx_priority#_xon_packets", "PXONRXCNT", 0x4140, 4, 8);
        COUNTERS.counters("tx_priority#_xon_packets", "PXONTXC", 0x3f00, 4, 8);
        COUNTERS.counters("rx_priority#_xoff_packets", "PXOFFRXCNT", 0x4160, 4, 8);
        COUNTERS.counters("tx_priority#_xoff_packets", "PXOFFTXC", 0x3f20, 4, 8);
        COUNTERS.counters("tx_priority#_xon_to_xoff_packets", "PXON2OFFCNT", 0x3240, 4, 8);
        COUNTERS.counter("rx_size_64_packets", "PRC64", 0x405c);
        COUNTERS.counter("rx_size_65_to_127_packets", "PRC127", 0x4060);
        COUNTERS.counter("rx_size_128_to_255_packets", "PRC255", 0x4064);
        COUNTERS.counter("rx_size_256_to_511_packets", "PRC511", 0x4068);
        COUNTERS.counter("rx_size_512_to_1023_packets", "PRC1023", 0x406c);
        COUNTERS.counter("rx_size_1024_to_max_packets", "PRC1522", 0x4070);
        COUNTERS.counter("rx_mac_packets", "GPRC", 0x4074);
        COUNTERS.counter("rx_broadcast_packets", "BPRC", 0x4078);
        COUNTERS.counter("rx_multicast_packets", "MPRC", 0x407c);
        COUNTERS.counter("tx_mac_good_packets", "GPTC", 0x4080);
        COUNTERS.counter64("rx_mac_good_bytes", "GORC", 0x4088);
        COUNTERS.counter64("tx_mac_good_bytes", "GOTC", 0x4090);
        COUNTERS.counter("rx_undersize_errors", "RUC", 0x40a4);
        COUNTERS.counter("rx_fragment_errors", "RFC", 0x40a8);
        COUNTERS.counter("rx_oversize_errors", "ROC", 0x40ac);
        COUNTERS.counter("rx_jabber_errors", "RJC", 0x40b0);
        COUNTERS.counter("rx_management_packets", "MNGPRC", 0x40b4);
        COUNTERS.counter("rx_management_dropped", "MNGPDC", 0x40b8);
        COUNTERS.counter("tx_management_packets", "MNGPTC", 0xcf90);
        COUNTERS.counter64("rx_total_bytes", "TOR", 0x40c0);
        COUNTERS.counter("rx_total_packets", "TPR", 0x40d0);
        COUNTERS.counter("tx_total_packets", "TPT", 0x40d4);
        COUNTERS.counter("tx_size_64_packets", "PTC64", 0x40d8);
        COUNTERS.counter("tx_size_65_to_127_packets", "PTC127", 0x40dc);
        COUNTERS.counter("tx_size_128_to_255_packets", "PTC255", 0x40e0);
        COUNTERS.counter("tx_size_256_to_511_packets", "PTC511", 0x40e4);
        COUNTERS.counter("tx_size_512_to_1023_packets", "PTC1023", 0x40e8);
        COUNTERS.counter("tx_size_1024_to_max_packets", "PTC1522", 0x40ec);
        COUNTERS.counter("tx_multicast_packets", "MPTC", 0x40f0);
        COUNTERS.counter("tx_broadcast_packets", "BPTC", 0x40f4);
        COUNTERS.counter("rx_l3_l4_xsum_error", "XEC", 0x4120);
        COUNTERS.counter("flow_director_matched_filters", "FDIRMATCH", 0xee58);
        COUNTERS.counter("flow_director_missed_filters", "FDIRMISS", 0xee5c);
        COUNTERS.counters("rx_set#_packets", "QPRC", 0x1030, 0x40, SETS);
        COUNTERS.counters64("rx_set#_bytes", "QBRC", 0x1034, 0x40, SETS);
        COUNTERS.counters("rx_set#_dropped", "QPRDC", 0x1430, 0x40, SETS);
        COUNTERS.counters("tx_set#_packets", "QPTC", 0x6030, 0x40, SETS);
        COUNTERS.counters64("tx_set#_bytes", "QBTC", 0x8700, 8, SETS);
    }

    private long pauses;

    IxgbeCounters(Registers regs) {
        super(regs, COUNTERS);
    }

    /** Puts the queues into their sets; a reset puts all into the first. */
    void apply() {
        for (int i = 0; i < IxgbeRegs.RQSMR.count(); i++) {
            int sets = 0;
            for (int j = 3; j >= 0; j--) {
                sets = sets << 8 | (4 * i + j) % SETS;
            }
            regs.write(IxgbeRegs.RQSMR, i, sets);
            regs.write(IxgbeRegs.TQSM, i, sets);
        }
    }

    /** Whether the link partner has sent pause frames since this was last asked. */
    synchronized boolean pausedSinceAsked() {
        long now = sum("LXOFFRXCNT");
        boolean paused = now != pauses;
        pauses = now;
        return paused;
    }

    /** What finds the receive buffer full, and what its queue drops. */
    @Override
    protected long dropped() {
        return total("RXMPC") + total("QPRDC");
    }

    @Override
    protected long errors() {
        return sum("CRCERRS") + sum("RLEC") + sum("ILLERRC");
    }

    /**
     * Erratum of the 82599: GPRC counts missed packets too; what the queues got is what is good.
     */
    @Override
    public synchronized void addTo(Map<String, Long> xstats) {
        super.addTo(xstats);
        xstats.put("rx_mac_good_packets", total("QPRC"));
    }
}
