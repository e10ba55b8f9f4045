// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

/** The link as LINKS and its neighbours have it, 8.2.3.22, and what STATUS says of the bus. */
final class IxgbeModelLink {
    private static final long NEGOTIATION_NANOS = 2_000_000;
    /* The state of negotiation is one that is not the first. */
    private static final int STATE = 0x0006_0000;
    /* Both kinds of pause. */
    private static final int PARTNER = 0x0c01;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final IxgbeModelMedia media;
    private long doneAt;
    private boolean cable = true;
    private boolean otherEnd;
    private boolean was;

    IxgbeModelLink(IxgbeModel model) {
        this.model = model;
        this.regs = model.registers();
        media = model.chip().media(model);
        regs.onRead(STATUS, (_, _) -> status())
                .initial(AUTOC, model.chip().autoc)
                .initial(AUTOC2, model.chip().autoc2)
                .onWrite(AUTOC, (_, _, written) -> control(written))
                .onRead(LINKS, (_, _) -> links())
                .onRead(LINKS2, (_, _) -> LINKS2_AN_SUPPORTED)
                .onRead(ANLP1, (_, _) -> STATE | (negotiated() ? PARTNER : 0))
                .onRead(FRTIMER, (_, _) -> (int) (model.clock().nanos() / 1_000));
    }

    /** Whether the cable is plugged in at this end. */
    void setCable(boolean in) {
        cable = in;
    }

    /** Changes the module; false where there is no cage. */
    boolean setModule(IxgbeModelModule module) {
        boolean changed = media.setModule(module);
        if (changed) {
            // One that is exchanged between two turns is a link that is lost all the same.
            otherEnd = false;
            linkChanged();
        }
        return changed;
    }

    /** Negotiates from the beginning. */
    void restart() {
        doneAt = model.clock().nanos() + NEGOTIATION_NANOS;
    }

    private int control(int written) {
        if ((written & AUTOC_AN_RESTART) != 0) {
            restart();
        }
        return written & ~AUTOC_AN_RESTART;
    }

    private boolean negotiated() {
        return otherEnd && model.clock().nanos() - doneAt >= 0;
    }

    /** Whether bits pass. */
    boolean up() {
        boolean forced = (regs.get(AUTOC) & AUTOC_FLU) != 0;
        return (loopback() && forced) || (negotiated() && media.speedBits() != 0);
    }

    boolean loopback() {
        return (regs.get(HLREG0) & HLREG0_LPBK) != 0;
    }

    /** Nanoseconds of a byte on the wire. */
    double byteNanos() {
        return switch (media.speedBits()) {
            case LINKS_SPEED_1G -> 8;
            case LINKS_SPEED_100 -> 80;
            default -> 0.8;
        };
    }

    /** Nanoseconds of one quantum of a pause frame: 512 bit times. */
    double quantumNanos() {
        return media.speedBits() == LINKS_SPEED_1G ? 512 : 51.2;
    }

    /** Nanoseconds from one clock of the MAC to the next. */
    double clockNanos() {
        return switch (media.speedBits()) {
            case LINKS_SPEED_1G -> 64;
            case LINKS_SPEED_100 -> 640;
            default -> 6.4;
        };
    }

    private int links() {
        return (up() ? LINKS_UP : 0) | media.speedBits() | (negotiated() ? LINKS_KX_AN_COMP : 0);
    }

    private int status() {
        boolean requests =
                (regs.get(CTRL) & CTRL_GIO_DIS) == 0 || model.has(IxgbeFault.PENDING_REQUESTS);
        return requests ? STATUS_GIO : 0;
    }

    /** Follows cable and other end; a change is an interrupt cause. */
    int turn() {
        boolean plugged = cable && model.contact() && model.wire().up();
        media.setCable(plugged);
        boolean there = plugged && media.ready();
        if (there != otherEnd) {
            otherEnd = there;
            restart();
        }
        return linkChanged();
    }

    private int linkChanged() {
        boolean now = up();
        if (now == was) {
            return 0;
        }
        was = now;
        model.interrupts().other(EICR_LSC);
        return 1;
    }
}
