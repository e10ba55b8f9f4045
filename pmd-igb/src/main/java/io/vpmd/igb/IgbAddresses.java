// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.AddressFilters;
import io.vpmd.spi.hw.nic.NicPort;

/** Exact addresses in RAL and RAH, 7.1.2.1.1, and the hash table MTA for multicast, 7.1.2.1.3. */
final class IgbAddresses extends AddressFilters {
    /* Receive addresses come in two arrays. */
    private static final int FIRST_ARRAY = 16;

    private final Registers regs;

    IgbAddresses(NicPort port, Registers regs, IgbChip chip, MacAddress own) {
        super(port, regs, MTA, chip.unicastAddresses - 1, own);
        this.regs = regs;
    }

    @Override
    protected void write(int index, int low, int high) {
        boolean first = index < FIRST_ARRAY;
        Register lows = first ? RAL : RAL2;
        Register highs = first ? RAH : RAH2;
        int at = first ? index : index - FIRST_ARRAY;
        if ((high & VALID) == 0) {
            regs.write(highs, at, high);
        }
        regs.write(lows, at, low);
        if ((high & VALID) != 0) {
            regs.write(highs, at, high);
        }
    }
}
