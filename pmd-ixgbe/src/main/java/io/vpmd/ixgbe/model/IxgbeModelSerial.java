// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

/** The MAC's own lanes, whose mode and speed AUTOC says, 8.2.3.22.19. */
class IxgbeModelSerial implements IxgbeModelMedia {
    private static final int LMS_SHIFT = 13;
    private static final int LMS_1G = 0;
    private static final int LMS_10G = 1;
    private static final int LMS_1G_AN = 2;
    private static final int LMS_10G_SERIAL = 3;
    private static final int KX4 = 1 << 31;
    private static final int KX = 1 << 30;
    private static final int KR = 1 << 16;

    private final RegisterFile regs;

    IxgbeModelSerial(IxgbeModel model) {
        regs = model.registers();
        // Nobody is at the MDIO bus.
        regs.onWrite(MSCA, (_, _, written) -> written & ~MSCA_COMMAND)
                .onRead(MSRWD, (_, stored) -> stored | 0xffff_0000);
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public int speedBits() {
        int autoc = regs.get(AUTOC);
        return switch (autoc >>> LMS_SHIFT & 7) {
            case LMS_1G, LMS_1G_AN -> LINKS_SPEED_1G;
            case LMS_10G, LMS_10G_SERIAL -> LINKS_SPEED_10G;
            default ->
                    (autoc & (KX4 | KR)) != 0
                            ? LINKS_SPEED_10G
                            : (autoc & KX) != 0 ? LINKS_SPEED_1G : 0;
        };
    }
}
