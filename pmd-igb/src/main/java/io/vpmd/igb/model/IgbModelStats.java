// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.RegisterFile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The statistics registers, 8.19: cleared by being read, stuck at their largest value, unknown
 * after power-on, and not touched by a reset.
 */
final class IgbModelStats {
    /** One register each, two for bytes. */
    static final class Count {
        static final Count CRCERRS = new Count("CRCERRS", 0x4000, 1);
        static final Count ALGNERRC = new Count("ALGNERRC", 0x4004, 1);
        static final Count SYMERRS = new Count("SYMERRS", 0x4008, 1);
        static final Count RXERRC = new Count("RXERRC", 0x400c, 1);
        static final Count MPC = new Count("MPC", 0x4010, 1);
        static final Count SCC = new Count("SCC", 0x4014, 1);
        static final Count ECOL = new Count("ECOL", 0x4018, 1);
        static final Count MCC = new Count("MCC", 0x401c, 1);
        static final Count LATECOL = new Count("LATECOL", 0x4020, 1);
        static final Count COLC = new Count("COLC", 0x4028, 1);
        static final Count CBTMPC = new Count("CBTMPC", 0x402c, 1);
        static final Count DC = new Count("DC", 0x4030, 1);
        static final Count TNCRS = new Count("TNCRS", 0x4034, 1);
        static final Count CEXTERR = new Count("CEXTERR", 0x403c, 1);
        static final Count RLEC = new Count("RLEC", 0x4040, 1);
        static final Count XONRXC = new Count("XONRXC", 0x4048, 1);
        static final Count XONTXC = new Count("XONTXC", 0x404c, 1);
        static final Count XOFFRXC = new Count("XOFFRXC", 0x4050, 1);
        static final Count XOFFTXC = new Count("XOFFTXC", 0x4054, 1);
        static final Count FCRUC = new Count("FCRUC", 0x4058, 1);
        static final Count PRC64 = new Count("PRC64", 0x405c, 1);
        static final Count PRC127 = new Count("PRC127", 0x4060, 1);
        static final Count PRC255 = new Count("PRC255", 0x4064, 1);
        static final Count PRC511 = new Count("PRC511", 0x4068, 1);
        static final Count PRC1023 = new Count("PRC1023", 0x406c, 1);
        static final Count PRC1522 = new Count("PRC1522", 0x4070, 1);
        static final Count GPRC = new Count("GPRC", 0x4074, 1);
        static final Count BPRC = new Count("BPRC", 0x4078, 1);
        static final Count MPRC = new Count("MPRC", 0x407c, 1);
        static final Count GPTC = new Count("GPTC", 0x4080, 1);
        static final Count GORC = new Count("GORC", 0x4088, 2);
        static final Count GOTC = new Count("GOTC", 0x4090, 2);
        static final Count RNBC = new Count("RNBC", 0x40a0, 1);
        static final Count RUC = new Count("RUC", 0x40a4, 1);
        static final Count RFC = new Count("RFC", 0x40a8, 1);
        static final Count ROC = new Count("ROC", 0x40ac, 1);
        static final Count RJC = new Count("RJC", 0x40b0, 1);
        static final Count MNGPRC = new Count("MNGPRC", 0x40b4, 1);
        static final Count MPDC = new Count("MPDC", 0x40b8, 1);
        static final Count MNGPTC = new Count("MNGPTC", 0x40bc, 1);
        static final Count TOR = new Count("TOR", 0x40c0, 2);
        static final Count TOT = new Count("TOT", 0x40c8, 2);
        static final Count TPR = new Count("TPR", 0x40d0, 1);
        static final Count TPT = new Count("TPT", 0x40d4, 1);
        static final Count PTC64 = new Count("PTC64", 0x40d8, 1);
        static final Count PTC127 = new Count("PTC127", 0x40dc, 1);
        static final Count PTC255 = new Count("PTC255", 0x40e0, 1);
        static final Count PTC511 = new Count("PTC511", 0x40e4, 1);
        static final Count PTC1023 = new Count("PTC1023", 0x40e8, 1);
        static final Count PTC1522 = new Count("PTC1522", 0x40ec, 1);
        static final Count MPTC = new Count("MPTC", 0x40f0, 1);
        static final Count BPTC = new Count("BPTC", 0x40f4, 1);
        static final Count TSCTC = new Count("TSCTC", 0x40f8, 1);
        static final Count CBRMPC = new Count("CBRMPC", 0x40fc, 1);
        static final Count IAC = new Count("IAC", 0x4100, 1);
        static final Count RPTHC = new Count("RPTHC", 0x4104, 1);
        static final Count HGPTC = new Count("HGPTC", 0x4118, 1);
        static final Count RXDMTC = new Count("RXDMTC", 0x4120, 1);
        static final Count HTCBDPC = new Count("HTCBDPC", 0x4124, 1);
        static final Count HGORC = new Count("HGORC", 0x4128, 2);
        static final Count HGOTC = new Count("HGOTC", 0x4130, 2);
        static final Count LENERRS = new Count("LENERRS", 0x4138, 1);
        static final Count SCVPC = new Count("SCVPC", 0x4228, 1);

        private final String name;
        private final int words;
        private final int index;
        private final Register register;

        private Count(String name, int offset, int words) {
            this.name = name;
            this.words = words;
            this.index = ALL.size();
            this.register =
                    words == 1
                            ? IgbModelRegs.TABLE.rc(name, offset, "")
                            : IgbModelRegs.TABLE.rc(name, offset, 4, words, "");
            ALL.add(this);
        }
    }

    private static final List<Count> ALL = new ArrayList<>();
    private static final long STUCK = 0xffff_ffffL;
    private static final int[] SIZES = {64, 127, 255, 511, 1023};

    private final long[] values;
    private final long[] latched;

    /** The table of the model with the statistics in it. */
    static RegisterTable table() {
        return Count.MPC.register.offset() > 0 ? IgbModelRegs.TABLE : new RegisterTable();
    }

    /** After power-on, when their values mean nothing. */
    IgbModelStats(RegisterFile regs) {
        values = new long[ALL.size()];
        latched = new long[ALL.size()];
        Random random = new Random(82_576);
        for (Count c : ALL) {
            values[c.index] = random.nextInt(1, 1000);
            regs.onRead(c.register, (word, _) -> read(c, word));
            regs.onWrite(c.register, (_, stored, _) -> stored);
        }
    }

    private int read(Count c, int word) {
        int i = c.index;
        if (c.words == 2 && word == 0) {
            // What comes until the high half is read belongs to the next reading.
            latched[i] = values[i];
            return (int) values[i];
        }
        long value = c.words == 2 ? latched[i] : values[i];
        values[i] -= value;
        latched[i] = 0;
        return (int) (value >>> (c.words == 2 ? 32 : 0));
    }

    void add(Count c) {
        add(c, 1);
    }

    void add(Count c, long more) {
        int i = c.index;
        values[i] += more;
        if (c.words == 1 && values[i] > STUCK) {
            values[i] = STUCK;
        }
    }

    /** Counts a frame by its size, check sequence included. */
    void addSize(Count smallest, int bytes) {
        int i = 0;
        while (i < SIZES.length && bytes > SIZES[i]) {
            i++;
        }
        add(ALL.get(smallest.index + i));
    }

    /** All values, without clearing them. */
    Map<String, Long> values() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Count c : ALL) {
            all.put(c.name, values[c.index]);
        }
        return all;
    }
}
