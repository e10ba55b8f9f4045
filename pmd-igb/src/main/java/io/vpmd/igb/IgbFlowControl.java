// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.PauseSettings;

/** Pause frames, 3.5.5. */
final class IgbFlowControl extends PauseSettings {
    /* Thresholds are multiples of 16 bytes. */
    private static final int UNIT = 16;
    private static final int MAX_THRESHOLD = 0xfff0;
    /* Kilobytes that the code in RXPBS stands for on 82580, I350 and I354. */
    private static final int[] SIZES = {36, 72, 144, 1, 2, 4, 8, 16, 35, 70, 140};

    private final Registers regs;
    private final IgbLink link;

    IgbFlowControl(NicPort port, Registers regs, IgbChip chip, IgbLink link) {
        super(port, bufferKilobytes(regs, chip), UNIT, MAX_THRESHOLD);
        this.regs = regs;
        this.link = link;
    }

    private static int bufferKilobytes(Registers regs, IgbChip chip) {
        int code = regs.read(RXPBS);
        return switch (chip) {
            case E82576 -> code & 0x7f;
            case I210, I211 -> code & 0x3f;
            default -> SIZES[Math.min(code & 0xf, SIZES.length - 1)];
        };
    }

    @Override
    protected void write(Pause wanted, Pause active) {
        regs.write(FCTTV, wanted.pauseQuanta());
        // The refresh, in the same units: a partner that is stopped is told again in time.
        regs.write(FCRTV, wanted.pauseQuanta() / 2);
        int xon = active.send() ? FCRTL_XONE : 0;
        regs.write(FCRTL0, active.send() ? (wanted.lowWaterBytes() & -UNIT) | xon : 0);
        regs.write(FCRTH0, active.send() ? wanted.highWaterBytes() & -UNIT : 0);
        regs.change(
                CTRL,
                CTRL_RFCE | CTRL_TFCE,
                (active.receive() ? CTRL_RFCE : 0) | (active.send() ? CTRL_TFCE : 0));
    }

    @Override
    protected void advertise(boolean receive, boolean send) {
        link.advertisePause(receive, send);
    }

    @Override
    protected int agreed() {
        return link.agreedPause();
    }
}
