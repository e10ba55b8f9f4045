// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.PauseSettings;

/** Pause frames, 3.7.7: what is offered to the partner, what holds, and the thresholds. */
final class IxgbeFlowControl extends PauseSettings {
    /* Thresholds are multiples of 32 bytes, in 14 bits. */
    private static final int UNIT = 32;
    private static final int MAX_THRESHOLD = 0x7ffe0;

    /* Room that the chip needs for what it sends to itself. */
    private static final int SELF_KB = 24;

    private final Registers regs;
    private final IxgbeLink link;
    private final int bufferKilobytes;

    IxgbeFlowControl(NicPort port, Registers regs, IxgbeMac mac, IxgbeLink link) {
        super(port, mac.rxBufferKilobytes(), UNIT, MAX_THRESHOLD);
        this.regs = regs;
        this.link = link;
        this.bufferKilobytes = mac.rxBufferKilobytes();
    }

    @Override
    protected void write(Pause wanted, Pause active) {
        regs.change(
                MFLCN, MFLCN_RPFCE | MFLCN_RFCE, MFLCN_DPF | (active.receive() ? MFLCN_RFCE : 0));
        regs.change(FCCFG, FCCFG_TFCE, active.send() ? FCCFG_TFCE_802_3X : 0);
        // Two classes of traffic a register.
        for (int i = 0; i < FCTTV.count(); i++) {
            regs.write(FCTTV, i, wanted.pauseQuanta() | wanted.pauseQuanta() << 16);
        }
        // The refresh, in the same units: a partner that is stopped is told again in time.
        regs.write(FCRTV, wanted.pauseQuanta() / 2);
        boolean send = active.send();
        regs.write(FCRTL, 0, send ? (wanted.lowWaterBytes() & -UNIT) | FCRTL_XONE : 0);
        // Without pause frames too: what the chip sends to itself stops there, 8.2.3.3.3.
        int high = send ? wanted.highWaterBytes() & -UNIT : (bufferKilobytes - SELF_KB) * 1024;
        regs.write(FCRTH, 0, high | (send ? FCRTH_FCEN : 0));
        for (int i = 1; i < FCRTH.count(); i++) {
            regs.write(FCRTL, i, 0);
            regs.write(FCRTH, i, 0);
        }
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
