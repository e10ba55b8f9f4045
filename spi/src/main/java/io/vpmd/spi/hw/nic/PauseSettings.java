// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.FlowControl;

/** Pause frames: what is offered to the partner, what holds, and the thresholds. */
public abstract class PauseSettings implements FlowControl {
    /** Received pause frames stop the transmitter. */
    public static final int RECEIVE = 1;

    /** Pause frames may be sent. */
    public static final int SEND = 2;

    /** Of an advertisement: pauses both ways. */
    public static final int SYMMETRIC = 1;

    /** Of an advertisement: pauses in one direction. */
    public static final int ASYMMETRIC = 2;

    private static final int LONG_FRAME = 1518;
    private static final int LOW_BELOW_HIGH = 1500;
    private static final int DEFAULT_QUANTA = 0x680;
    private static final int KB = 1024;

    private final NicPort port;
    private final int most;
    private Pause wanted;

    /**
     * No pause frames, with thresholds that go with the buffer: room for two more frames, one on
     * the wire and one that the partner has begun.
     *
     * @param unit thresholds are multiples of it, in bytes
     * @param maxThreshold that the registers can hold, in bytes
     */
    protected PauseSettings(NicPort port, int bufferKilobytes, int unit, int maxThreshold) {
        this.port = port;
        this.most = Math.min(maxThreshold, bufferKilobytes * KB);
        int bytes = bufferKilobytes * KB - 2 * LONG_FRAME;
        int high = Math.clamp(bytes, 2 * LOW_BELOW_HIGH, maxThreshold) & -unit;
        wanted = new Pause(false, false, false, high, high - LOW_BELOW_HIGH, DEFAULT_QUANTA);
    }

    /** Writes thresholds and times of {@code wanted}, and whether frames are sent and obeyed. */
    protected abstract void write(Pause wanted, Pause active);

    /** Offers pause frames to the partner; negotiates anew. */
    protected abstract void advertise(boolean receive, boolean send);

    /** What both sides agreed on, of {@link #RECEIVE} and {@link #SEND}. */
    protected abstract int agreed();

    /** Table 28B-3 of IEEE 802.3: what two advertisements agree on. */
    public static int resolve(int own, int partner) {
        if ((own & partner & SYMMETRIC) != 0) {
            return RECEIVE | SEND;
        }
        if ((own & partner & ASYMMETRIC) == 0) {
            return 0;
        }
        return (partner & SYMMETRIC) != 0 ? SEND : (own & SYMMETRIC) != 0 ? RECEIVE : 0;
    }

    /** Annex 28B: receiving is symmetric with a choice, sending alone is asymmetric. */
    public static int advertisement(boolean receive, boolean send) {
        return (receive ? SYMMETRIC : 0) | (receive != send ? ASYMMETRIC : 0);
    }

    /** Writes all that was set; when the link has come up, again. */
    public final void apply() {
        write(wanted, active());
    }

    /** A full queue must not drop what a pause frame could hold back. */
    public final boolean dropsNothing() {
        return active().send();
    }

    private Pause active() {
        if (!wanted.negotiated()) {
            return wanted;
        }
        int both = agreed();
        return new Pause(
                true,
                wanted.receive() && (both & RECEIVE) != 0,
                wanted.send() && (both & SEND) != 0,
                wanted.highWaterBytes(),
                wanted.lowWaterBytes(),
                wanted.pauseQuanta());
    }

    @Override
    public final Pause pause() {
        return port.query("pause", () -> wanted);
    }

    @Override
    public final Pause activePause() {
        return port.query("activePause", this::active);
    }

    @Override
    public final void setPause(Pause pause) {
        port.control(
                "setPause",
                () -> {
                    check(pause);
                    boolean offered = pause.negotiated() != wanted.negotiated();
                    offered |= pause.receive() != wanted.receive() || pause.send() != wanted.send();
                    wanted = pause;
                    if (offered) {
                        advertise(
                                pause.negotiated() && pause.receive(),
                                pause.negotiated() && pause.send());
                    }
                    apply();
                });
    }

    private void check(Pause pause) {
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
