// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.RQDPC;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The statistics registers, 8.19, all cleared by being read, summed up in 64 bits. They stop at
 * their largest value, those of 32 bits after 48 minutes of the smallest frames; the port's watch
 * reads them every second.
 */
final class IgbCounters {
    private static final RegisterTable TABLE = IgbRegs.TABLE;
    private static final List<Counter> COUNTERS = new ArrayList<>();

    /* A counter of 64 bits has a second register, and is cleared when that one is read. */
    private record Counter(String name, Register low, int words) {}

    static {
        counter("rx_crc_errors", "CRCERRS", 0x4000);
        counter("rx_align_errors", "ALGNERRC", 0x4004);
        counter("rx_symbol_errors", "SYMERRS", 0x4008);
        counter("rx_mac_errors", "RXERRC", 0x400c);
        counter("rx_missed_packets", "MPC", 0x4010);
        counter("tx_single_collision_packets", "SCC", 0x4014);
        counter("tx_excessive_collision_packets", "ECOL", 0x4018);
        counter("tx_multiple_collision_packets", "MCC", 0x401c);
        counter("tx_late_collisions", "LATECOL", 0x4020);
        counter("tx_total_collisions", "COLC", 0x4028);
        counter("tx_deferred_packets", "DC", 0x4030);
        counter("tx_no_carrier_sense_packets", "TNCRS", 0x4034);
        counter("rx_carrier_ext_errors", "CEXTERR", 0x403c);
        counter("rx_length_errors", "RLEC", 0x4040);
        counter("rx_xon_packets", "XONRXC", 0x4048);
        counter("tx_xon_packets", "XONTXC", 0x404c);
        counter("rx_xoff_packets", "XOFFRXC", 0x4050);
        counter("tx_xoff_packets", "XOFFTXC", 0x4054);
        counter("rx_flow_control_unsupported_packets", "FCRUC", 0x4058);
        counter("rx_size_64_packets", "PRC64", 0x405c);
        counter("rx_size_65_to_127_packets", "PRC127", 0x4060);
        counter("rx_size_128_to_255_packets", "PRC255", 0x4064);
        counter("rx_size_256_to_511_packets", "PRC511", 0x4068);
        counter("rx_size_512_to_1023_packets", "PRC1023", 0x406c);
        counter("rx_size_1024_to_max_packets", "PRC1522", 0x4070);
        counter("rx_mac_good_packets", "GPRC", 0x4074);
        counter("rx_broadcast_packets", "BPRC", 0x4078);
        counter("rx_multicast_packets", "MPRC", 0x407c);
        counter("tx_mac_good_packets", "GPTC", 0x4080);
        counter64("rx_mac_good_bytes", "GORC", 0x4088);
        counter64("tx_mac_good_bytes", "GOTC", 0x4090);
        counter("rx_no_buffer_packets", "RNBC", 0x40a0);
        counter("rx_undersize_errors", "RUC", 0x40a4);
        counter("rx_fragment_errors", "RFC", 0x40a8);
        counter("rx_oversize_errors", "ROC", 0x40ac);
        counter("rx_jabber_errors", "RJC", 0x40b0);
        counter("rx_management_packets", "MNGPRC", 0x40b4);
        counter("rx_management_dropped", "MPDC", 0x40b8);
        counter("tx_management_packets", "MNGPTC", 0x40bc);
        counter64("rx_total_bytes", "TOR", 0x40c0);
        counter64("tx_total_bytes", "TOT", 0x40c8);
        counter("rx_total_packets", "TPR", 0x40d0);
        counter("tx_total_packets", "TPT", 0x40d4);
        counter("tx_size_64_packets", "PTC64", 0x40d8);
        counter("tx_size_65_to_127_packets", "PTC127", 0x40dc);
        counter("tx_size_128_to_255_packets", "PTC255", 0x40e0);
        counter("tx_size_256_to_511_packets", "PTC511", 0x40e4);
        counter("tx_size_512_to_1023_packets", "PTC1023", 0x40e8);
        counter("tx_size_1024_to_max_packets", "PTC1522", 0x40ec);
        counter("tx_multicast_packets", "MPTC", 0x40f0);
        counter("tx_broadcast_packets", "BPTC", 0x40f4);
        counter("tx_tso_packets", "TSCTC", 0x40f8);
        counter("interrupt_assert_count", "IAC", 0x4100);
        counter("rx_sent_to_host_packets", "RPTHC", 0x4104);
        counter("tx_sent_by_host_packets", "HGPTC", 0x4118);
        counter64("rx_host_good_bytes", "HGORC", 0x4128);
        counter64("tx_host_good_bytes", "HGOTC", 0x4130);
        counter("tx_length_errors", "LENERRS", 0x4138);
        counter("rx_code_violation_packets", "SCVPC", 0x4228);
    }

    private static final int DROPS_MASK = 0xfff;

    private final Registers regs;
    private final IgbChip chip;
    private final long[] sums = new long[COUNTERS.size()];
    private final long[] queueDrops = new long[RQDPC.count()];
    private boolean closed;

    IgbCounters(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.chip = chip;
    }

    /** The registers go away: the sums stay as they are. */
    synchronized void close() {
        closed = true;
    }

    private static void counter(String name, String register, int offset) {
        COUNTERS.add(new Counter(name, TABLE.rc(register, offset, name), 1));
    }

    private static void counter64(String name, String register, int offset) {
        COUNTERS.add(new Counter(name, TABLE.rc(register, offset, 4, 2, name), 2));
    }

    /** Adds what has been counted since the last call; nothing when the device is gone. */
    synchronized void poll() {
        if (closed) {
            return;
        }
        for (int i = 0; i < sums.length; i++) {
            Counter c = COUNTERS.get(i);
            long value = regs.readAndClear(c.low, 0) & 0xffff_ffffL;
            if (c.words == 2) {
                value |= (long) regs.readAndClear(c.low, 1) << 32;
            }
            if (value != 0xffff_ffffL && value != -1) {
                sums[i] += value;
            }
        }
        pollQueues();
    }

    private void pollQueues() {
        for (int q = 0; q < chip.queues; q++) {
            int drops = regs.readAndClear(RQDPC, q);
            if (drops == -1) {
                return;
            }
            if (chip == IgbChip.I210 || chip == IgbChip.I211) {
                // On these two it is cleared by a write.
                regs.write(RQDPC, q, 0);
            }
            queueDrops[q] += drops & DROPS_MASK;
        }
    }

    /** The sum of a register by its name in the data sheet; 0 for one that is not counted. */
    synchronized long sum(String register) {
        for (int i = 0; i < sums.length; i++) {
            if (COUNTERS.get(i).low.name().equals(register)) {
                return sums[i];
            }
        }
        return 0;
    }

    /**
     * What was lost before any queue saw it. RNBC is not in it: a packet that finds no descriptor
     * waits in the receive buffer, and counts in MPC when that is full, or in RQDPC when its queue
     * drops.
     */
    synchronized PortStats losses() {
        poll();
        long dropped = sum("MPC");
        for (long drops : queueDrops) {
            dropped += drops;
        }
        long errors = sum("CRCERRS") + sum("RLEC") + sum("RXERRC") + sum("ALGNERRC");
        return new PortStats(0, 0, 0, 0, dropped, 0, errors, 0);
    }

    /** Forgets everything until now. */
    synchronized void reset() {
        poll();
        Arrays.fill(sums, 0);
        Arrays.fill(queueDrops, 0);
    }

    /** All counters under the names that DPDK gave them, those it lacks under like ones. */
    synchronized void addTo(Map<String, Long> xstats) {
        for (int i = 0; i < sums.length; i++) {
            xstats.put(COUNTERS.get(i).name, sums[i]);
        }
        for (int q = 0; q < chip.queues; q++) {
            xstats.put("rx_q" + q + "_no_descriptor_drops", queueDrops[q]);
        }
    }
}
