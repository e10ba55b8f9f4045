// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.RegisterFile;

/** Which frames get into the packet buffer, 7.1.1. */
final class IxgbeModelFilters {
    private final RegisterFile regs;

    IxgbeModelFilters(IxgbeModel model) {
        regs = model.registers();
    }

    boolean passes(byte[] frame, int length) {
        return passesAddress(frame) && passesVlan(frame, length);
    }

    private boolean passesAddress(byte[] frame) {
        int fctrl = regs.get(FCTRL);
        int kind = Destination.kind(frame);
        if (kind == Destination.BROADCAST) {
            return (fctrl & FCTRL_BAM) != 0;
        }
        int promiscuous = kind == Destination.UNICAST ? FCTRL_UPE : FCTRL_MPE;
        return (fctrl & promiscuous) != 0
                || exact(frame)
                || (kind == Destination.MULTICAST && hashed(frame));
    }

    private boolean exact(byte[] frame) {
        int low = Destination.low(frame);
        int high = RAH_AV | Destination.high(frame);
        for (int i = 0; i < RAL.count(); i++) {
            if (regs.get(RAL, i) == low && (regs.get(RAH, i) & (RAH_AV | RAH_ADDRESS)) == high) {
                return true;
            }
        }
        return false;
    }

    private boolean hashed(byte[] frame) {
        int control = regs.get(MCSTCTRL);
        int bits = Destination.hash(frame, control & 3);
        return (control & MCSTCTRL_MFE) != 0
                && (regs.get(MTA, bits >>> 5) >>> (bits & 31) & 1) != 0;
    }

    private boolean passesVlan(byte[] frame, int length) {
        int at = tag(frame, length);
        if ((regs.get(VLNCTRL) & VLNCTRL_VFE) == 0 || at < 0) {
            return true;
        }
        int id = ((frame[at + 2] & 0xf) << 8) | (frame[at + 3] & 0xff);
        return (regs.get(VFTA, id >>> 5) >>> (id & 31) & 1) != 0;
    }

    /** Where the tag that is stripped and filtered begins, or -1; the inner one of two. */
    int tag(byte[] frame, int length) {
        int at = 12 + outerTags(frame, length) * 4;
        boolean there = length >= at + 6 && type(frame, at) == (regs.get(VLNCTRL) & 0xffff);
        return there ? at : -1;
    }

    /** Tags that extended VLAN mode expects before it: 1 where there is one, else 0. */
    int outerTags(byte[] frame, int length) {
        boolean extended = (regs.get(CTRL_EXT) & CTRL_EXT_EXTENDED_VLAN) != 0;
        return extended && length >= 18 && type(frame, 12) == regs.get(EXVET) >>> 16 ? 1 : 0;
    }

    private static int type(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }
}
