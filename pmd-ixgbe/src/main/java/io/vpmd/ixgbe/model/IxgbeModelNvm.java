// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.Nvm;
import io.vpmd.spi.hw.model.NvmReads;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Semaphores;

/** The EEPROM behind EERD, 8.2.3.2, and the semaphores of 8.2.3.4. */
final class IxgbeModelNvm {
    private static final long AUTO_READ_NANOS = 2_000_000;
    private static final int SIZE_CODE = 4;
    private static final int FWSM_VALID = 1 << 15;
    private static final int EEC_WRITABLE = 0x0000_007f;
    private static final int SW_FW_SYNC_REGSMP = 1 << 31;
    private static final int FIRMWARE_HOLDS_ALL = 0x0000_03e0;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Nvm nvm;
    private final Semaphores semaphores;
    private long readAt;

    IxgbeModelNvm(IxgbeModel model, MacAddress mac) {
        this.model = model;
        this.regs = model.registers();
        nvm = IxgbeModelImage.of(model.chip(), mac);
        new NvmReads(model, EERD, this::word, () -> model.has(IxgbeFault.DEAD_NVM));
        int lock = model.chip().registerLock() ? SW_FW_SYNC_REGSMP : 0;
        semaphores =
                new Semaphores(
                        model,
                        SWSM,
                        SW_FW_SYNC,
                        FIRMWARE_HOLDS_ALL,
                        lock,
                        new Semaphores.Holders(
                                () -> model.has(IxgbeFault.HELD_SMBI),
                                () -> model.has(IxgbeFault.HELD_LOCK),
                                () -> model.has(IxgbeFault.HELD_SEMAPHORE)));
        regs.initial(EEC, EEC_PRESENT | SIZE_CODE << EEC_SIZE_SHIFT)
                .writable(EEC, EEC_WRITABLE)
                .onRead(EEC, (_, stored) -> control(stored));
        regs.onRead(FWSM, (_, _) -> FWSM_VALID);
        load();
    }

    Nvm nvm() {
        return nvm;
    }

    /** What a reset does: the address goes into receive address 0 when all is read. */
    void load() {
        readAt = model.clock().nanos() + AUTO_READ_NANOS;
        int address = nvm.word(IxgbeModelImage.LAN_CORE_POINTER) + 1;
        regs.set(RAL, 0, nvm.word(address) | nvm.word(address + 1) << 16);
        regs.set(RAH, 0, nvm.word(address + 2) | RAH_AV);
    }

    private int word(int address) {
        boolean wrong =
                model.has(IxgbeFault.NVM_CHECKSUM) && address == IxgbeModelImage.CHECKSUM_WORD;
        return nvm.word(address) ^ (wrong ? 1 : 0);
    }

    private int control(int stored) {
        boolean granted = (stored & EEC_REQUEST) != 0 && !semaphores.held();
        return stored | (read() ? EEC_AUTO_RD : 0) | (granted ? EEC_GRANT : 0);
    }

    /** Whether the device has read its settings after a reset. */
    private boolean read() {
        return !model.has(IxgbeFault.NO_AUTO_READ) && model.clock().nanos() - readAt >= 0;
    }
}
