// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.FlowControl;
import io.vpmd.spi.hw.Registers;

/** Pause frames, 3.5.5: what is offered to the partner, what holds, and the thresholds. */
final class IgbFlowControl implements FlowControl {
    private static final int LONG_FRAME = 1518;
    private static final int LOW_BELOW_HIGH = 1500;
    private static final int DEFAULT_QUANTA = 0x680;
    /* Thresholds are multiples of 16 bytes. */
    private static final int UNIT = 16;
    private static final int MAX_THRESHOLD = 0xfff0;
    private static final int KB = 1024;
    /* Kilobytes that the code in RXPBS stands for on 82580, I350 and I354. */
    private static final int[] SIZES = {36, 72, 144, 1, 2, 4, 8, 16, 35, 70, 140};

    private final IgbPort port;
    private final Registers regs;
    private final IgbChip chip;
    private final IgbLink link;
    private Pause wanted;

    IgbFlowControl(IgbPort port, Registers regs, IgbChip chip, IgbLink link) {
        this.port = port;
        this.regs = regs;
        this.chip = chip;
        this.link = link;
        int high = highest();
        wanted = new Pause(false, false, false, high, high - LOW_BELOW_HIGH, DEFAULT_QUANTA);
    }

    /** Room for two more frames: one on the wire and one that the partner has begun. */
    private int highest() {
        int bytes = bufferKilobytes() * KB - 2 * LONG_FRAME;
        return Math.clamp(bytes, 2 * LOW_BELOW_HIGH, MAX_THRESHOLD) & -UNIT;
    }

    private int bufferKilobytes() {
        int code = regs.read(RXPBS);
        return switch (chip) {
            case E82576 -> code & 0x7f;
            case I210, I211 -> code & 0x3f;
            default -> SIZES[Math.min(code & 0xf, SIZES.length - 1)];
        };
    }

    /** Writes all that was set; when the link has come up, again. */
    void apply() {
        Pause active = active();
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

    /** A full queue must not drop what a pause frame could hold back. */
    boolean dropsNothing() {
        return active().send();
    }

    private Pause active() {
        if (!wanted.negotiated()) {
            return wanted;
        }
        int both = link.agreedPause();
        return new Pause(
                true,
                wanted.receive() && (both & IgbLink.PAUSE_RECEIVE) != 0,
                wanted.send() && (both & IgbLink.PAUSE_SEND) != 0,
                wanted.highWaterBytes(),
                wanted.lowWaterBytes(),
                wanted.pauseQuanta());
    }

    @Override
    public Pause pause() {
        return port.query("pause", () -> wanted);
    }

    @Override
    public Pause activePause() {
        return port.query("activePause", this::active);
    }

    @Override
    public void setPause(Pause pause) {
        port.control(
                "setPause",
                () -> {
                    check(pause);
                    boolean offered = pause.negotiated() != wanted.negotiated();
                    offered |= pause.receive() != wanted.receive() || pause.send() != wanted.send();
                    wanted = pause;
                    if (offered) {
                        link.advertisePause(
                                pause.negotiated() && pause.receive(),
                                pause.negotiated() && pause.send());
                    }
                    apply();
                });
    }

    private void check(Pause pause) {
        int most = Math.min(MAX_THRESHOLD, bufferKilobytes() * KB);
        boolean right =
                pause.lowWaterBytes() > 0
                        && pause.lowWaterBytes() < pause.highWaterBytes()
                        && pause.highWaterBytes() <= most;
        if (!right) {
            throw new PortException(
                    "setPause",
                    port.name(),
                    "thresholds "
                            + pause.lowWaterBytes()
                            + " and "
                            + pause.highWaterBytes()
                            + " bytes are not in order",
                    "pass 0 < low < high <= " + most);
        }
        if (pause.pauseQuanta() < 0 || pause.pauseQuanta() > 0xffff) {
            throw new PortException(
                    "setPause",
                    port.name(),
                    "a pause of " + pause.pauseQuanta() + " units does not fit in a frame",
                    "pass at most 65535");
        }
    }
}
