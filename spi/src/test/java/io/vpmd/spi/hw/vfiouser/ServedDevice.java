// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelConfigSpace;

/**
 * The smallest device that uses all of the protocol: registers, memory and interrupts. A write to
 * COPY copies the word at FROM to TO and signals vector 1.
 */
final class ServedDevice extends DeviceModel {
    static final int VECTORS = 20;
    static final int BAR_BYTES = 0x1000;
    static final int PLAIN_AT = 0x10;
    static final int FROM_AT = 0x20;
    static final int TO_AT = 0x30;
    static final int COPY_AT = 0x40;
    private static final RegisterTable TABLE = new RegisterTable();
    static final Register PLAIN = TABLE.rw("PLAIN", PLAIN_AT, "keeps what is written");
    private static final Register FROM = TABLE.rw("FROM", FROM_AT, 4, 2, "address to read");
    private static final Register TO = TABLE.rw("TO", TO_AT, 4, 2, "address to write");
    private static final Register COPY = TABLE.wo("COPY", COPY_AT, "copies a word");

    ServedDevice() {
        super(
                "served",
                ModelClock.SYSTEM,
                new ModelConfigSpace(0x8086, 0x1234, 7, 0x8086, 1)
                        .bar(0, BAR_BYTES)
                        .bar(3, 0x4000)
                        .msix(0x70, VECTORS, 3, 0x2000),
                TABLE,
                BAR_BYTES,
                VECTORS);
        registers().onWrite(COPY, (_, _, _) -> copy());
    }

    private int copy() {
        if (dma().putWord(address(TO), dma().word(address(FROM)))) {
            vectors().signal(1);
        }
        return 0;
    }

    private long address(Register r) {
        return Integer.toUnsignedLong(registers().get(r, 0)) | (long) registers().get(r, 1) << 32;
    }

    @Override
    protected int onTurn(long now) {
        return 0;
    }

    @Override
    public void setCable(boolean in) {
        throw new UnsupportedOperationException("it has none");
    }

    @Override
    protected void onReset() {
        TABLE.registers().values().forEach(registers()::reset);
    }
}
