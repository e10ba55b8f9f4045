// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.Counters.Counter;

/** The statistics registers, 8.19. */
final class IgbModelStats {
    static final Counters.Table TABLE = new Counters.Table(IgbModelRegs.TABLE);

    static final Counter CRCERRS = TABLE.one("CRCERRS", 0x4000);
    static final Counter ALGNERRC = TABLE.one("ALGNERRC", 0x4004);
    static final Counter SYMERRS = TABLE.one("SYMERRS", 0x4008);
    static final Counter RXERRC = TABLE.one("RXERRC", 0x400c);
    static final Counter MPC = TABLE.one("MPC", 0x4010);
    static final Counter SCC = TABLE.one("SCC", 0x4014);
    static final Counter ECOL = TABLE.one("ECOL", 0x4018);
    static final Counter MCC = TABLE.one("MCC", 0x401c);
    static final Counter LATECOL = TABLE.one("LATECOL", 0x4020);
    static final Counter COLC = TABLE.one("COLC", 0x4028);
    static final Counter CBTMPC = TABLE.one("CBTMPC", 0x402c);
    static final Counter DC = TABLE.one("DC", 0x4030);
    static final Counter TNCRS = TABLE.one("TNCRS", 0x4034);
    static final Counter CEXTERR = TABLE.one("CEXTERR", 0x403c);
    static final Counter RLEC = TABLE.one("RLEC", 0x4040);
    static final Counter XONRXC = TABLE.one("XONRXC", 0x4048);
    static final Counter XONTXC = TABLE.one("XONTXC", 0x404c);
    static final Counter XOFFRXC = TABLE.one("XOFFRXC", 0x4050);
    static final Counter XOFFTXC = TABLE.one("XOFFTXC", 0x4054);
    static final Counter FCRUC = TABLE.one("FCRUC", 0x4058);
    static final Counter PRC64 = TABLE.one("PRC64", 0x405c);
    static final Counter PRC127 = TABLE.one("PRC127", 0x4060);
    static final Counter PRC255 = TABLE.one("PRC255", 0x4064);
    static final Counter PRC511 = TABLE.one("PRC511", 0x4068);
    static final Counter PRC1023 = TABLE.one("PRC1023", 0x406c);
    static final Counter PRC1522 = TABLE.one("PRC1522", 0x4070);
    static final Counter GPRC = TABLE.one("GPRC", 0x4074);
    static final Counter BPRC = TABLE.one("BPRC", 0x4078);
    static final Counter MPRC = TABLE.one("MPRC", 0x407c);
    static final Counter GPTC = TABLE.one("GPTC", 0x4080);
    static final Counter GORC = TABLE.wide("GORC", 0x4088, Long.SIZE);
    static final Counter GOTC = TABLE.wide("GOTC", 0x4090, Long.SIZE);
    static final Counter RNBC = TABLE.one("RNBC", 0x40a0);
    static final Counter RUC = TABLE.one("RUC", 0x40a4);
    static final Counter RFC = TABLE.one("RFC", 0x40a8);
    static final Counter ROC = TABLE.one("ROC", 0x40ac);
    static final Counter RJC = TABLE.one("RJC", 0x40b0);
    static final Counter MNGPRC = TABLE.one("MNGPRC", 0x40b4);
    static final Counter MPDC = TABLE.one("MPDC", 0x40b8);
    static final Counter MNGPTC = TABLE.one("MNGPTC", 0x40bc);
    static final Counter TOR = TABLE.wide("TOR", 0x40c0, Long.SIZE);
    static final Counter TOT = TABLE.wide("TOT", 0x40c8, Long.SIZE);
    static final Counter TPR = TABLE.one("TPR", 0x40d0);
    static final Counter TPT = TABLE.one("TPT", 0x40d4);
    static final Counter PTC64 = TABLE.one("PTC64", 0x40d8);
    static final Counter PTC127 = TABLE.one("PTC127", 0x40dc);
    static final Counter PTC255 = TABLE.one("PTC255", 0x40e0);
    static final Counter PTC511 = TABLE.one("PTC511", 0x40e4);
    static final Counter PTC1023 = TABLE.one("PTC1023", 0x40e8);
    static final Counter PTC1522 = TABLE.one("PTC1522", 0x40ec);
    static final Counter MPTC = TABLE.one("MPTC", 0x40f0);
    static final Counter BPTC = TABLE.one("BPTC", 0x40f4);
    static final Counter TSCTC = TABLE.one("TSCTC", 0x40f8);
    static final Counter CBRMPC = TABLE.one("CBRMPC", 0x40fc);
    static final Counter IAC = TABLE.one("IAC", 0x4100);
    static final Counter RPTHC = TABLE.one("RPTHC", 0x4104);
    static final Counter HGPTC = TABLE.one("HGPTC", 0x4118);
    static final Counter RXDMTC = TABLE.one("RXDMTC", 0x4120);
    static final Counter HTCBDPC = TABLE.one("HTCBDPC", 0x4124);
    static final Counter HGORC = TABLE.wide("HGORC", 0x4128, Long.SIZE);
    static final Counter HGOTC = TABLE.wide("HGOTC", 0x4130, Long.SIZE);
    static final Counter LENERRS = TABLE.one("LENERRS", 0x4138);
    static final Counter SCVPC = TABLE.one("SCVPC", 0x4228);

    private IgbModelStats() {}

    /** The table of the model with the statistics in it. */
    static RegisterTable table() {
        return IgbModelRegs.TABLE;
    }
}
