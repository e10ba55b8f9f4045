// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;

/** The parts of a device that outlast its resets, as opening and port use them. */
record IgbDevice(
        IgbChip.Model model,
        Registers regs,
        IgbSemaphores semaphores,
        IgbNvm nvm,
        IgbReset reset,
        IgbPll pll,
        IgbLink link) {

    /**
     * Touches nothing that matters yet.
     *
     * @param name of the port, for messages
     */
    static IgbDevice of(String name, Bus bus, IgbChip.Model model) {
        Registers regs = new Registers(bus.bar(0), name);
        IgbSemaphores semaphores = new IgbSemaphores(regs, name, model.chip());
        IgbManagement management = new IgbManagement(regs);
        IgbPhy phy = new IgbPhy(regs, name, semaphores);
        IgbInvm invm = new IgbInvm(regs, bus.config(), name);
        IgbNvm nvm = new IgbNvm(regs, name, model, semaphores, invm);
        IgbReset reset = new IgbReset(regs, bus.config(), model.chip(), nvm, management);
        IgbPll pll = new IgbPll(regs, name, bus.config(), model.chip(), invm, phy);
        IgbLink link = new IgbLink(regs, model, phy, management);
        return new IgbDevice(model, regs, semaphores, nvm, reset, pll, link);
    }
}
