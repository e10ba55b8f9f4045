// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.Clause45Phy;
import io.vpmd.spi.hw.model.RegisterFile;

/** The copper PHY of X540 and X550 behind MSCA and MSRWD, 8.2.3.22.11 of the X540's sheet. */
final class IxgbeModelCopper implements IxgbeModelMedia {
    private static final long NEGOTIATION_NANOS = 5_000_000;
    private static final long MDI_NANOS = 10_000;
    private static final int PHY_ADDRESS = 0;
    private static final int CODE = 0x0c00_0000;
    private static final int CODE_ADDRESS = 0x0000_0000;
    private static final int CODE_WRITE = 0x0400_0000;
    private static final int NOBODY = 0xffff;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Clause45Phy phy;
    private int register;
    private long readyAt;

    IxgbeModelCopper(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        phy = new Clause45Phy(model.clock(), model.chip().phyId(), NEGOTIATION_NANOS);
        regs.onWrite(MSCA, (_, _, written) -> command(written))
                .onRead(MSCA, (_, stored) -> answer(stored));
    }

    private int command(int written) {
        if ((written & MSCA_COMMAND) == 0) {
            return written;
        }
        readyAt = model.clock().nanos() + MDI_NANOS;
        int device = written >>> 16 & 0x1f;
        boolean mine = (written >>> 21 & 0x1f) == PHY_ADDRESS;
        switch (written & CODE) {
            case CODE_ADDRESS -> register = written & 0xffff;
            case CODE_WRITE -> {
                if (mine) {
                    phy.write(device, register, regs.get(MSRWD) & 0xffff);
                }
            }
            default -> {
                int value = mine ? phy.read(device, register) : NOBODY;
                regs.set(MSRWD, (regs.get(MSRWD) & 0xffff) | value << 16);
            }
        }
        return written & ~MSCA_COMMAND;
    }

    private int answer(int stored) {
        boolean done =
                !model.has(IxgbeFault.DEAD_PHY) && model.clock().nanos() - readyAt >= 0;
        return done ? stored : stored | MSCA_COMMAND;
    }

    @Override
    public void setCable(boolean in) {
        phy.setCable(in);
    }

    @Override
    public boolean ready() {
        return phy.up();
    }

    @Override
    public int speedBits() {
        return switch (phy.speedMbps()) {
            case 10_000 -> LINKS_SPEED_10G;
            case 1_000 -> LINKS_SPEED_1G;
            case 100 -> LINKS_SPEED_100;
            default -> 0;
        };
    }
}
