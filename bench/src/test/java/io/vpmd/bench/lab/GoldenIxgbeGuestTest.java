// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import java.util.HashMap;
import java.util.Map;

/** The 82599, on which the kernel's ixgbe and net_ixgbe differ as these tables say. */
class GoldenIxgbeGuestTest extends GoldenTraces {
    GoldenIxgbeGuestTest() {
        super("ixgbe", "82599-kx4");
    }

    @Override
    Map<String, String> theirs() {
        Map<String, String> all = new HashMap<>();
        give(all, "the link mode of the NVM stays; only a change of speeds writes it", "AUTOC");
        give(all, "no IPsec: the tables are never turned on", "IPSRXIDX", "IPSRXIPADDR");
        give(all, "no IPsec", "IPSRXIPIDX", "IPSRXKEY", "IPSRXMOD", "IPSRXSALT", "IPSRXSPI");
        give(all, "no IPsec", "IPSTXIDX", "IPSTXKEY", "IPSTXSALT");
        give(all, "no IPsec: its engine is off after a reset", "SECTXBUFFAF", "SECTXCTRL");
        give(all, "no IPsec: the gap between frames is that after a reset", "SECTXMINIFG");
        give(all, "no DCA: it is off after a reset", "DCA_CTRL");
        give(all, "asks for the EEPROM's pins; EERD needs none", "EEC");
        give(all, "at most 32 vectors: EIAM, EICS and EIMS reach them", "EIAM_EX", "EICS_EX");
        give(all, "at most 32 vectors", "EIMS_EX");
        give(all, "queues are polled, and one interrupt follows each arm", "EITR");
        give(all, "no filters by type of frame", "ETQF", "ETQS");
        give(all, "the firmware is asked nothing but its version, by NVM", "FWSTS");
        give(all, "looks for a PHY at MDIO; a backplane has none", "MSCA");
        give(all, "pause frames are negotiated for 10 Gb/s, with AUTOC", "PCS1GANA", "PCS1GLCTL");
        give(all, "no virtual functions", "PFVLVF", "PFVLVFB", "PFVML2FLT");
        give(all, "headers are not split off unless packets are to be coalesced", "PSRTYPE");
        give(all, "coalescing is not turned on unless it is asked for", "RSCDBU");
        give(
                all,
                "no clock unless it is asked for",
                "RXMTRL",
                "SYSTIMH",
                "SYSTIML",
                "TIMINCA",
                "TSYNCRXCTL");
        give(all, "no clock unless it is asked for", "TSYNCTXCTL");
        give(all, "no wake-up: nothing has set it", "WUS");
        return all;
    }

    @Override
    Map<String, String> ours() {
        Map<String, String> all = new HashMap<>();
        give(all, "the size that the data sheet wants without DCB", "DTXMXSZRQ");
        give(all, "at most 32 vectors: instead of EIAM_EX", "EIAM");
        give(all, "causes of before are cleared when they are armed", "EICR");
        give(all, "looks at the link once when interrupts are on", "EICS");
        give(all, "the outer tag's type, for QinQ", "EXVET");
        give(all, "filters by flow can be set at any time", "FDIRCTRL", "FDIRDIP4M", "FDIRHKEY");
        give(all, "filters by flow", "FDIRM", "FDIRSCTPM", "FDIRSIP4M", "FDIRSKEY", "FDIRTCPM");
        give(all, "filters by flow", "FDIRUDPM");
        give(
                all,
                "the longest frame; the kernel has it from the reset until the MTU grows",
                "MAXFRS");
        give(all, "counters by queue", "RQSMR", "TQSM");
        give(all, "rates of queues can be set at any time", "RTTBCNRM");
        give(all, "no write-back of the head, whoever was here before", "TDWBAH", "TDWBAL");
        give(all, "no wake-up, whoever was here before", "WUC");
        return all;
    }

    private static void give(Map<String, String> all, String reason, String... registers) {
        for (String register : registers) {
            all.put(register, reason);
        }
    }
}
