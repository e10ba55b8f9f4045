// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.SfpModule;

import java.util.OptionalInt;
import java.util.function.Supplier;

/** The SFP module of a port without copper, through the I2C master behind I2CCMD. */
final class IgbModule extends SfpModule {
    private static final int TIMEOUT_MICROS = 10_000;

    private final IgbPort port;
    private final Registers regs;
    private final IgbSemaphores semaphores;

    IgbModule(IgbPort port, IgbDevice device) {
        super(port.name());
        this.port = port;
        this.regs = device.regs();
        this.semaphores = device.semaphores();
    }

    /** Whether the pins go to a cage: they may be the MDIO interface of a PHY outside. */
    static boolean possible(IgbDevice device) {
        IgbChip.Model model = device.model();
        boolean oldest = model.chip().has(Trait.MDIC_PINS);
        int pins = device.regs().read(oldest ? MDIC : MDICNFG);
        int mdio = oldest ? MDIC_DESTINATION : MDICNFG_EXT_MDIO;
        return model.media() != IgbChip.Media.COPPER && (pins & mdio) == 0;
    }

    @Override
    protected <T> T withPins(String operation, Supplier<T> reads) {
        return port.query(
                operation,
                () -> {
                    int before = regs.read(CTRL_EXT) & CTRL_EXT_I2C_ENA;
                    regs.change(CTRL_EXT, 0, CTRL_EXT_I2C_ENA);
                    try {
                        return reads.get();
                    } finally {
                        regs.change(CTRL_EXT, CTRL_EXT_I2C_ENA, before);
                    }
                });
    }

    /** I2CCMD has the three bits of the address in which modules differ from A0h. */
    @Override
    protected OptionalInt word(String operation, int address, int offset) {
        int device = (address >>> 1) & I2CCMD_PHYADD_MASK;
        int command = I2CCMD_READ | device << I2CCMD_PHYADD_SHIFT | offset << I2CCMD_REGADD_SHIFT;
        int answer = semaphores.withPhy(operation, () -> exchange(operation, command));
        boolean acknowledged = (answer & I2CCMD_ERROR) == 0;
        return acknowledged ? OptionalInt.of(answer & 0xffff) : OptionalInt.empty();
    }

    private int exchange(String operation, int command) {
        regs.write(I2CCMD, command);
        regs.await(
                operation,
                I2CCMD,
                0,
                I2CCMD_READY,
                I2CCMD_READY,
                TIMEOUT_MICROS,
                "the I2C bus of its module");
        return regs.read(I2CCMD);
    }
}
