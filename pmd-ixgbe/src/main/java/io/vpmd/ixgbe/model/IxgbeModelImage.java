// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.Nvm;

/** What is in the EEPROM, laid out as in 6.3. */
final class IxgbeModelImage {
    static final int CHECKSUM_WORD = 0x3f;
    static final int LAN_CORE_POINTER = 0x09;

    private static final int WORDS = 1024;
    private static final int CHECKSUM = 0xbaba;
    private static final int NOTHING = 0xffff;
    private static final int FIRST_POINTER = 0x03;
    private static final int LAST_POINTER = 0x0e;
    private static final int LAN_CORE = 0xa0;
    private static final int LAN_CORE_WORDS = 11;
    private static final int FIRMWARE_POINTER = 0x0f;
    private static final int FIRMWARE = 0x80;
    private static final int PASS_THROUGH = 0x90;
    private static final int FIRMWARE_VERSION = 6;
    private static final int ASSEMBLY_POINTER = 0x15;
    private static final int ASSEMBLY_IS_TEXT = 0xfafa;
    private static final int ASSEMBLY = 0x50;
    private static final String ASSEMBLY_TEXT = "G00000-000";
    private static final int MODULES_POINTER = 0x2b;
    private static final int MODULES = 0x60;
    private static final int SEQUENCE = 0x70;
    /* Kinds of modules: cables and optical ones, of port 0. */
    private static final int CABLE = 3;
    private static final int OPTICAL = 5;
    /* Device capabilities and the version of the image. */
    private static final int CAPABILITIES = 0x2c;

    private IxgbeModelImage() {}

    /** The image of a card with this address. */
    static Nvm of(IxgbeModelChip chip, MacAddress mac) {
        Nvm nvm = new Nvm(WORDS).put(0x00, 0x0400, 0x0000, 0x0000);
        for (int pointer = FIRST_POINTER; pointer <= LAST_POINTER; pointer++) {
            nvm.put(pointer, NOTHING);
        }
        nvm.put(LAN_CORE_POINTER, LAN_CORE)
                .put(LAN_CORE, LAN_CORE_WORDS)
                .putMac(LAN_CORE + 1, mac)
                .put(LAN_CORE + 4, 0, 0, 0, 0, 0, 0, 0, 0);
        nvm.put(FIRMWARE_POINTER, FIRMWARE)
                .put(FIRMWARE + 4, PASS_THROUGH)
                .put(PASS_THROUGH + 7, FIRMWARE_VERSION);
        nvm.put(MODULES_POINTER, MODULES)
                .put(MODULES, 4, CABLE, SEQUENCE, OPTICAL, SEQUENCE, NOTHING)
                .put(SEQUENCE, 2, 0x1234, 0x5678, NOTHING);
        nvm.put(ASSEMBLY_POINTER, ASSEMBLY_IS_TEXT, ASSEMBLY)
                .put(ASSEMBLY, 1 + ASSEMBLY_TEXT.length() / 2);
        for (int i = 0; i < ASSEMBLY_TEXT.length(); i += 2) {
            int word = ASSEMBLY_TEXT.charAt(i) << 8 | ASSEMBLY_TEXT.charAt(i + 1);
            nvm.put(ASSEMBLY + 1 + i / 2, word);
        }
        nvm.put(CAPABILITIES, 0x0000, 0x02be, 0x8000);
        return nvm.put(CHECKSUM_WORD, CHECKSUM - sum(nvm, chip.lastSummedWord()));
    }

    /** Words from 0 on, and the sections that pointers 3 to Eh name, without their lengths. */
    private static int sum(Nvm nvm, int last) {
        int sum = 0;
        for (int i = 0; i <= last; i++) {
            sum += i == CHECKSUM_WORD ? 0 : nvm.word(i);
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
}
