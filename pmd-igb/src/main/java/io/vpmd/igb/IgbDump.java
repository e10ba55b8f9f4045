// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.EthtoolDump;
import io.vpmd.spi.hw.nic.NicPort;

import java.util.Set;

/**
 * Registers in the order in which Linux' igb gives them to ethtool. Words 551 to 554 are counters
 * of a management controller, which is none of ours.
 */
final class IgbDump {
    private static final int WORDS = 740;
    private static final int FORMAT_VERSION = 1;

    private static final String LAYOUT =
            """
            0 00000  1 00008  2 00018  3 00020  4 00024  5 00034  6 00038  7 00e00
            8 01000  9 01008  10 01048  11 0104c  12 00010  13 01520  14 01520  15 01524
            16 01528  17 0152c  18 01530  19 01504  20 01504  21 01508  22 0150c  23 04100
            24 000e0  25 05ac0  26 00028  27 0002c  28 00170  29 02160  30 02168  31 02460
            32 00100  33 05000  34 05004  35 05008  36 05818  37 0581c  38 00400  39 00404
            40 00410  41 03590  42 05800  43 05808  44 05810  45 05838  46 05900
            47 04200  48 04208  49 0420c  50 04218  51 0421c  52 04220  53 04224
            54 CRCERRS  55 ALGNERRC  56 SYMERRS  57 RXERRC  58 MPC  59 SCC  60 ECOL  61 MCC
            62 LATECOL  63 COLC  64 DC  65 TNCRS  68 RLEC  69 XONRXC  70 XONTXC  71 XOFFRXC
            72 XOFFTXC  73 FCRUC  74 PRC64  75 PRC127  76 PRC255  77 PRC511  78 PRC1023
            79 PRC1522  80 GPRC  81 BPRC  82 MPRC  83 GPTC  84 GORC  86 GOTC  88 RNBC  89 RUC
            90 RFC  91 ROC  92 RJC  93 MNGPRC  94 MPDC  95 MNGPTC  96 TOR  98 TOT  100 TPR
            101 TPT  102 PTC64  103 PTC127  104 PTC255  105 PTC511  106 PTC1023  107 PTC1522
            108 MPTC  109 BPTC  110 TSCTC  111 IAC  112 RPTHC  113 HGPTC  114 HGORC
            116 HGOTC  118 LENERRS  119 SCVPC
            121 0c00c:40:4  125 05480:4:4  129 0c000:40:4  133 0c004:40:4  137 0c008:40:4
            141 0c010:40:4  145 0c018:40:4  149 0c028:40:4  153 01680:4:10  163 05a80:4:8
            171 05aa0:4:8  179 05400:8:16  195 05404:8:16  211 0e000:40:4  215 0e004:40:4
            219 0e008:40:4  223 0e010:40:4  227 0e018:40:4  231 0e028:40:4  235 0e038:40:4
            239 0e03c:40:4  243 0e014:40:4  247 05840:8:4  251 05880:4:4  255 05a00:4:32
            287 09000:8:128  415 09800:8:128  543 05f00:8:4
            547 03410  548 03418  549 03420  550 03430
            """;

    /* Queues 4 to 15, which only the 82576 has there. */
    private static final String OF_82576 =
"""
            555 0c10c:40:12  567 05490:4:4  571 0c100:40:12  583 0c104:40:12  595 0c108:40:12
            607 0c110:40:12  619 0c118:40:12  631 0c128:40:12  643 0e100:40:12  655 0e104:40:12
            667 0e108:40:12  679 0e110:40:12  691 0e118:40:12  703 0e128:40:12
            715 0e138:40:12  727 0e13c:40:12
""";

    /* RR2DCDELAY. */
    private static final String OF_I21X = " 739 05bf4";

    private IgbDump() {}

    static EthtoolDump of(
            NicPort port, Registers regs, IgbChip.Model model, IgbCounters counters, int revision) {
        int version = FORMAT_VERSION << 24 | (revision & 0xff) << 16 | model.deviceId();
        String layout =
                switch (model.chip()) {
                    case E82576 -> LAYOUT + OF_82576;
                    case I210, I211 -> LAYOUT + OF_I21X;
                    default -> LAYOUT;
                };
        // Who reads SWSM takes it.
        return new EthtoolDump(
                port,
                regs,
                counters,
                IgbRegs.TABLE,
                Set.of(IgbRegs.SWSM),
                new EthtoolDump.Format("igb", version, WORDS, layout));
    }
}
