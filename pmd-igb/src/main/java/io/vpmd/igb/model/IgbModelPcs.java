// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

/** The physical coding sublayer of a fibre port: 1000BASE-X with a partner that negotiates. */
final class IgbModelPcs {
    private static final long NEGOTIATION_NANOS = 2_000_000;
    /* Full duplex, both kinds of pause, acknowledged: IEEE 802.3 table 37-1. */
    private static final int PARTNER = 0x41a0;

    private final IgbModel model;
    private final RegisterFile regs;
    private boolean light;
    private boolean ready;
    private long doneAt;

    IgbModelPcs(IgbModel model) {
        this.model = model;
        this.regs = model.registers();
        regs.onRead(PCS_LSTAT, (_, _) -> status());
        regs.onRead(PCS_LPAB, (_, _) -> negotiated() ? PARTNER : 0);
        regs.onWrite(PCS_LCTL, (_, _, written) -> control(written));
    }

    private int control(int written) {
        if ((written & PCS_LCTL_AN_RESTART) != 0) {
            begin();
        }
        return written & ~PCS_LCTL_AN_RESTART;
    }

    private void begin() {
        doneAt = model.clock().nanos() + NEGOTIATION_NANOS;
    }

    /** Light comes in when the cable is there, and goes out when the laser is on. */
    void setLight(boolean in) {
        light = in;
        boolean now = light && powered();
        if (now && !ready) {
            begin();
        }
        ready = now;
    }

    private boolean powered() {
        boolean laser = (regs.get(CTRL_EXT) & CTRL_EXT_SDP3_DATA) == 0;
        return laser && (regs.get(PCS_CFG) & PCS_CFG_PCS_EN) != 0;
    }

    private boolean negotiated() {
        boolean wanted = (regs.get(PCS_LCTL) & PCS_LCTL_AN_ENABLE) != 0;
        return wanted && light && powered() && model.clock().nanos() - doneAt >= 0;
    }

    boolean up() {
        boolean forced = (regs.get(PCS_LCTL) & PCS_LCTL_FSD) != 0;
        return negotiated() || (forced && light && powered());
    }

    private int status() {
        int sync = light && powered() ? PCS_LSTAT_SYNC_OK : 0;
        int link = PCS_LSTAT_LINK_OK | PCS_LSTAT_SPEED_1000 | PCS_LSTAT_DUPLEX_FULL;
        return sync | (up() ? link : 0) | (negotiated() ? PCS_LSTAT_AN_COMPLETE : 0);
    }
}
