// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.I2cMemory;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.SfpMemory;

/** A cage with an SFP module: its wires in ESDP, 8.2.3.1.4, its memory behind I2CCTL, 8.2.3.1.5. */
final class IxgbeModelSfp extends IxgbeModelSerial {
    private static final int PRESENT = 1 << 2;
    private static final int TX_DISABLE = 1 << 3;
    private static final int CLOCK_IN = 1;
    private static final int CLOCK_OUT = 1 << 1;
    private static final int DATA_IN = 1 << 2;
    private static final int DATA_OUT = 1 << 3;

    private final RegisterFile regs;
    private final I2cMemory memory = new I2cMemory(SfpMemory.shortRange());
    private boolean plugged = true;

    IxgbeModelSfp(IxgbeModel model) {
        super(model);
        regs = model.registers();
        regs.initial(I2CCTL, CLOCK_OUT | DATA_OUT)
                .writable(I2CCTL, CLOCK_OUT | DATA_OUT)
                .onWrite(I2CCTL, (_, _, written) -> lines(written))
                .onRead(I2CCTL, (_, stored) -> sense(stored))
                .onRead(ESDP, (_, stored) -> plugged ? stored | PRESENT : stored & ~PRESENT);
    }

    /** Plugs the module in or out. */
    void setPlugged(boolean in) {
        plugged = in;
    }

    private int lines(int written) {
        memory.lines((written & CLOCK_OUT) != 0, (written & DATA_OUT) != 0);
        return written;
    }

    private int sense(int stored) {
        boolean clock = (stored & CLOCK_OUT) != 0;
        boolean data = plugged ? memory.data() : (stored & DATA_OUT) != 0;
        return stored | (clock ? CLOCK_IN : 0) | (data ? DATA_IN : 0);
    }

    @Override
    public boolean ready() {
        return plugged && (regs.get(ESDP) & TX_DISABLE) == 0;
    }
}
