// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.RQDPC;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicCounters;

import java.util.Arrays;
import java.util.Map;

/**
 * The statistics registers, 8.19, under the names that DPDK gave them, those it lacks under like
 * ones. Those of 32 bits are full after 48 minutes of the smallest frames.
 */
final class IgbCounters extends NicCounters {
    private static final Table COUNTERS = new Table(IgbRegs.TABLE);

    static {
        COUNTERS.counter("rx_crc_errors", "CRCERRS", 0x4000);
        COUNTERS.counter("rx_align_errors", "ALGNERRC", 0x4004);
        COUNTERS.counter("rx_symbol_errors", "SYMERRS", 0x4008);
        COUNTERS.counter("rx_mac_errors", "RXERRC", 0x400c);
        COUNTERS.counter("rx_missed_packets", "MPC", 0x4010);
        COUNTERS.counter("tx_single_collision_packets", "SCC", 0x4014);
        COUNTERS.counter("tx_excessive_collision_packets", "ECOL", 0x4018);
        COUNTERS.counter("tx_multiple_collision_packets", "MCC", 0x401c);
        COUNTERS.counter("tx_late_collisions", "LATECOL", 0x4020);
        COUNTERS.counter("tx_total_collisions", "COLC", 0x4028);
        COUNTERS.counter("tx_deferred_packets", "DC", 0x4030);
        COUNTERS.counter("tx_no_carrier_sense_packets", "TNCRS", 0x4034);
        COUNTERS.counter("rx_carrier_ext_errors", "CEXTERR", 0x403c);
        COUNTERS.counter("rx_length_errors", "RLEC", 0x4040);
        COUNTERS.counter("rx_xon_packets", "XONRXC", 0x4048);
        COUNTERS.counter("tx_xon_packets", "XONTXC", 0x404c);
        COUNTERS.counter("rx_xoff_packets", "XOFFRXC", 0x4050);
        COUNTERS.counter("tx_xoff_packets", "XOFFTXC", 0x4054);
        COUNTERS.counter("rx_flow_control_unsupported_packets", "FCRUC", 0x4058);
        COUNTERS.counter("rx_size_64_packets", "PRC64", 0x405c);
        COUNTERS.counter("rx_size_65_to_127_packets", "PRC127", 0x4060);
        COUNTERS.counter("rx_size_128_to_255_packets", "PRC255", 0x4064);
        COUNTERS.counter("rx_size_256_to_511_packets", "PRC511", 0x4068);
        COUNTERS.counter("rx_size_512_to_1023_packets", "PRC1023", 0x406c);
        COUNTERS.counter("rx_size_1024_to_max_packets", "PRC1522", 0x4070);
        COUNTERS.counter("rx_mac_good_packets", "GPRC", 0x4074);
        COUNTERS.counter("rx_broadcast_packets", "BPRC", 0x4078);
        COUNTERS.counter("rx_multicast_packets", "MPRC", 0x407c);
        COUNTERS.counter("tx_mac_good_packets", "GPTC", 0x4080);
        COUNTERS.counter64("rx_mac_good_bytes", "GORC", 0x4088);
        COUNTERS.counter64("tx_mac_good_bytes", "GOTC", 0x4090);
        COUNTERS.counter("rx_no_buffer_packets", "RNBC", 0x40a0);
        COUNTERS.counter("rx_undersize_errors", "RUC", 0x40a4);
        COUNTERS.counter("rx_fragment_errors", "RFC", 0x40a8);
        COUNTERS.counter("rx_oversize_errors", "ROC", 0x40ac);
        COUNTERS.counter("rx_jabber_errors", "RJC", 0x40b0);
        COUNTERS.counter("rx_management_packets", "MNGPRC", 0x40b4);
        COUNTERS.counter("rx_management_dropped", "MPDC", 0x40b8);
        COUNTERS.counter("tx_management_packets", "MNGPTC", 0x40bc);
        COUNTERS.counter64("rx_total_bytes", "TOR", 0x40c0);
        COUNTERS.counter64("tx_total_bytes", "TOT", 0x40c8);
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
        COUNTERS.counter("tx_tso_packets", "TSCTC", 0x40f8);
        COUNTERS.counter("interrupt_assert_count", "IAC", 0x4100);
        COUNTERS.counter("rx_sent_to_host_packets", "RPTHC", 0x4104);
        COUNTERS.counter("tx_sent_by_host_packets", "HGPTC", 0x4118);
        COUNTERS.counter64("rx_host_good_bytes", "HGORC", 0x4128);
        COUNTERS.counter64("tx_host_good_bytes", "HGOTC", 0x4130);
        COUNTERS.counter("tx_length_errors", "LENERRS", 0x4138);
        COUNTERS.counter("rx_code_violation_packets", "SCVPC", 0x4228);
    }

    private static final int DROPS_MASK = 0xfff;

    private final IgbChip chip;
    private final long[] queueDrops = new long[RQDPC.count()];

    IgbCounters(Registers regs, IgbChip chip) {
        super(regs, COUNTERS);
        this.chip = chip;
    }

    @Override
    protected void pollMore() {
        for (int q = 0; q < chip.queues; q++) {
            int drops = regs.readAndClear(RQDPC, q);
            if (drops == -1) {
                return;
            }
            if (chip.has(Trait.RQDPC_STAYS)) {
                // On these two it is cleared by a write.
                regs.write(RQDPC, q, 0);
            }
            queueDrops[q] += drops & DROPS_MASK;
        }
    }

    @Override
    protected void resetMore() {
        Arrays.fill(queueDrops, 0);
    }

    /**
     * RNBC is not in it: a packet that finds no descriptor waits in the receive buffer, and counts
     * in MPC when that is full, or in RQDPC when its queue drops.
     */
    @Override
    protected long dropped() {
        return sum("MPC") + Arrays.stream(queueDrops).sum();
    }

    @Override
    protected long errors() {
        return sum("CRCERRS") + sum("RLEC") + sum("RXERRC") + sum("ALGNERRC");
    }

    @Override
    public synchronized void addTo(Map<String, Long> xstats) {
        super.addTo(xstats);
        for (int q = 0; q < chip.queues; q++) {
            xstats.put("rx_q" + q + "_no_descriptor_drops", queueDrops[q]);
        }
    }
}
