// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Mmio;

/** The registers of an X550EM_a, where some have moved, as at the places of all others. */
final class IxgbeMovedMmio extends Mmio {
    private static final int FIRST = 0x10000;
    /* Flash access, and general receive control. */
    private static final int FLA = 0x1001c;
    private static final int FLA_X550EM_A = 0x15f68;
    private static final int GRC = 0x10200;
    private static final int GRC_X550EM_A = 0x15f64;
    private static final int SWSM_X550EM_A = 0x15f70;
    private static final int FWSM_X550EM_A = 0x15f74;
    private static final int SW_FW_SYNC_X550EM_A = 0x15f78;
    private static final int EEC_X550EM_A = 0x15ff8;

    private final Mmio mmio;

    IxgbeMovedMmio(Mmio mmio) {
        this.mmio = mmio;
    }

    private static int at(int offset) {
        if (offset < FIRST) {
            return offset;
        }
        if (offset == SWSM.offset()) {
            return SWSM_X550EM_A;
        }
        if (offset == FWSM.offset()) {
            return FWSM_X550EM_A;
        }
        if (offset == SW_FW_SYNC.offset()) {
            return SW_FW_SYNC_X550EM_A;
        }
        if (offset == EEC.offset()) {
            return EEC_X550EM_A;
        }
        return offset == FLA ? FLA_X550EM_A : offset == GRC ? GRC_X550EM_A : offset;
    }

    @Override
    public long size() {
        return mmio.size();
    }

    @Override
    public int read(int offset) {
        return mmio.read(at(offset));
    }

    @Override
    public void write(int offset, int value) {
        mmio.write(at(offset), value);
    }
}
