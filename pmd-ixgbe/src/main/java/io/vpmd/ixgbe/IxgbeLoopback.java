// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.LoopbackTest;
import io.vpmd.spi.hw.ring.Descriptors;

/** The loop-back test, in the MAC. */
final class IxgbeLoopback extends LoopbackTest {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;

    private final Registers regs;
    private final IxgbeReset reset;
    private final IxgbeMac mac;

    IxgbeLoopback(IxgbeDevice device) {
        super(device.regs(), RDT, TDT);
        this.regs = device.regs();
        this.reset = device.reset();
        this.mac = device.mac();
    }

    @Override
    protected void begin(long rxRing, long txRing) {
        mac.loopBack();
        regs.write(MRQC, 0);
        regs.change(FCTRL, 0, FCTRL_UPE | FCTRL_BAM);
        regs.change(HLREG0, 0, HLREG0_TXCRCEN | HLREG0_RXCRCSTRP | HLREG0_TXPADEN);
        regs.change(RDRXCTL, RDRXCTL_RSCFRSTSIZE, RDRXCTL_CRCSTRIP);
        regs.writeAddress(TDBAL, TDBAH, 0, txRing);
        regs.write(TDLEN, 0, RING * Descriptors.SIZE);
        regs.write(TDH, 0, 0);
        regs.write(TDT, 0, 0);
        regs.change(DMATXCTL, 0, DMATXCTL_TE);
        enable(TXDCTL);
        regs.writeAddress(RDBAL, RDBAH, 0, rxRing);
        regs.write(RDLEN, 0, RING * Descriptors.SIZE);
        regs.write(SRRCTL, 0, BUFFER / 1024 | SRRCTL_DESCTYPE_ADVANCED);
        regs.write(RDH, 0, 0);
        regs.write(RDT, 0, 0);
        enable(RXDCTL);
        reset.openReceiver("selfTest");
    }

    private void enable(Register control) {
        regs.write(control, 0, XDCTL_ENABLE);
        regs.await(
                "selfTest",
                control,
                0,
                XDCTL_ENABLE,
                XDCTL_ENABLE,
                ENABLE_TIMEOUT_MICROS,
                "a queue");
    }

    @Override
    protected void end() {
        reset.closeReceiver("selfTest");
        regs.write(RXDCTL, 0, 0);
        regs.write(TXDCTL, 0, 0);
        regs.change(DMATXCTL, DMATXCTL_TE, 0);
        mac.endLoopBack();
    }
}
