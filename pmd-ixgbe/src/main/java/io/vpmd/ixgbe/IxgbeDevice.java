// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;

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
        Registers regs = new Registers(bus.bar(0), name);
        IxgbeChip chip = model.chip();
        IxgbeSemaphores semaphores = new IxgbeSemaphores(regs, name, chip);
        IxgbeNvm nvm = new IxgbeNvm(regs, name, model, semaphores);
        IxgbeMac mac = new IxgbeMac(regs, chip, nvm, semaphores);
        IxgbeReset reset =
                new IxgbeReset(
                        regs,
                        bus.config(),
                        chip,
                        semaphores,
                        mac,
                        new IxgbeHostInterface(regs, name));
        IxgbeI2c i2c = new IxgbeI2c(regs, name, semaphores);
        IxgbeSfp sfp = new IxgbeSfp(regs, mac, nvm, i2c, semaphores);
        IxgbeCopper copper = new IxgbeCopper(new IxgbePhy(regs, name, semaphores), chip);
        IxgbeLink link = new IxgbeLink(regs, model, mac, sfp, copper);
        return new IxgbeDevice(model, regs, semaphores, nvm, mac, i2c, reset, link);
    }
}
