// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.RegisterFile;

/** Which frames get into the packet buffer, 7.1.2. */
final class IgbModelFilters {
    private static final int LOW_ENTRIES = 16;

    private final RegisterFile regs;
    private final int unicastAddresses;

    IgbModelFilters(IgbModel model) {
        regs = model.registers();
        unicastAddresses = model.chip().unicastAddresses;
    }

    boolean passes(byte[] frame, int length) {
        return passesAddress(frame) && passesVlan(frame, length);
    }

    private boolean passesAddress(byte[] frame) {
        int rctl = regs.get(RCTL);
        int kind = Destination.kind(frame);
        if (kind == Destination.BROADCAST) {
            return (rctl & RCTL_BAM) != 0;
        }
        int promiscuous = kind == Destination.UNICAST ? RCTL_UPE : RCTL_MPE;
        return (rctl & promiscuous) != 0
                || exact(frame)
                || (kind == Destination.MULTICAST && hashed(frame, rctl >>> 12 & 3));
    }

    private boolean exact(byte[] frame) {
        int low = Destination.low(frame);
        int high = RAH_AV | Destination.high(frame);
        int relevant = RAH_AV | RAH_ADDRESS;
        for (int i = 0; i < unicastAddresses; i++) {
            boolean first = i < LOW_ENTRIES;
            int at = first ? i : i - LOW_ENTRIES;
            if (((first ? regs.get(RAH, at) : regs.get(RAH_HIGH, at)) & relevant) == high
                    && (first ? regs.get(RAL, at) : regs.get(RAL_HIGH, at)) == low) {
                return true;
            }
        }
        return false;
    }

    /** Twelve bits of the address, from where RCTL.MO says, choose one bit of 4096. */
    private boolean hashed(byte[] frame, int offset) {
        int bits = Destination.hash(frame, offset);
        return (regs.get(MTA, bits >>> 5) >>> (bits & 31) & 1) != 0;
    }

    private boolean passesVlan(byte[] frame, int length) {
        if ((regs.get(RCTL) & RCTL_VFE) == 0) {
            return true;
        }
        int at = tag(frame, length);
        if (at < 0) {
            return true;
        }
        int id = ((frame[at + 2] & 0xf) << 8) | (frame[at + 3] & 0xff);
        return (regs.get(VFTA, id >>> 5) >>> (id & 31) & 1) != 0;
    }

    /** Where the tag that is stripped and filtered begins, or -1; the inner one of two. */
    int tag(byte[] frame, int length) {
        int at = 12 + outerTags(frame, length) * 4;
        boolean there = length >= at + 6 && type(frame, at) == (regs.get(VET) & 0xffff);
        return there ? at : -1;
    }

    /** Tags that extended VLAN mode expects before it: 1 where there is one, else 0. */
    int outerTags(byte[] frame, int length) {
        boolean extended = (regs.get(CTRL_EXT) & CTRL_EXT_EXTENDED_VLAN) != 0;
        return extended && length >= 18 && type(frame, 12) == regs.get(VET) >>> 16 ? 1 : 0;
    }

    private static int type(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }
}
