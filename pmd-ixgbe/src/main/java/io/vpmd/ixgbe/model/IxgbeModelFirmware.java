// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.Nvm;
import io.vpmd.spi.hw.model.RegisterFile;

/**
 * The firmware of the X550 behind its host interface: a command in FLEX_MNG, which HICR starts. It
 * reads the shadow RAM of the NVM, is told of drivers, and stops receiving.
 */
final class IxgbeModelFirmware {
    private static final long COMMAND_NANOS = 200_000;
    private static final int READ_SHADOW_RAM = 0x31;
    private static final int DRIVER_INFO = 0xdd;
    private static final int DISABLE_RXEN = 0xde;
    private static final int SUCCESS = 1 << 16;
    private static final int FAILURE = 2 << 16;
    private static final int DATA = 3;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Nvm nvm;
    private long doneAt;
    private boolean running;

    IxgbeModelFirmware(IxgbeModel model, Nvm nvm) {
        this.model = model;
        this.nvm = nvm;
        regs = model.registers();
        regs.initial(HICR, HICR_EN)
                .writable(HICR, HICR_C)
                .onWrite(HICR, (_, _, written) -> start(written))
                .onRead(HICR, (_, _) -> state());
    }

    private int start(int written) {
        if ((written & HICR_C) != 0 && !running) {
            running = true;
            doneAt = model.clock().nanos() + COMMAND_NANOS;
        }
        return written;
    }

    private int state() {
        if (running
                && !model.has(IxgbeFault.DEAD_FIRMWARE)
                && model.clock().nanos() - doneAt >= 0) {
            running = false;
            carryOut();
        }
        return HICR_EN | (running ? HICR_C : HICR_SV);
    }

    private void carryOut() {
        int head = regs.get(FLEX_MNG, 0);
        int status = SUCCESS;
        switch (head & 0xff) {
            case READ_SHADOW_RAM -> read();
            case DRIVER_INFO -> {}
            case DISABLE_RXEN -> regs.change(RXCTRL, RXCTRL_RXEN, 0);
            default -> status = FAILURE;
        }
        regs.set(FLEX_MNG, 0, (head & 0xff) | status);
    }

    /** The address and the length are in bytes and big-endian. */
    private void read() {
        int first = Integer.reverseBytes(regs.get(FLEX_MNG, 1)) / 2;
        int words = (Short.reverseBytes((short) regs.get(FLEX_MNG, 2)) & 0xffff) / 2;
        for (int i = 0; i < words; i += 2) {
            int both = word(first + i) | (i + 1 < words ? word(first + i + 1) : 0) << 16;
            regs.set(FLEX_MNG, DATA + i / 2, both);
        }
    }

    private int word(int address) {
        boolean wrong =
                model.has(IxgbeFault.NVM_CHECKSUM) && address == IxgbeModelImage.CHECKSUM_WORD;
        return nvm.word(address) ^ (wrong ? 1 : 0);
    }
}
