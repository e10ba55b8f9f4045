// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.Counters.Counter;

/** The statistics registers, 8.2.3.23. */
final class IxgbeModelStats {
    static final Counters.Table TABLE = new Counters.Table(IxgbeModelRegs.TABLE);

    private static final int BYTES = 36;

    static final Counter CRCERRS = TABLE.one("CRCERRS", 0x4000);
    static final Counter ILLERRC = TABLE.one("ILLERRC", 0x4004);
    static final Counter ERRBC = TABLE.one("ERRBC", 0x4008);
    static final Counter MSPDC = TABLE.one("MSPDC", 0x4010);
    static final Counter RXMPC = TABLE.array("RXMPC", 0x3fa0, 4, 8);
    static final Counter MLFC = TABLE.one("MLFC", 0x4034);
    static final Counter MRFC = TABLE.one("MRFC", 0x4038);
    static final Counter RLEC = TABLE.one("RLEC", 0x4040);
    static final Counter LXONTXC = TABLE.one("LXONTXC", 0x3f60);
    static final Counter LXOFFTXC = TABLE.one("LXOFFTXC", 0x3f68);
    static final Counter LXONRXCNT = TABLE.one("LXONRXCNT", 0x41a4);
    static final Counter LXOFFRXCNT = TABLE.one("LXOFFRXCNT", 0x41a8);
    static final Counter PXONTXC = TABLE.array("PXONTXC", 0x3f00, 4, 8);
    static final Counter PXOFFTXC = TABLE.array("PXOFFTXC", 0x3f20, 4, 8);
    static final Counter PXONRXCNT = TABLE.array("PXONRXCNT", 0x4140, 4, 8);
    static final Counter PXOFFRXCNT = TABLE.array("PXOFFRXCNT", 0x4160, 4, 8);
    static final Counter PXON2OFFCNT = TABLE.array("PXON2OFFCNT", 0x3240, 4, 8);
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
    static final Counter GORC = TABLE.wide("GORC", 0x4088, BYTES);
    static final Counter GOTC = TABLE.wide("GOTC", 0x4090, BYTES);
    static final Counter RUC = TABLE.one("RUC", 0x40a4);
    static final Counter RFC = TABLE.one("RFC", 0x40a8);
    static final Counter ROC = TABLE.one("ROC", 0x40ac);
    static final Counter RJC = TABLE.one("RJC", 0x40b0);
    static final Counter MNGPRC = TABLE.one("MNGPRC", 0x40b4);
    static final Counter MNGPDC = TABLE.one("MNGPDC", 0x40b8);
    static final Counter MNGPTC = TABLE.one("MNGPTC", 0xcf90);
    static final Counter TOR = TABLE.wide("TOR", 0x40c0, BYTES);
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
    static final Counter XEC = TABLE.one("XEC", 0x4120);
    static final Counter SSVPC = TABLE.one("SSVPC", 0x8780);
    static final Counter QPRC = TABLE.array("QPRC", 0x1030, 0x40, 16);
    static final Counter QBRC = TABLE.wideArray("QBRC", 0x1034, 0x40, 16, BYTES);
    static final Counter QPRDC = TABLE.array("QPRDC", 0x1430, 0x40, 16);
    static final Counter QPTC = TABLE.array("QPTC", 0x6030, 0x40, 16);
    static final Counter QBTC = TABLE.wideArray("QBTC", 0x8700, 8, 16, BYTES);

    private IxgbeModelStats() {}

    /** The table of the model with the statistics in it. */
    static RegisterTable table() {
        return IxgbeModelRegs.TABLE;
    }
}
