// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.LoopbackTest;
import io.vpmd.spi.hw.ring.Descriptors;

/** The loop-back test, in the PHY or in the MAC. */
final class IgbLoopback extends LoopbackTest {
    private final Registers regs;
    private final IgbLink link;

    IgbLoopback(Registers regs, IgbLink link) {
        super(regs, RDT, TDT);
        this.regs = regs;
        this.link = link;
    }

    @Override
    protected void begin(long rxRing, long txRing) {
        link.loopBack();
        regs.write(MRQC, 0);
        regs.writeAddress(TDBAL, TDBAH, 0, txRing);
        regs.write(TDLEN, 0, RING * Descriptors.SIZE);
        regs.write(TDH, 0, 0);
        regs.write(TDT, 0, 0);
        regs.write(TXDCTL, 0, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT);
        regs.change(TCTL, 0, TCTL_EN | TCTL_PSP);
        regs.writeAddress(RDBAL, RDBAH, 0, rxRing);
        regs.write(RDLEN, 0, RING * Descriptors.SIZE);
        regs.write(SRRCTL, 0, BUFFER / 1024 | SRRCTL_DESCTYPE_ADVANCED);
        regs.write(RDH, 0, 0);
        regs.write(RXDCTL, 0, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT);
        regs.change(RCTL, 0, RCTL_EN | RCTL_UPE | RCTL_BAM | RCTL_SECRC);
    }

    @Override
    protected void end() {
        regs.write(RCTL, 0);
        regs.write(TCTL, TCTL_PSP);
        regs.write(RXDCTL, 0, 0);
        regs.write(TXDCTL, 0, 0);
        link.endLoopBack();
    }
}
