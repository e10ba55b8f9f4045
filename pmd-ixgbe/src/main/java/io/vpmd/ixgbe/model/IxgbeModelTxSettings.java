// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPacket;

/** What registers say of all packets that are sent, 8.2.3.9.2 to 8.2.3.9.4. */
record IxgbeModelTxSettings(RegisterFile regs) implements TransmitPacket.Settings {
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
        return (regs.get(DMATXCTL) & DMATXCTL_GDV) != 0 ? 16 : 12;
    }

    @Override
    public int tagType() {
        return regs.get(DMATXCTL) >>> 16;
    }
}
