// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPacket;

/** What registers say of all packets that are sent, 8.12.10 and 8.2.3. */
record IgbModelTxSettings(RegisterFile regs) implements TransmitPacket.Settings {
    private static final int FLAGS = 0xfff;

    @Override
    public int firstFlags() {
        return regs.get(DTXTCPFLGL) & FLAGS;
    }

    @Override
    public int middleFlags() {
        return regs.get(DTXTCPFLGL) >>> 16 & FLAGS;
    }

    @Override
    public int lastFlags() {
        return regs.get(DTXTCPFLGH) & FLAGS;
    }

    @Override
    public int tagOffset() {
        return (regs.get(CTRL_EXT) & CTRL_EXT_EXTENDED_VLAN) != 0 ? 16 : 12;
    }

    @Override
    public int tagType() {
        return regs.get(VET) & 0xffff;
    }
}
