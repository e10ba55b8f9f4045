// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.SfpMemory;

/** The cage of a fibre port with an SFP module in it, behind the I2C master I2CCMD. */
final class IgbModelModule {
    /* Five bytes at 100 kHz, with their acknowledgements. */
    private static final long READ_NANOS = 450_000;
    private static final int COMMAND = 0x5fff_ffff;

    private final IgbModel model;
    private final RegisterFile regs;
    private final SfpMemory memory = SfpMemory.shortWave();
    private boolean plugged;
    private long readyAt;

    IgbModelModule(IgbModel model) {
        this.model = model;
        this.regs = model.registers();
        this.plugged = model.chip().fiber();
        regs.writable(I2CCMD, COMMAND)
                .onWrite(I2CCMD, (_, _, written) -> exchange(written))
                .onRead(I2CCMD, (_, stored) -> answer(stored));
    }

    void setPlugged(boolean in) {
        plugged = in;
    }

    private int exchange(int written) {
        readyAt = model.clock().nanos() + READ_NANOS;
        int device = (written >>> 24) & 7;
        int ctrl = regs.get(CTRL_EXT);
        boolean on = (ctrl & CTRL_EXT_I2C_ENA) != 0 && (ctrl & CTRL_EXT_SDP3_DATA) == 0;
        if ((written & I2CCMD_OP_READ) == 0) {
            model.violations().add("I2CCMD that writes to a module");
        }
        if (!on || !plugged || device >= SfpMemory.PAGES) {
            return written | I2CCMD_READY | I2CCMD_ERROR;
        }
        int word = memory.word(device, (written >>> 16) & 0xff);
        return (written & 0x0fff_0000) | I2CCMD_READY | word;
    }

    private int answer(int stored) {
        boolean ready = model.clock().nanos() - readyAt >= 0;
        return ready ? stored : stored & ~I2CCMD_READY;
    }
}
