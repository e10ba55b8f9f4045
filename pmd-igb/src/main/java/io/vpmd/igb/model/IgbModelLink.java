// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Phy;
import io.vpmd.spi.hw.model.RegisterFile;

/**
 * The PHY behind MDIC, 8.2.4, or what stands for it on fibre, and what STATUS, 8.2.2, says of the
 * link and the bus.
 */
final class IgbModelLink {
    private static final int PHY_ADDRESS = 1;
    private static final int PHY_REGISTERS = 0x1f;
    private static final long MDI_NANOS = 20_000;
    private static final long NEGOTIATION_NANOS = 2_000_000;
    private static final int MDIC_COMMAND = 0x2fff_ffff;

    private final IgbModel model;
    private final RegisterFile regs;
    private final Phy phy;
    private final IgbModelPcs pcs;
    private long mdiReadyAt;
    private boolean cable = true;
    private boolean was;

    IgbModelLink(IgbModel model) {
        this.model = model;
        this.regs = model.registers();
        this.pcs = new IgbModelPcs(model);
        this.phy = new Phy(model.clock(), model.chip().phyId, NEGOTIATION_NANOS);
        regs.onRead(STATUS, (_, _) -> status());
        // 82580 and later: whoever resets the whole device says that it has seen it.
        regs.clearedByOnes(STATUS, STATUS_DEV_RST_SET);
        regs.writable(MDIC, MDIC_COMMAND)
                .onWrite(MDIC, (_, _, written) -> command(written))
                .onRead(MDIC, (_, stored) -> answer(stored));
    }

    /** Whether the cable is plugged in at this end. */
    void setCable(boolean in) {
        cable = in;
    }

    void resetPhy() {
        phy.reset();
    }

    private int command(int written) {
        int register = written >>> 16 & PHY_REGISTERS;
        int address = written >>> 21 & 0x1f;
        boolean read = (written & MDIC_OP_READ) != 0;
        boolean write = (written & MDIC_OP_WRITE) != 0;
        if (read == write) {
            model.violations().add("MDIC command that is neither read nor write");
        }
        mdiReadyAt = model.clock().nanos() + MDI_NANOS;
        if (model.chip().fiber()) {
            return written | MDIC_ERROR;
        }
        boolean answers = model.chip().phyAddressInConfig() || address == PHY_ADDRESS;
        if (!answers) {
            return written | MDIC_ERROR;
        }
        if (write) {
            phy.write(register, written & 0xffff);
            return written & ~MDIC_ERROR;
        }
        return (written & ~(MDIC_ERROR | 0xffff)) | phy.read(register);
    }

    private int answer(int stored) {
        boolean ready = !model.has(IgbFault.DEAD_PHY) && model.clock().nanos() - mdiReadyAt >= 0;
        return ready ? stored | MDIC_READY : stored & ~MDIC_READY;
    }

    /** MAC and PHY agree that frames pass: SLU lets the MAC follow the PHY. */
    boolean up() {
        boolean passes = model.chip().fiber() ? pcs.up() : phy.up();
        return (regs.get(CTRL) & CTRL_SLU) != 0 && passes;
    }

    boolean loopback() {
        return phy.loopback() || (regs.get(RCTL) & RCTL_LBM_MAC) != 0;
    }

    private int status() {
        int ctrl = regs.get(CTRL);
        int status = 0;
        if ((ctrl & CTRL_GIO_MASTER_DISABLE) == 0 || model.has(IgbFault.PENDING_REQUESTS)) {
            status |= STATUS_GIO_MASTER_ENABLE;
        }
        if (model.flowControl().paused()) {
            status |= STATUS_TXOFF;
        }
        boolean forced = (ctrl & (CTRL_FRCSPD | CTRL_FRCDPLX)) != 0;
        if (forced ? (ctrl & CTRL_FD) != 0 : phy.fullDuplex()) {
            status |= STATUS_FD;
        }
        if (!up()) {
            return status;
        }
        int speed = model.chip().fiber() ? 1000 : phy.speedMbps();
        status |= speed == 1000 ? STATUS_SPEED_1000 : speed == 100 ? STATUS_SPEED_100 : 0;
        return status | STATUS_LU;
    }

    /** Follows cable and other end; a change is an interrupt cause. */
    int turn() {
        boolean in = cable && model.contact() && model.wire().up();
        phy.setCable(in);
        pcs.setLight(in);
        boolean now = up();
        if (now == was) {
            return 0;
        }
        was = now;
        model.interrupts().other(ICR_LSC);
        return 1;
    }
}
