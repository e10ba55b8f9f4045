// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.feature.Led;
import io.vpmd.spi.hw.Registers;

/** The four lights, LEDCTL: 8 bits each. */
final class IgbLed implements Led {
    /* Mode 1110b is on, bit 7 makes it blink. */
    private static final int BLINK_ALL = 0x8e8e_8e8e;

    private final IgbPort port;
    private final Registers regs;
    private boolean blinking;
    private int usual;

    IgbLed(IgbPort port, Registers regs) {
        this.port = port;
        this.regs = regs;
    }

    @Override
    public void identify(boolean on) {
        port.control(
                "identify",
                () -> {
                    if (on && !blinking) {
                        usual = regs.read(LEDCTL);
                        regs.write(LEDCTL, BLINK_ALL);
                    } else if (!on && blinking) {
                        regs.write(LEDCTL, usual);
                    }
                    blinking = on;
                });
    }
}
