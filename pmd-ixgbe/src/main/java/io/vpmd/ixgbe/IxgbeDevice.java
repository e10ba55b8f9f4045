// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Registers;

import java.util.Optional;

/** The parts of a device that outlast its resets, as opening and port use them. */
record IxgbeDevice(
        IxgbeChip.Model model,
        Registers regs,
        IxgbeSemaphores semaphores,
        IxgbeNvm nvm,
        IxgbeMac mac,
        IxgbeI2c i2c,
        IxgbeReset reset,
        IxgbeLink link) {

    /**
     * Touches nothing that matters yet.
     *
     * @param name of the port, for messages
     */
    static IxgbeDevice of(String name, Bus bus, IxgbeChip.Model model) {
        IxgbeChip chip = model.chip();
        Mmio bar = bus.bar(0);
        boolean moved = chip.has(Trait.SIDEBAND_OF_FIRMWARE);
        Registers regs = new Registers(moved ? new IxgbeMovedMmio(bar) : bar, name);
        IxgbeSemaphores semaphores = new IxgbeSemaphores(regs, name, chip);
        IxgbeNvm nvm = new IxgbeNvm(regs, name, model, semaphores);
        IxgbeMac mac = new IxgbeMac(regs, chip, nvm, semaphores);
        IxgbeHostInterface firmware = new IxgbeHostInterface(regs, name);
        IxgbeReset reset = new IxgbeReset(regs, bus.config(), chip, semaphores, mac, firmware);
        IxgbeI2c i2c = new IxgbeI2c(regs, name, semaphores);
        IxgbeSfp sfp = new IxgbeSfp(regs, mac, nvm, i2c, semaphores);
        Optional<IxgbeNegotiation> phy = phy(regs, name, model, semaphores, firmware);
        IxgbeLink link = new IxgbeLink(regs, model, mac, sfp, phy);
        return new IxgbeDevice(model, regs, semaphores, nvm, mac, i2c, reset, link);
    }

    /** What makes the link, where that is not the MAC, a module or the board. */
    private static Optional<IxgbeNegotiation> phy(
            Registers regs,
            String name,
            IxgbeChip.Model model,
            IxgbeSemaphores semaphores,
            IxgbeHostInterface firmware) {
        IxgbeChip chip = model.chip();
        IxgbeSideband inside = new IxgbeSideband(regs, name, chip, semaphores, firmware);
        IxgbeNegotiation phy =
                switch (model.media()) {
                    case COPPER -> new IxgbeCopper(new IxgbePhy(regs, name, semaphores), chip);
                    case KR, KX -> new IxgbeKr(inside, model);
                    case SGMII -> new IxgbeSgmii(inside);
                    case FIRMWARE ->
                            new IxgbeFirmwarePhy(
                                    regs, name, semaphores, firmware, new IxgbeSgmii(inside));
                    case BACKPLANE, CX4, BOARD, FIBER, SFP -> null;
                };
        return Optional.ofNullable(phy);
    }
}
