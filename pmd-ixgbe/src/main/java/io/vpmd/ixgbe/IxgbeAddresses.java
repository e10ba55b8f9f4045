// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.AddressFilters;
import io.vpmd.spi.hw.nic.NicPort;

/** Exact addresses in RAL and RAH, 7.1.1.1, and the hash table MTA for multicast, 7.1.1.1.2. */
final class IxgbeAddresses extends AddressFilters {
    private final Registers regs;

    IxgbeAddresses(NicPort port, Registers regs, MacAddress own) {
        super(port, regs, MTA, IxgbeChip.UNICAST_ADDRESSES - 1, own);
        this.regs = regs;
    }

    @Override
    protected void write(int index, int low, int high) {
        if ((high & VALID) == 0) {
            regs.write(RAH, index, high);
            regs.write(RAL, index, low);
        } else {
            // The address is for pool 0, without which it is none.
            regs.write(MPSAR, 2 * index, 1);
            regs.write(RAL, index, low);
            regs.write(RAH, index, high);
        }
    }
}
