// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.NicSelfTest;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the tests of ethtool -t are on this family. */
final class IxgbeSelfTest extends NicSelfTest {
    private final NicPort port;
    private final IxgbeDevice device;
    private final Bus bus;

    IxgbeSelfTest(NicPort port, IxgbeDevice device, Bus bus) {
        super(port, device.regs(), device.link());
        this.port = port;
        this.device = device;
        this.bus = bus;
    }

    @Override
    protected boolean nvmIntact() {
        return device.nvm().intact("selfTest");
    }

    @Override
    protected Map<Register, Integer> holding() {
        Map<Register, Integer> holding = new LinkedHashMap<>();
        holding.put(FCRTL, 0x8007_ffe0);
        holding.put(FCRTH, 0x8007_ffe0);
        holding.put(RDBAL, 0xffff_ff80);
        holding.put(RDBAH, -1);
        holding.put(RDLEN, 0x000f_ff80);
        holding.put(TDBAL, 0xffff_ff80);
        holding.put(TDBAH, -1);
        holding.put(TDLEN, 0x000f_ff80);
        holding.put(RXCSUM, 0x0000_3000);
        holding.put(RAL, -1);
        holding.put(RAH, 0x8000_ffff);
        holding.put(MTA, -1);
        return holding;
    }

    @Override
    protected int count(Register register) {
        return register.count();
    }

    /** After a reset no queue runs. */
    @Override
    protected void beforeRegisters() {}

    @Override
    protected void setUpLink() {
        device.link().setUp("selfTest");
    }

    @Override
    protected String loopBack() {
        return new IxgbeLoopback(device).run(bus, port.mac());
    }
}
