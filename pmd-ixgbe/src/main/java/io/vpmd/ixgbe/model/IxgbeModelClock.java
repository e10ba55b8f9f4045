// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.RegisterFile;

/**
 * IEEE 1588, 7.9: SYSTIM, which counts as TIMINCA says, and the stamps of event packets of version
 * 2 over Ethernet and over UDP without options or tags. A stamp stays until its high half is read.
 */
final class IxgbeModelClock {
    private static final int VALID = 1;
    private static final int ENABLE = 1 << 4;
    private static final int TYPE = 7 << 1;
    private static final int TYPE_EVENT_V2 = 5 << 1;
    private static final int ETQF_ENABLE = 1 << 31;
    private static final int ETQF_1588 = 1 << 30;
    private static final int PTP = 0x88f7;
    private static final int UDP = 17;
    private static final int DISABLE_SYSTIM = 1 << 31;
    private static final int SLOWER = 1 << 31;
    private static final int INCREMENT_82599 = 0x00ff_ffff;
    private static final double X550_PERIOD = 12.5 * (1L << 32);
    private static final long SECOND = 1_000_000_000L;

    private final IxgbeModel model;
    private final RegisterFile regs;
    /* The count, or nanoseconds on the X550, at a time of the model. */
    private double count;
    private long countedAt;
    private int high;

    IxgbeModelClock(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        regs.onRead(SYSTIMR, (_, _) -> 0)
                .onRead(SYSTIML, (_, _) -> low())
                .onRead(SYSTIMH, (_, _) -> high)
                .onWrite(SYSTIML, (_, _, bits) -> set(bits & 0xffff_ffffL, upper()))
                .onWrite(SYSTIMH, (_, _, bits) -> set(lower(), bits & 0xffff_ffffL))
                .onWrite(TIMINCA, (_, _, bits) -> moved(bits))
                .onWrite(TSAUXC, (_, _, bits) -> moved(bits))
                .onWrite(TSYNCRXCTL, (_, stored, bits) -> (stored & VALID) | (bits & ~VALID))
                .onWrite(TSYNCTXCTL, (_, stored, bits) -> (stored & VALID) | (bits & ~VALID))
                .onRead(RXSTMPH, (_, stored) -> taken(TSYNCRXCTL, stored))
                .onRead(TXSTMPH, (_, stored) -> taken(TSYNCTXCTL, stored));
    }

    void reset() {
        count = 0;
        countedAt = model.clock().nanos();
    }

    private boolean seconds() {
        return model.chip().firmware();
    }

    /** What is added in a nanosecond. */
    private double perNano() {
        int timinca = regs.get(TIMINCA);
        if (seconds()) {
            double more = (timinca & ~SLOWER) * (timinca < 0 ? -1.0 : 1.0) / X550_PERIOD;
            return (regs.get(TSAUXC) & DISABLE_SYSTIM) != 0 ? 0 : 1 + more;
        }
        double period = model.link().clockNanos();
        return model.chip().registerLock()
                ? (timinca & 0xffff_ffffL) / period
                : (timinca & INCREMENT_82599) / period / Math.max(timinca >>> 24, 1);
    }

    private int moved(int written) {
        move();
        return written;
    }

    private void move() {
        long now = model.clock().nanos();
        count += (now - countedAt) * perNano();
        countedAt = now;
    }

    private long bits() {
        move();
        long whole = (long) count;
        return seconds() ? (whole / SECOND) << 32 | whole % SECOND : whole;
    }

    private long lower() {
        return bits() & 0xffff_ffffL;
    }

    private long upper() {
        return bits() >>> 32;
    }

    private int set(long low, long upper) {
        countedAt = model.clock().nanos();
        count = seconds() ? (double) upper * SECOND + low : (double) upper * (1L << 32) + low;
        return 0;
    }

    private int low() {
        long now = bits();
        high = (int) (now >>> 32);
        return (int) now;
    }

    private int taken(Register control, int stored) {
        regs.change(control, VALID, 0);
        return stored;
    }

    /** A frame has arrived. */
    void received(byte[] frame, int length) {
        int control = regs.get(TSYNCRXCTL);
        if ((control & ENABLE) != 0 && (control & TYPE) == TYPE_EVENT_V2 && event(frame, length)) {
            stamp(TSYNCRXCTL, RXSTMPL, RXSTMPH);
        }
    }

    /** A packet that asks for it is being sent. */
    void sent() {
        if ((regs.get(TSYNCTXCTL) & ENABLE) != 0) {
            stamp(TSYNCTXCTL, TXSTMPL, TXSTMPH);
        }
    }

    private void stamp(Register control, Register low, Register upper) {
        if ((regs.get(control) & VALID) == 0) {
            long now = bits();
            regs.set(low, (int) now);
            regs.set(upper, (int) (now >>> 32));
            regs.change(control, 0, VALID);
        }
    }

    private boolean event(byte[] frame, int length) {
        int type = u16(frame, 12);
        if (filtered(type)) {
            return (frame[14] & 0xf) < 4;
        }
        return type == 0x0800
                && length > 42
                && frame[14] == 0x45
                && frame[23] == UDP
                && u16(frame, 36) == regs.get(RXMTRL) >>> 16
                && (frame[42] & 0xf) < 4;
    }

    private boolean filtered(int type) {
        int wanted = ETQF_ENABLE | ETQF_1588 | PTP;
        for (int i = 0; i < ETQF.count(); i++) {
            if (type == PTP && (regs.get(ETQF, i) & wanted) == wanted) {
                return true;
            }
        }
        return false;
    }

    private static int u16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }
}
