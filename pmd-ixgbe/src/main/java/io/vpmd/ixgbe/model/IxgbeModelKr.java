// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

import java.util.HashMap;
import java.util.Map;

/**
 * The PHY for backplanes inside an X550EM_x, behind the sideband: an address in CTRL reads, a value
 * in DATA after it writes.
 */
final class IxgbeModelKr extends IxgbeModelSerial {
    private static final long SIDEBAND_NANOS = 5_000;
    private static final int BUSY = 0x8000_0000;
    private static final int ERROR = 0x0004_0000;
    private static final int ADDRESS = 0x0000_ffff;
    private static final int TARGET = 0x7000_0000;
    private static final int SEMAPHORES = 0x0000_0006;

    private static final int LINK_S1 = 0x4200;
    private static final int LINK_CTRL_1 = 0x420c;
    private static final int AN_CNTL_1 = 0x422c;
    private static final int SGMII_CTRL = 0x42a0;
    private static final int LP_BASE_PAGE_HIGH = 0x436c;
    private static final int FLX_MASK_ST20 = 0x5054;
    private static final int AN_COMPLETE = 0x1000_0000;
    private static final int PARTNER_PAUSES = 0x0000_0c00;
    private static final int RESTART = 0x8000_0000;
    private static final int ENABLE = 0x2000_0000;
    private static final int KR = 0x0004_0000;
    private static final int KX = 0x0001_0000;
    private static final int FORCED = 0x0000_0700;
    private static final int FORCED_10G = 0x0000_0400;
    private static final int FORCED_1G = 0x0000_0200;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Map<Integer, Integer> registers = new HashMap<>();
    private int address;
    private long doneAt;

    IxgbeModelKr(IxgbeModel model) {
        super(model);
        this.model = model;
        regs = model.registers();
        registers.put(LINK_S1, 0);
        registers.put(LINK_CTRL_1, ENABLE | KR | KX);
        registers.put(AN_CNTL_1, 0);
        registers.put(SGMII_CTRL, 0);
        registers.put(LP_BASE_PAGE_HIGH, 0);
        registers.put(FLX_MASK_ST20, 0);
        regs.onWrite(SB_IOSF_INDIRECT_CTRL, (_, _, written) -> read(written))
                .onRead(SB_IOSF_INDIRECT_CTRL, (_, stored) -> busy() ? stored | BUSY : stored)
                .onWrite(SB_IOSF_INDIRECT_DATA, (_, _, written) -> write(written));
    }

    private boolean busy() {
        return model.has(IxgbeFault.DEAD_PHY) || model.clock().nanos() - doneAt < 0;
    }

    private void begin() {
        if ((regs.get(SW_FW_SYNC) & SEMAPHORES) != SEMAPHORES) {
            model.violations().add("the sideband was used without the semaphores of both PHYs");
        }
        doneAt = model.clock().nanos() + SIDEBAND_NANOS;
    }

    private int read(int written) {
        begin();
        address = written & ADDRESS;
        boolean there = (written & TARGET) == 0 && registers.containsKey(address);
        regs.set(SB_IOSF_INDIRECT_DATA, there ? value() : 0);
        return (written & (TARGET | ADDRESS)) | (there ? 0 : ERROR);
    }

    private int value() {
        boolean up = model.link().up();
        return switch (address) {
            case LINK_S1 -> up ? AN_COMPLETE : 0;
            case LP_BASE_PAGE_HIGH -> up ? PARTNER_PAUSES : 0;
            default -> registers.getOrDefault(address, 0);
        };
    }

    private int write(int written) {
        begin();
        if (address == LINK_CTRL_1 && (written & RESTART) != 0) {
            model.link().restart();
        }
        // A restart is over at once, as far as a driver sees it.
        registers.computeIfPresent(
                address, (at, _) -> at == LINK_CTRL_1 ? written & ~RESTART : written);
        return written;
    }

    @Override
    public int speedBits() {
        int control = registers.getOrDefault(LINK_CTRL_1, 0);
        if ((control & ENABLE) == 0) {
            int forced = control & FORCED;
            return forced == FORCED_10G
                    ? LINKS_SPEED_10G
                    : forced == FORCED_1G ? LINKS_SPEED_1G : 0;
        }
        return (control & KR) != 0 ? LINKS_SPEED_10G : (control & KX) != 0 ? LINKS_SPEED_1G : 0;
    }
}
