// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Registers;

import java.util.Set;

/** Which packets are received, 7.1.2, what is done to them, and into which queue they go. */
final class IgbFilters {
    /* Ethernet header, VLAN tag, frame check sequence. */
    private static final int FRAME_OVERHEAD = 22;
    /* The key of Microsoft's RSS verification suite: its hashes are published. */
    private static final int[] KEY = {
        0x6d5a_56da, 0x255b_0ec2, 0x4167_253d, 0x43a3_8fb0, 0xd0ca_2bcb,
        0xae7b_30b4, 0x77cb_2da3, 0x8030_f20c, 0x6a42_b73b, 0xbeac_01fa
    };
    private static final int RETA_ENTRIES = 128;

    private final Registers regs;
    private final IgbChip chip;

    IgbFilters(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.chip = chip;
    }

    /** The port's own address, 8.10.17: bytes in network order from the lowest bits on. */
    void setMac(MacAddress mac) {
        byte[] b = mac.bytes();
        int low = (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
        int high = (b[4] & 0xff) | (b[5] & 0xff) << 8;
        // Not valid while it is half the old and half the new one.
        regs.write(RAH, 0, 0);
        regs.write(RAL, 0, low);
        regs.write(RAH, 0, high | RAH_AV);
    }

    void setPromiscuous(boolean promiscuous, boolean allmulticast) {
        regs.change(
                RCTL,
                RCTL_UPE | RCTL_MPE,
                (promiscuous ? RCTL_UPE : 0) | (promiscuous || allmulticast ? RCTL_MPE : 0));
    }

    /** Frames that are longer are dropped and counted. */
    void setMtu(int mtu) {
        regs.write(RLPML, mtu + FRAME_OVERHEAD);
    }

    /** All that holds while packets flow; reception itself is switched on by the port. */
    void apply(PortConfig config) {
        Set<RxOffload> rx = config.rxOffloads();
        boolean keepCrc = rx.contains(RxOffload.KEEP_CRC);
        boolean strip = rx.contains(RxOffload.VLAN_STRIP);
        regs.change(CTRL, CTRL_VME, strip ? CTRL_VME : 0);
        // Long packets are always on: RLPML alone says what is too long.
        regs.change(RCTL, RCTL_VFE | RCTL_SECRC, RCTL_BAM | RCTL_LPE | (keepCrc ? 0 : RCTL_SECRC));
        boolean l4 = rx.contains(RxOffload.L4_CHECKSUM);
        boolean sctp = rx.contains(RxOffload.SCTP_CHECKSUM);
        // PCSD: the descriptor has the hash in place of a checksum over the whole packet.
        regs.write(
                RXCSUM,
                RXCSUM_PCSD
                        | (rx.contains(RxOffload.IPV4_CHECKSUM) ? RXCSUM_IPOFLD : 0)
                        | (l4 || sctp ? RXCSUM_TUOFLD : 0)
                        | (sctp ? RXCSUM_CRCOFLD : 0));
        if (perQueueOffloads()) {
            for (int q = 0; q < config.rxQueues(); q++) {
                // I350 on: the strip bits of RCTL and CTRL hold for queues that agree.
                regs.change(
                        DVMOLR,
                        q,
                        DVMOLR_STRCRC | DVMOLR_STRVLAN,
                        (keepCrc ? 0 : DVMOLR_STRCRC) | (strip ? DVMOLR_STRVLAN : 0));
            }
        }
        spread(config.rxQueues(), rx.contains(RxOffload.RSS_HASH));
    }

    private boolean perQueueOffloads() {
        return chip != IgbChip.E82576 && chip != IgbChip.E82580;
    }

    /** RSS over all queues, 7.1.2.8. */
    private void spread(int queues, boolean hash) {
        for (int i = 0; i < KEY.length; i++) {
            regs.write(RSSRK, i, Integer.reverseBytes(KEY[i]));
        }
        for (int i = 0; i < RETA_ENTRIES; i += 4) {
            int entries = 0;
            for (int k = 3; k >= 0; k--) {
                entries = entries << 8 | (i + k) % queues;
            }
            regs.write(RETA, i / 4, entries);
        }
        int types =
                MRQC_TCP_IPV4
                        | MRQC_IPV4
                        | MRQC_IPV6
                        | MRQC_TCP_IPV6
                        | MRQC_UDP_IPV4
                        | MRQC_UDP_IPV6;
        regs.write(MRQC, queues > 1 || hash ? MRQC_RSS | types : 0);
    }
}
