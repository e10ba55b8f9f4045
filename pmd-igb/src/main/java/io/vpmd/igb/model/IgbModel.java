// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelConfigSpace;
import io.vpmd.spi.hw.model.NicModel;
import io.vpmd.spi.hw.model.Wire;

import java.util.Set;

/** A NIC of the 82576 family in software. */
public final class IgbModel extends NicModel<IgbFault> {
    private static final int INTEL = 0x8086;
    private static final int SUBSYSTEM = 0xa03c;
    private static final int MSIX_AT = 0x70;
    private static final int EXPRESS_AT = 0xa0;
    /* Behind the capability's id and pointer. */
    private static final int LINK_CAPABILITIES = 0x0c - 2;
    private static final int LINK_STATUS = 0x12 - 2;
    private static final int MSIX_BAR = 3;
    private static final int PENDING_BITS = 0x2000;
    private static final int CTRL_INITIAL = 0x0010_0200 | CTRL_FD;
    private static final int WTHRESH_1 = 1 << 16;
    private static final long STATISTICS_SEED = 82_576;
    private static final long RESET_NANOS = 500_000;
    private static final long IDLE_NANOS = 1_000_000;
    /* Tables that the data sheet excepts from a reset, 4.2.1.6, what has its own, and what is
     * shared with firmware and other functions. */
    private static final Set<Register> KEPT =
            Set.of(MTA, VFTA, UTA, RAL_HIGH, RAH_HIGH, EECD, SWSM, SW_FW_SYNC);

    private final IgbModelChip chip;
    private final IgbModelInterrupts interrupts;
    private final IgbModelNvm nvm;
    private final IgbModelLink link;
    private final IgbModelModule module;
    private final IgbModelFlowControl flowControl;
    private final IgbModelRx rx;
    private final IgbModelTx tx;
    private long resetEndsAt;
    private boolean stuck;

    /** A device after power-on, whose cable is plugged in. The wire stays the caller's. */
    public IgbModel(String name, IgbModelChip chip, MacAddress mac, Wire wire, ModelClock clock) {
        super(
                name,
                clock,
                configSpace(chip),
                IgbModelStats.table(),
                BAR_BYTES,
                chip.vectors,
                IgbModelStats.TABLE,
                STATISTICS_SEED,
                wire,
                IgbFault.class);
        this.chip = chip;
        interrupts = new IgbModelInterrupts(this);
        initialValues();
        nvm = new IgbModelNvm(this, mac);
        link = new IgbModelLink(this);
        module = new IgbModelModule(this);
        flowControl = new IgbModelFlowControl(this);
        rx = new IgbModelRx(this);
        tx = new IgbModelTx(this);
        registers()
                .onWrite(CTRL, (_, _, written) -> control(written))
                .onRead(CTRL, (_, stored) -> resetting() ? stored | CTRL_RST : stored);
        oldQueueOffsets();
    }

    private static ModelConfigSpace configSpace(IgbModelChip chip) {
        byte[] express = new byte[18];
        express[0] = 2;
        express[LINK_CAPABILITIES] = (byte) chip.expressLink();
        express[LINK_STATUS] = (byte) chip.expressLink();
        return new ModelConfigSpace(INTEL, chip.deviceId, 1, INTEL, SUBSYSTEM)
                .bar(0, BAR_BYTES)
                .bar(MSIX_BAR, 0x4000)
                .capability(0x01, 0x40, (byte) 0x23, (byte) 0xc8, (byte) 0, (byte) 0)
                .msix(MSIX_AT, chip.vectors, MSIX_BAR, PENDING_BITS)
                .capability(0x10, EXPRESS_AT, express);
    }

    private void initialValues() {
        registers()
                .initial(CTRL, CTRL_INITIAL)
                .initial(CTRL_EXT, chip.fiber() ? CTRL_EXT_LINK_MODE_SERDES : 0)
                .initial(VET, 0x8100_8100)
                .initial(GCR, 0x0685_0200)
                .initial(LEDCTL, 0x0706_8302)
                .initial(RLPML, 0x2600)
                .initial(TIPG, 0x0060_1008)
                .initial(TCTL, 0xa404_00f8)
                .initial(TCTL_EXT, 0x0001_0840)
                .initial(RXPBS, chip.rxBufferCode())
                .initial(TXPBS, 40)
                .initial(DTXTCPFLGL, 0x0f76_0ff6)
                .initial(DTXTCPFLGH, 0x0f7f)
                .initial(RXCSUM, RXCSUM_IPOFLD | RXCSUM_TUOFLD)
                .initial(RXDCTL, WTHRESH_1)
                .initial(RXDCTL, 0, WTHRESH_1 | DCTL_ENABLE)
                .initial(TXDCTL, 0, DCTL_ENABLE)
                .initial(RAL, 0)
                .writable(CTRL, 0xfc7f_9be5)
                .writable(FCRTH0, 0x0000_fff0)
                .writable(FCRTL0, 0x8000_fff0)
                .writable(RLPML, 0x3fff)
                .writable(MRQC, 0x01ff_003f);
    }

    /** Queues 0 to 3 are also where the 82575 had them. */
    private void oldQueueOffsets() {
        Register[] receive = {RDBAL, RDBAH, RDLEN, SRRCTL, RDH, DCA_RXCTRL, RDT, RXDCTL};
        Register[] transmit = {TDBAL, TDBAH, TDLEN, TDH, DCA_TXCTRL, TDT, TXDCTL, TDWBAL, TDWBAH};
        for (int q = 0; q < 4; q++) {
            for (Register r : receive) {
                registers().alias(0x2800 + 0x100 * q + (r.offset() & 0x3f), r, q);
            }
            for (Register r : transmit) {
                registers().alias(0x3800 + 0x100 * q + (r.offset() & 0x3f), r, q);
            }
        }
    }

    private int control(int written) {
        if ((written & CTRL_PHY_RST) != 0) {
            link.resetPhy();
        }
        if ((written & (CTRL_RST | CTRL_DEV_RST)) != 0) {
            resetEndsAt = clock().nanos() + RESET_NANOS;
            stuck = has(IgbFault.STUCK_RESET);
            resetRegisters();
            return CTRL_INITIAL;
        }
        return written;
    }

    private boolean resetting() {
        return (stuck && has(IgbFault.STUCK_RESET)) || clock().nanos() - resetEndsAt < 0;
    }

    private void resetRegisters() {
        for (Register r : IgbModelStats.table().registers().values()) {
            if (r.access() != Register.Access.RC && !KEPT.contains(r)) {
                registers().reset(r);
            }
        }
        registers().reset(ICR);
        registers().reset(EICR);
        writeBacks().clear();
        interrupts.reset();
        flowControl.reset();
        rx.reset();
        tx.reset();
        nvm.load();
    }

    @Override
    protected void onReset() {
        resetEndsAt = clock().nanos();
        resetRegisters();
        link.resetPhy();
    }

    @Override
    protected int onTurn(long now) {
        limitFrames(registers().get(RLPML));
        int n = link.turn();
        n += rx.turn(now);
        n += flowControl.turn();
        n += tx.turn(now);
        n += writeBacks().turn(now);
        return n + interrupts.turn(now);
    }

    @Override
    protected long nanosToNextEvent(long now) {
        return writeBacks().nanosToNext(now, interrupts.nanosToNext(now, IDLE_NANOS));
    }

    @Override
    public void setCable(boolean in) {
        synchronized (lock()) {
            link.setCable(in);
        }
    }

    /** Plugs the module of a fibre card into its cage, or out. */
    public void setModule(boolean in) {
        synchronized (lock()) {
            module.setPlugged(in);
        }
    }

    /** Writes an alternate MAC address into the NVM, as software does that runs before a system. */
    public void setAlternateMac(MacAddress mac) {
        synchronized (lock()) {
            nvm.setAlternate(mac);
        }
    }

    /** The model's own table, for comparing it with another one. */
    public static RegisterTable table() {
        return IgbModelStats.table();
    }

    public IgbModelChip chip() {
        return chip;
    }

    @Override
    protected IgbFault lateWriteBack() {
        return IgbFault.LATE_WRITE_BACK;
    }

    @Override
    protected IgbFault linkFlap() {
        return IgbFault.LINK_FLAP;
    }

    @Override
    public boolean mayAccess() {
        return dma().busMaster() && (registers().get(CTRL) & CTRL_GIO_MASTER_DISABLE) == 0;
    }

    IgbModelInterrupts interrupts() {
        return interrupts;
    }

    IgbModelFlowControl flowControl() {
        return flowControl;
    }

    IgbModelLink link() {
        return link;
    }

    IgbModelRx rx() {
        return rx;
    }
}
