// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.I2cMemory;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.SfpMemory;

import org.jspecify.annotations.Nullable;

/**
 * A cage for an SFP module: its wires in ESDP, 8.2.3.1.4, its memory behind I2CCTL, 8.2.3.1.5. SDP2
 * tells that a module is there; when it rises while it is an input, that is an interrupt cause
 * where GPIE lets it be one. A module that goes takes the link along.
 */
final class IxgbeModelSfp extends IxgbeModelSerial {
    private static final int PRESENT = 1 << 2;
    private static final int TX_DISABLE = 1 << 3;
    private static final int CLOCK_IN = 1;
    private static final int CLOCK_OUT = 1 << 1;
    private static final int DATA_IN = 1 << 2;
    private static final int DATA_OUT = 1 << 3;

    private static final int SDP2_DIR = 1 << 10;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private IxgbeModelModule module = IxgbeModelModule.NONE;
    private @Nullable I2cMemory memory;

    IxgbeModelSfp(IxgbeModel model) {
        super(model);
        this.model = model;
        regs = model.registers();
        insert(IxgbeModelModule.SR);
        regs.initial(I2CCTL, CLOCK_OUT | DATA_OUT)
                .writable(I2CCTL, CLOCK_OUT | DATA_OUT)
                .onWrite(I2CCTL, (_, _, written) -> lines(written))
                .onRead(I2CCTL, (_, stored) -> sense(stored))
                .onRead(ESDP, (_, stored) -> memory != null ? stored | PRESENT : stored & ~PRESENT);
    }

    /** Takes out what is in the cage, and plugs this in. */
    @Override
    public boolean setModule(IxgbeModelModule next) {
        insert(next);
        boolean input = (regs.get(ESDP) & SDP2_DIR) == 0;
        if (memory != null && input && (regs.get(GPIE) & GPIE_SDP2) != 0) {
            model.interrupts().other(EICR_GPI_SDP2);
        }
        return true;
    }

    private void insert(IxgbeModelModule next) {
        module = next;
        SfpMemory bytes = next.memory();
        memory = bytes == null ? null : new I2cMemory(bytes);
    }

    private int lines(int written) {
        I2cMemory there = memory;
        if (there == null) {
            return written;
        }
        there.lines((written & CLOCK_OUT) != 0, (written & DATA_OUT) != 0);
        return written;
    }

    private int sense(int stored) {
        boolean clock = (stored & CLOCK_OUT) != 0;
        I2cMemory there = memory;
        boolean data = there != null ? there.data() : (stored & DATA_OUT) != 0;
        return stored | (clock ? CLOCK_IN : 0) | (data ? DATA_IN : 0);
    }

    @Override
    public boolean ready() {
        return memory != null && (regs.get(ESDP) & TX_DISABLE) == 0;
    }

    @Override
    public int speedBits() {
        int speed = super.speedBits();
        return speed == LINKS_SPEED_10G && !module.tenGigabit() ? 0 : speed;
    }
}
