// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.feature.Led;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

/** The four lights of LEDCTL, 8 bits each. */
public final class IdentifyLed implements Led {
    /* Mode 1110b is on, bit 7 makes it blink. */
    private static final int BLINK_ALL = 0x8e8e_8e8e;

    private final NicPort port;
    private final Registers regs;
    private final Register control;
    private boolean blinking;
    private int usual;

    public IdentifyLed(NicPort port, Registers regs, Register control) {
        this.port = port;
        this.regs = regs;
        this.control = control;
    }

    @Override
    public void identify(boolean on) {
        port.control(
                "identify",
                () -> {
                    if (on && !blinking) {
                        usual = regs.read(control);
                        regs.write(control, BLINK_ALL);
                    } else if (!on && blinking) {
                        regs.write(control, usual);
                    }
                    blinking = on;
                });
    }
}
