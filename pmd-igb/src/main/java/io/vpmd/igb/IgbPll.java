// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

/**
 * Erratum of I210 and I211 without flash: after power-on the PLL of the PHY now and then gives a
 * wrong clock. Its frequency reads as not configured then. What helps is to reset the PHY and to
 * send the device to D3 and back while a bit more is set in the word that the iNVM loads on the
 * way; more than once when need be.
 */
final class IgbPll {
    private static final int TRIES = 5;
    private static final int PAGE_SELECT = 0x16;
    private static final int PLL_PAGE = 0xfc;
    private static final int PLL_FREQUENCY = 0x0e;
    private static final int NOT_CONFIGURED = 0xff;
    private static final int SETTLE_MICROS = 20;
    private static final int AUTOLOAD_WORD = 0x0a;
    private static final int AUTOLOAD_USUAL = 0x202f;
    private static final int AUTOLOAD_PLL = 0x0010;
    /* The power management capability of these chips, should it not be found. */
    private static final int POWER_AT = 0x40;
    private static final int CAPABILITY_POWER = 0x01;
    private static final int CONTROL_STATUS = 4;
    private static final int D3 = 3;
    private static final int D3_MICROS = 1_000;

    private final Registers regs;
    private final String port;
    private final ConfigSpace config;
    private final IgbChip chip;
    private final IgbInvm invm;
    private final IgbPhy phy;

    IgbPll(
            Registers regs,
            String port,
            ConfigSpace config,
            IgbChip chip,
            IgbInvm invm,
            IgbPhy phy) {
        this.regs = regs;
        this.port = port;
        this.config = config;
        this.chip = chip;
        this.invm = invm;
        this.phy = phy;
    }

    /**
     * Makes sure of the clock; after each reset, before the link is set up.
     *
     * @throws DeviceException when it is still wrong after five tries
     */
    void lock(String operation) {
        if (IgbInvm.isAll(regs, chip)) {
            int _ = phy.whole(operation, () -> tries(operation));
        }
    }

    private int tries(String operation) {
        int mdicnfg = regs.read(MDICNFG);
        // It is the PHY inside the chip that is meant.
        regs.write(MDICNFG, mdicnfg & ~MDICNFG_EXT_MDIO);
        try {
            int autoload = invm.find(AUTOLOAD_WORD).orElse(AUTOLOAD_USUAL);
            for (int i = 1; i <= TRIES; i++) {
                if (locked(operation)) {
                    return i;
                }
                restart(autoload);
            }
        } finally {
            regs.write(MDICNFG, mdicnfg);
        }
        throw new DeviceException(
                operation,
                port,
                "the PLL of its PHY has no valid clock after " + TRIES + " restarts",
                "cut the power of the machine for some seconds");
    }

    private boolean locked(String operation) {
        phy.write(operation, PAGE_SELECT, PLL_PAGE);
        Registers.delayMicros(SETTLE_MICROS);
        int frequency = phy.read(operation, PLL_FREQUENCY);
        Registers.delayMicros(SETTLE_MICROS);
        phy.write(operation, PAGE_SELECT, 0);
        return (frequency & NOT_CONFIGURED) != NOT_CONFIGURED;
    }

    private void restart(int autoload) {
        int wuc = regs.read(WUC);
        regs.change(CTRL, 0, CTRL_PHY_RST);
        regs.change(CTRL_EXT, 0, CTRL_EXT_PHYPDEN | CTRL_EXT_SDLPE);
        regs.write(WUC, 0);
        load(autoload | AUTOLOAD_PLL);
        int at = config.capability(CAPABILITY_POWER).orElse(POWER_AT) + CONTROL_STATUS;
        int power = config.read(at, 2);
        config.write(at, 2, power | D3);
        Registers.delayMicros(D3_MICROS);
        config.write(at, 2, power & ~D3);
        load(autoload);
        regs.write(WUC, wuc);
    }

    private void load(int word) {
        regs.write(EEARBC, word << EEARBC_DATA_SHIFT | AUTOLOAD_WORD << EEARBC_ADDR_SHIFT);
    }
}
