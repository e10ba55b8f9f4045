// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.PauseFrame;
import io.vpmd.spi.hw.model.RegisterFile;

/** Pause frames both ways, 3.7.7: with MFLCN.RFCE they are obeyed, with FCCFG.TFCE sent. */
final class IxgbeModelFlowControl {
    private static final int THRESHOLD = 0x0007_ffe0;
    private static final int CRC = 4;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final byte[] frame = new byte[PauseFrame.LENGTH];
    private long transmitAgainAt;
    private boolean stopped;
    private boolean pausedPartner;

    IxgbeModelFlowControl(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        regs.onRead(TFCS, (_, _) -> paused() ? TFCS_TXOFF : 0);
    }

    void reset() {
        stopped = false;
        pausedPartner = false;
    }

    /** Whether the partner has asked for silence. */
    boolean paused() {
        stopped = stopped && model.clock().nanos() - transmitAgainAt < 0;
        return stopped;
    }

    /** Obeys and counts a pause frame; whether an arriving frame ends in the MAC. */
    boolean control(byte[] bytes, int length) {
        if (!PauseFrame.control(bytes, 0, length)) {
            return false;
        }
        int mflcn = regs.get(MFLCN);
        if (!PauseFrame.pause(bytes, 0)) {
            return (mflcn & MFLCN_PMCF) == 0;
        }
        int quanta = PauseFrame.quanta(bytes, 0);
        model.stats().add(quanta == 0 ? IxgbeModelStats.LXONRXCNT : IxgbeModelStats.LXOFFRXCNT);
        if ((mflcn & MFLCN_RFCE) != 0) {
            stopped = quanta != 0;
            transmitAgainAt = model.clock().nanos() + (long) (quanta * model.link().quantumNanos());
        }
        return (mflcn & MFLCN_DPF) != 0;
    }

    /** Asks the partner for silence, or to go on, as the packet buffer fills and empties. */
    int turn() {
        int fcrth = regs.get(FCRTH, 0);
        if ((regs.get(FCCFG) & FCCFG_TFCE) == 0 || (fcrth & FCRTH_FCEN) == 0) {
            return 0;
        }
        int used = model.rx().waiting();
        int low = regs.get(FCRTL, 0) & THRESHOLD;
        if (!pausedPartner && used >= (fcrth & THRESHOLD)) {
            return send(true);
        }
        if (pausedPartner && used <= low) {
            return send(false);
        }
        return 0;
    }

    /** Sent pause frames are counted among all others, which drivers have to subtract. */
    private int send(boolean pause) {
        pausedPartner = pause;
        if (!pause && (regs.get(FCRTL, 0) & FCRTL_XONE) == 0) {
            return 0;
        }
        int quanta = pause ? regs.get(FCTTV, 0) & 0xffff : 0;
        PauseFrame.fill(frame, regs.get(RAL, 0), regs.get(RAH, 0), quanta);
        model.wire().send(frame, 0, frame.length);
        model.stats().add(pause ? IxgbeModelStats.LXOFFTXC : IxgbeModelStats.LXONTXC);
        model.tx().count(frame, frame.length + CRC);
        return 1;
    }
}
