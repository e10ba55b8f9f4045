// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.PauseFrame;
import io.vpmd.spi.hw.model.RegisterFile;

/** Pause frames both ways, 3.5.5: with CTRL.RFCE they are obeyed, with TFCE sent. */
final class IgbModelFlowControl {
    private static final int ADDRESS_LOW = 0x00c2_8001;
    private static final int ADDRESS_HIGH = 0x0100;
    private static final int TYPE = 0x8808;
    private static final int THRESHOLD = 0xfff0;
    private static final int XON_ENABLE = 1 << 31;

    private final IgbModel model;
    private final RegisterFile regs;
    private final byte[] frame = new byte[PauseFrame.LENGTH];
    private long transmitAgainAt;
    private boolean stopped;
    private boolean pausedPartner;

    IgbModelFlowControl(IgbModel model) {
        this.model = model;
        regs = model.registers();
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

    /** Whether an arriving frame is a pause frame, which is obeyed and counted here. */
    boolean control(byte[] bytes, int length) {
        if (!addressed() || !PauseFrame.control(bytes, 0, length)) {
            return false;
        }
        boolean enabled = (regs.get(CTRL) & CTRL_RFCE) != 0;
        if (!enabled || !PauseFrame.pause(bytes, 0)) {
            model.stats().add(IgbModelStats.FCRUC);
            return true;
        }
        int quanta = PauseFrame.quanta(bytes, 0);
        model.stats().add(quanta == 0 ? IgbModelStats.XONRXC : IgbModelStats.XOFFRXC);
        stopped = quanta != 0;
        transmitAgainAt = model.clock().nanos() + (long) quanta * PauseFrame.QUANTUM_NANOS;
        return true;
    }

    /** Frames are known by these registers, which software is to set to what IEEE 802.3 has. */
    private boolean addressed() {
        return regs.get(FCAL) == ADDRESS_LOW
                && regs.get(FCAH) == ADDRESS_HIGH
                && regs.get(FCT) == TYPE;
    }

    /** Asks the partner for silence, or to go on, as the packet buffer fills and empties. */
    int turn() {
        int high = regs.get(FCRTH0) & THRESHOLD;
        if ((regs.get(CTRL) & CTRL_TFCE) == 0 || high == 0) {
            return 0;
        }
        int used = model.rx().waiting();
        int low = regs.get(FCRTL0) & THRESHOLD;
        if (!pausedPartner && used >= high) {
            return send(true);
        }
        if (pausedPartner && used <= low) {
            return send(false);
        }
        return 0;
    }

    private int send(boolean pause) {
        pausedPartner = pause;
        boolean told = pause || (regs.get(FCRTL0) & XON_ENABLE) != 0;
        if (!told) {
            return 0;
        }
        if (!addressed()) {
            model.violations().add("pause frames without FCAL, FCAH and FCT");
        }
        int quanta = pause ? regs.get(FCTTV) & 0xffff : 0;
        PauseFrame.fill(frame, regs.get(RAL, 0), regs.get(RAH, 0), quanta);
        model.wire().send(frame, 0, frame.length);
        model.stats().add(pause ? IgbModelStats.XOFFTXC : IgbModelStats.XONTXC);
        return 1;
    }
}
