// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Registers;

import java.util.OptionalInt;

/**
 * The link of an 82599 through an SFP module. The module is identified over I2C, the NVM has what
 * its kind wants to be written to the analogue part, and a module of two speeds is tried at both in
 * turn until there is a link: nothing negotiates. Where nothing interrupts when a module is plugged
 * in, that is seen by looking.
 */
final class IxgbeSfp {
    private static final int MODULE = 0xa0;
    private static final int IDENTIFIER_SFP = 3;
    /* Of SFF-8472, each at an even offset or beside one. */
    private static final int IDENTIFIER = 0;
    private static final int CODES_10G = 2;
    private static final int CODES_1G = 6;
    private static final int CABLE = 8;
    private static final int SHORT_OR_LONG_RANGE = 3 << 4;
    private static final int ONE_GIGABIT = 0xb;
    private static final int PASSIVE_CABLE = 1 << 2;
    private static final int ACTIVE_CABLE = 1 << 3;

    /* Kinds of modules that the NVM knows, of port 0; of port 1 each is one more. */
    private static final int KIND_CABLE = 3;
    private static final int KIND_OPTICAL = 5;

    private static final int INIT_POINTER = 0x2b;
    private static final int INIT_END = 0xffff;
    private static final int LONGEST_LIST = 64;
    private static final int LMS_10G_SERIAL = 3 << AUTOC_LMS_SHIFT;
    private static final int LMS_1G_NEGOTIATED = 2 << AUTOC_LMS_SHIFT;
    private static final int LASER_MICROS = 100;
    private static final int SETTLE_MICROS = 40_000;
    /* How many looks, a second apart, each speed is given. */
    private static final int PATIENCE = 3;

    /** What is known of the cage. */
    private enum Module {
        /** Nothing in it, or nothing that answers. */
        NONE,
        /** One that no sequence is known for: 10 Gbit/s is tried. */
        UNKNOWN,
        /** 10 Gbit/s. */
        TEN,
        /** 10 and 1 Gbit/s. */
        BOTH,
        /** 1 Gbit/s. */
        ONE
    }

    private final Registers regs;
    private final IxgbeMac mac;
    private final IxgbeNvm nvm;
    private final IxgbeI2c i2c;
    private final IxgbeSemaphores semaphores;
    private Module module = Module.NONE;
    private int kind = KIND_OPTICAL;
    private boolean slow;
    private int looks;

    IxgbeSfp(Registers regs, IxgbeMac mac, IxgbeNvm nvm, IxgbeI2c i2c, IxgbeSemaphores semaphores) {
        this.regs = regs;
        this.mac = mac;
        this.nvm = nvm;
        this.i2c = i2c;
        this.semaphores = semaphores;
    }

    /** After a reset: identifies the module anew, and lights it. */
    void setUp(String operation) {
        laser(true);
        module = identify(operation);
        if (module != Module.NONE) {
            begin(operation);
        }
    }

    /** Every second, with the link down: looks for a module, or tries the other speed. */
    void look(String operation) {
        if (module == Module.NONE) {
            module = identify(operation);
            if (module != Module.NONE) {
                begin(operation);
            }
            return;
        }
        if (++looks >= PATIENCE) {
            looks = 0;
            if (i2c.word(operation, MODULE, IDENTIFIER).isEmpty()) {
                module = Module.NONE;
            } else if (module == Module.BOTH) {
                slow = !slow;
                set(operation);
            }
        }
    }

    private void begin(String operation) {
        slow = module == Module.ONE;
        looks = 0;
        initialize(operation);
        set(operation);
    }

    private Module identify(String operation) {
        OptionalInt identifier = i2c.word(operation, MODULE, IDENTIFIER);
        OptionalInt ten = i2c.word(operation, MODULE, CODES_10G);
        OptionalInt one = i2c.word(operation, MODULE, CODES_1G);
        OptionalInt cable = i2c.word(operation, MODULE, CABLE);
        if (identifier.isEmpty() || ten.isEmpty() || one.isEmpty() || cable.isEmpty()) {
            return Module.NONE;
        }
        if ((identifier.getAsInt() & 0xff) != IDENTIFIER_SFP) {
            return Module.UNKNOWN;
        }
        kind = (cable.getAsInt() & PASSIVE_CABLE) != 0 ? KIND_CABLE : KIND_OPTICAL;
        if ((cable.getAsInt() & (PASSIVE_CABLE | ACTIVE_CABLE)) != 0) {
            return Module.TEN;
        }
        boolean fast = ((ten.getAsInt() >>> 8) & SHORT_OR_LONG_RANGE) != 0;
        boolean gigabit = (one.getAsInt() & ONE_GIGABIT) != 0;
        return fast ? gigabit ? Module.BOTH : Module.TEN : gigabit ? Module.ONE : Module.UNKNOWN;
    }

    /** Writes the NVM's sequence for this kind of module to CORECTL. */
    private void initialize(String operation) {
        int list = nvm.read(operation, INIT_POINTER, 1)[0];
        if (list == 0 || list == INIT_END || module == Module.UNKNOWN) {
            return;
        }
        int wanted = kind + IxgbeSemaphores.function(regs);
        for (int i = 0; i < LONGEST_LIST; i++) {
            int[] entry = nvm.read(operation, list + 1 + 2 * i, 2);
            if (entry[0] == INIT_END) {
                return;
            }
            if (entry[0] == wanted && entry[1] != 0 && entry[1] != INIT_END) {
                int _ = semaphores.withLink(operation, () -> write(operation, entry[1] + 1));
                return;
            }
        }
    }

    private int write(String operation, int at) {
        for (int i = 0; i < LONGEST_LIST; i++) {
            int value = nvm.read(operation, at + i, 1)[0];
            if (value == INIT_END) {
                break;
            }
            regs.write(CORECTL, value);
        }
        return regs.read(STATUS);
    }

    /** Tells module and MAC the speed, and lets the partner notice. */
    private void set(String operation) {
        regs.change(ESDP, ESDP_SDP5, ESDP_SDP5_DIR | (slow ? 0 : ESDP_SDP5));
        regs.read(STATUS);
        Registers.delayMicros(SETTLE_MICROS);
        int mode = slow ? LMS_1G_NEGOTIATED : LMS_10G_SERIAL;
        mac.write(operation, (mac.usual() & ~AUTOC_LMS_MASK) | mode);
        laser(false);
        laser(true);
    }

    /** A pin that is high puts the laser out. */
    void laser(boolean on) {
        regs.change(ESDP, ESDP_SDP3, on ? 0 : ESDP_SDP3);
        regs.read(STATUS);
        Registers.delayMicros(LASER_MICROS);
    }
}
