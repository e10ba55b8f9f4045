// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

/** Pause frames both ways, 3.5.5: with CTRL.RFCE they are obeyed, with TFCE sent. */
final class IgbModelFlowControl {
    private static final int LENGTH = 60;
    private static final int PAUSE = 1;
    private static final int QUANTUM_NANOS = 512;
    private static final int THRESHOLD = 0xfff0;
    private static final int XON_ENABLE = 1 << 31;

    private final IgbModel model;
    private final RegisterFile regs;
    private final byte[] frame = new byte[LENGTH];
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
        if (length < 18 || word16(bytes, 12) != regs.get(FCT) || !toPauseAddress(bytes)) {
            return false;
        }
        boolean enabled = (regs.get(CTRL) & CTRL_RFCE) != 0;
        if (!enabled || word16(bytes, 14) != PAUSE) {
            model.stats().add(IgbModelStats.FCRUC);
            return true;
        }
        int quanta = word16(bytes, 16);
        model.stats().add(quanta == 0 ? IgbModelStats.XONRXC : IgbModelStats.XOFFRXC);
        stopped = quanta != 0;
        transmitAgainAt = model.clock().nanos() + (long) quanta * QUANTUM_NANOS;
        return true;
    }

    private boolean toPauseAddress(byte[] bytes) {
        int low = regs.get(FCAL);
        int high = regs.get(FCAH);
        for (int i = 0; i < 6; i++) {
            int expected = i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4));
            if (bytes[i] != (byte) expected) {
                return false;
            }
        }
        return true;
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
        int low = regs.get(FCAL);
        int high = regs.get(FCAH);
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4)));
            int own = i < 4 ? regs.get(RAL, 0) : regs.get(RAH, 0);
            frame[6 + i] = (byte) (own >>> (8 * (i % 4)));
        }
        put16(12, regs.get(FCT));
        put16(14, PAUSE);
        put16(16, pause ? regs.get(FCTTV) & 0xffff : 0);
        model.wire().send(frame, 0, LENGTH);
        model.stats().add(pause ? IgbModelStats.XOFFTXC : IgbModelStats.XONTXC);
        return 1;
    }

    private void put16(int at, int value) {
        frame[at] = (byte) (value >>> 8);
        frame[at + 1] = (byte) value;
    }

    private static int word16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
