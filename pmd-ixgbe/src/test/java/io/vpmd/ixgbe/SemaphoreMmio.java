// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Mmio;

/** Registers of a few lines, behind SWSM and SW_FW_SYNC as they are from the X540 on. */
abstract class SemaphoreMmio extends Mmio {
    private static final int SMBI = 1;
    private static final int REGSMP = 1 << 31;

    private final int swsmAt;
    private final int syncAt;
    int swsm;
    int sync;

    SemaphoreMmio() {
        this(0x10140, 0x10160);
    }

    SemaphoreMmio(int swsmAt, int syncAt) {
        this.swsmAt = swsmAt;
        this.syncAt = syncAt;
    }

    abstract int get(int at);

    abstract void put(int at, int value);

    @Override
    public final long size() {
        return 0x20000;
    }

    /** Who reads them takes the lock in each that nobody has. */
    @Override
    public final int read(int at) {
        if (at == swsmAt) {
            int was = swsm;
            swsm |= SMBI;
            return was;
        }
        if (at == syncAt) {
            int was = sync;
            sync |= REGSMP;
            return was;
        }
        return get(at);
    }

    @Override
    public final void write(int at, int value) {
        if (at == swsmAt) {
            swsm = value;
        } else if (at == syncAt) {
            sync = value;
        } else {
            put(at, value);
        }
    }
}
