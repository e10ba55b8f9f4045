// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.Nvm;
import io.vpmd.spi.hw.model.NvmReads;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Semaphores;

/** The EEPROM behind EERD, 8.2.3.2, laid out as in 6.3, and the semaphores of 8.2.3.4. */
final class IxgbeModelNvm {
    private static final long AUTO_READ_NANOS = 2_000_000;
    private static final int WORDS = 1024;
    private static final int SIZE_CODE = 4;
    private static final int CHECKSUM_WORD = 0x3f;
    private static final int CHECKSUM = 0xbaba;
    private static final int FIRST_POINTER = 0x03;
    private static final int LAN_CORE_POINTER = 0x09;
    private static final int LAST_POINTER = 0x0e;
    private static final int LAN_CORE = 0x40;
    private static final int LAN_CORE_WORDS = 11;
    private static final int ASSEMBLY_IS_TEXT = 0xfafa;
    private static final int ASSEMBLY = 0x50;
    private static final String ASSEMBLY_TEXT = "G00000-000";
    private static final int FWSM_VALID = 1 << 15;
    private static final int EEC_WRITABLE = 0x0000_007f;
    private static final int FIRMWARE_HOLDS_ALL = 0x0000_03e0;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Nvm nvm;
    private final Semaphores semaphores;
    private long readAt;

    IxgbeModelNvm(IxgbeModel model, MacAddress mac) {
        this.model = model;
        this.regs = model.registers();
        nvm = new Nvm(WORDS).put(0x00, 0x0400, 0x0000, 0x0000);
        for (int pointer = FIRST_POINTER; pointer <= LAST_POINTER; pointer++) {
            nvm.put(pointer, 0xffff);
        }
        nvm.put(LAN_CORE_POINTER, LAN_CORE)
                .put(LAN_CORE, LAN_CORE_WORDS)
                .putMac(LAN_CORE + 1, mac)
                .put(LAN_CORE + 4, 0, 0, 0, 0, 0, 0, 0, 0)
                .put(0x15, ASSEMBLY_IS_TEXT, ASSEMBLY)
                .put(ASSEMBLY, 1 + ASSEMBLY_TEXT.length() / 2)
                // Device capabilities: none. Then the version of the image.
                .put(0x2c, 0x0000, 0x02be, 0x8000);
        for (int i = 0; i < ASSEMBLY_TEXT.length(); i += 2) {
            int word = ASSEMBLY_TEXT.charAt(i) << 8 | ASSEMBLY_TEXT.charAt(i + 1);
            nvm.put(ASSEMBLY + 1 + i / 2, word);
        }
        nvm.put(CHECKSUM_WORD, CHECKSUM - sum());
        new NvmReads(model, EERD, this::word, () -> model.has(IxgbeFault.DEAD_NVM));
        semaphores =
                new Semaphores(
                        model,
                        SWSM,
                        SW_FW_SYNC,
                        FIRMWARE_HOLDS_ALL,
                        () -> model.has(IxgbeFault.HELD_SEMAPHORE));
        regs.initial(EEC, EEC_PRESENT | SIZE_CODE << EEC_SIZE_SHIFT)
                .writable(EEC, EEC_WRITABLE)
                .onRead(EEC, (_, stored) -> control(stored));
        regs.onRead(FWSM, (_, _) -> FWSM_VALID);
        load();
    }

    /** Words 0 to 3Eh, and the sections that pointers 3 to Eh name, without their lengths. */
    private int sum() {
        int sum = 0;
        for (int i = 0; i < CHECKSUM_WORD; i++) {
            sum += nvm.word(i);
        }
        for (int pointer = FIRST_POINTER; pointer <= LAST_POINTER; pointer++) {
            int section = nvm.word(pointer);
            int words = section < WORDS ? nvm.word(section) : 0;
            for (int i = 1; i <= words; i++) {
                sum += nvm.word(section + i);
            }
        }
        return sum;
    }

    Nvm nvm() {
        return nvm;
    }

    /** What a reset does: the address goes into receive address 0 when all is read. */
    void load() {
        readAt = model.clock().nanos() + AUTO_READ_NANOS;
        int address = nvm.word(LAN_CORE_POINTER) + 1;
        regs.set(RAL, 0, nvm.word(address) | nvm.word(address + 1) << 16);
        regs.set(RAH, 0, nvm.word(address + 2) | RAH_AV);
    }

    private int word(int address) {
        boolean wrong = model.has(IxgbeFault.NVM_CHECKSUM) && address == CHECKSUM_WORD;
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
