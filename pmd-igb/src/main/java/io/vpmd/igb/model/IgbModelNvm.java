// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.Nvm;
import io.vpmd.spi.hw.model.NvmReads;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Semaphores;

/** The NVM behind EERD, 8.4.2, and the semaphores that guard it and the PHY, 8.6. */
final class IgbModelNvm {
    private static final long AUTO_READ_NANOS = 2_000_000;
    private static final int WORDS = 1024;
    private static final int CHECKSUM_WORD = 0x3f;
    private static final int CHECKSUM = 0xbaba;
    private static final int ALTERNATE_POINTER = 0x37;
    private static final int ALTERNATE = 0x200;
    private static final int PORTS = 4;
    private static final int OTHER_PORT = 0x40;
    private static final int EECD_WRITABLE = 0x0000_007f;
    private static final int FIRMWARE_HOLDS_ALL = 0x00ff_0000;

    private final IgbModel model;
    private final RegisterFile regs;
    private final Nvm nvm;
    private final Semaphores semaphores;
    private long readAt;

    IgbModelNvm(IgbModel model, MacAddress mac) {
        this.model = model;
        this.regs = model.registers();
        IgbModelChip chip = model.chip();
        nvm =
                new Nvm(WORDS)
                        .putMac(0, mac)
                        .put(0x03, 0x0400)
                        .put(0x05, 0x1081)
                        .put(0x08, 0x1100, 0x0001)
                        .put(0x0a, 0x4020, 0x0000, 0x8086, chip.deviceId, 0x8086, 0x4000)
                        .put(0x14, 0x0000)
                        .put(0x24, 0x0000)
                        .seal(CHECKSUM_WORD, CHECKSUM);
        new NvmReads(model, EERD, this::word, () -> model.has(IgbFault.DEAD_NVM));
        semaphores =
                new Semaphores(
                        model,
                        SWSM,
                        SW_FW_SYNC,
                        FIRMWARE_HOLDS_ALL,
                        0,
                        new Semaphores.Holders(
                                () -> model.has(IgbFault.HELD_SMBI),
                                () -> model.has(IgbFault.HELD_LOCK),
                                () -> model.has(IgbFault.HELD_SEMAPHORE)));
        if (chip.sectionsHaveChecksums()) {
            sealOtherPorts();
        }
        if (chip == IgbModelChip.I211) {
            // Which never has flash: records of type 1, the word's address from bit 9 on.
            for (int i = 0; i < 3; i++) {
                regs.initial(INVM_DATA, i, nvm.word(i) << 16 | i << 9 | 1);
            }
        }
        int flash = chip == IgbModelChip.I210 ? EECD_FLASH_DETECTED : 0;
        regs.writable(INVM_DATA, 0);
        regs.initial(EECD, EECD_PRESENT | EECD_SIZE_1024_WORDS | flash)
                .writable(EECD, EECD_WRITABLE)
                .onRead(EECD, (_, stored) -> control(stored));
        for (Register control : new Register[] {EEMNGCTL, EEMNGCTL_I210}) {
            regs.onRead(control, (_, stored) -> read() ? stored | EEMNGCTL_CFG_DONE : stored);
        }
        load();
    }

    /** The sections of the other ports: each has a checksum of its own. */
    private void sealOtherPorts() {
        for (int port = 1; port < PORTS; port++) {
            int section = OTHER_PORT * (port + 1);
            nvm.seal(section, section + CHECKSUM_WORD, CHECKSUM);
        }
    }

    Nvm nvm() {
        return nvm;
    }

    /** Puts an address for the first function beside the permanent one. */
    void setAlternate(MacAddress mac) {
        nvm.put(ALTERNATE_POINTER, ALTERNATE).putMac(ALTERNATE, mac).seal(CHECKSUM_WORD, CHECKSUM);
    }

    /** What a reset does: the address goes into receive address 0 when all is read. */
    void load() {
        readAt = model.clock().nanos() + AUTO_READ_NANOS;
        regs.set(RAL, 0, nvm.word(0) | nvm.word(1) << 16);
        regs.set(RAH, 0, nvm.word(2) | RAH_AV);
    }

    private int word(int address) {
        boolean wrong = model.has(IgbFault.NVM_CHECKSUM) && address == CHECKSUM_WORD;
        return nvm.word(address) ^ (wrong ? 1 : 0);
    }

    private int control(int stored) {
        boolean granted = (stored & EECD_REQUEST) != 0 && !semaphores.held();
        return stored | (read() ? EECD_AUTO_RD : 0) | (granted ? EECD_GRANT : 0);
    }

    /** Whether the device has read its settings after a reset. */
    private boolean read() {
        return !model.has(IgbFault.NO_AUTO_READ) && model.clock().nanos() - readAt >= 0;
    }
}
