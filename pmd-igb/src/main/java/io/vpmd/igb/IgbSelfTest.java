// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.NicSelfTest;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the tests of ethtool -t are on this family. */
final class IgbSelfTest extends NicSelfTest {
    private final NicPort port;
    private final IgbDevice device;
    private final Registers regs;
    private final Bus bus;

    IgbSelfTest(NicPort port, IgbDevice device, Bus bus) {
        super(port, device.regs(), device.link());
        this.port = port;
        this.device = device;
        this.regs = device.regs();
        this.bus = bus;
    }

    @Override
    protected boolean nvmIntact() {
        return device.nvm().intact("selfTest");
    }

    @Override
    protected Map<Register, Integer> holding() {
        Map<Register, Integer> holding = new LinkedHashMap<>();
        holding.put(VET, -1);
        holding.put(FCTTV, 0xffff);
        holding.put(RDBAL, 0xffff_ff80);
        holding.put(RDBAH, -1);
        holding.put(RDLEN, 0x000f_ff80);
        holding.put(TDBAL, 0xffff_ff80);
        holding.put(TDBAH, -1);
        holding.put(TDLEN, 0x000f_ff80);
        holding.put(RAL, -1);
        holding.put(RAH, 0x8000_ffff);
        holding.put(MTA, -1);
        return holding;
    }

    @Override
    protected int count(Register register) {
        boolean ofQueues = register.count() == RDBAL.count() && register.stride() == 0x40;
        return ofQueues ? device.model().chip().queues : register.count();
    }

    /** Queue 0 is on after a reset, and a ring is not described anew while it runs. */
    @Override
    protected void beforeRegisters() {
        regs.write(RXDCTL, 0, 0);
        regs.write(TXDCTL, 0, 0);
    }

    @Override
    protected void setUpLink() {
        device.link().setUp("selfTest");
    }

    @Override
    protected String loopBack() {
        return new IgbLoopback(regs, device.link()).run(bus, port.mac());
    }
}
