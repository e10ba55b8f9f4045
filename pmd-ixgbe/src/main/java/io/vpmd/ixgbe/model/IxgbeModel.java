// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelConfigSpace;
import io.vpmd.spi.hw.model.NicModel;
import io.vpmd.spi.hw.model.Wire;

import java.util.Set;

/** A NIC of the 82599 family in software. */
public final class IxgbeModel extends NicModel<IxgbeFault> {
    private static final int INTEL = 0x8086;
    private static final int SUBSYSTEM = 0x000c;
    private static final int MSIX_AT = 0x70;
    private static final int EXPRESS_AT = 0xa0;
    /* Behind the capability's id and pointer: an endpoint at 5 GT/s with eight lanes. */
    private static final int LINK_CAPABILITIES = 0x0c - 2;
    private static final int LINK_STATUS = 0x12 - 2;
    private static final int EXPRESS_LINK = 0x82;
    private static final int MSIX_BAR = 4;
    private static final int PENDING_BITS = 0x2000;
    private static final int STATISTICS_SEED = 82_599;
    private static final long RESET_NANOS = 5_000;
    private static final long DMA_INIT_NANOS = 1_000_000;
    private static final long IDLE_NANOS = 1_000_000;
    private static final int THRESHOLD_BITS = 0x8007_fff0;
    /* Tables that the data sheet excepts from a reset, 4.2.3, what has its own, and what is shared
     * with firmware and other functions. */
    private static final Set<Register> KEPT =
            Set.of(MTA, VFTA, PFUTA, RAL, RAH, PFVLVF, PFVLVFB, EEC, SWSM, SW_FW_SYNC);

    private final IxgbeModelChip chip;
    private final IxgbeModelInterrupts interrupts;
    private final IxgbeModelNvm nvm;
    private final IxgbeModelLink link;
    private final IxgbeModelFlowControl flowControl;
    private final IxgbeModelFlowDirector flowDirector;
    private final IxgbeModelRx rx;
    private final IxgbeModelTx tx;
    private final IxgbeModelRates rates;
    private final IxgbeModelClock ptp;
    private long resetEndsAt;
    private boolean stuck;

    /** A device after power-on, whose cable is plugged in. The wire stays the caller's. */
    public IxgbeModel(
            String name, IxgbeModelChip chip, MacAddress mac, Wire wire, ModelClock clock) {
        super(
                name,
                clock,
                configSpace(chip),
                IxgbeModelStats.table(),
                BAR_BYTES,
                IxgbeModelChip.VECTORS,
                IxgbeModelStats.TABLE,
                STATISTICS_SEED,
                wire,
                IxgbeFault.class);
        this.chip = chip;
        interrupts = new IxgbeModelInterrupts(this);
        initialValues();
        nvm = new IxgbeModelNvm(this, mac);
        if (chip.firmware()) {
            new IxgbeModelFirmware(this, nvm.nvm());
        }
        link = new IxgbeModelLink(this);
        flowControl = new IxgbeModelFlowControl(this);
        flowDirector = new IxgbeModelFlowDirector(this);
        rx = new IxgbeModelRx(this);
        tx = new IxgbeModelTx(this);
        rates = new IxgbeModelRates(this);
        ptp = new IxgbeModelClock(this);
        registers()
                .onWrite(CTRL, (_, _, written) -> control(written))
                .onRead(CTRL, (_, stored) -> resetting() ? stored | CTRL_RST : stored)
                .onRead(RDRXCTL, (_, stored) -> stored | (dmaReady() ? RDRXCTL_DMAIDONE : 0))
                .onRead(SECRXSTAT, (_, _) -> has(IxgbeFault.BUSY_SECURITY) ? 0 : SECSTAT_RDY)
                .onRead(SECTXSTAT, (_, _) -> SECSTAT_RDY);
        oldOffsets();
    }

    private static ModelConfigSpace configSpace(IxgbeModelChip chip) {
        byte[] express = new byte[18];
        express[0] = 2;
        express[LINK_CAPABILITIES] = (byte) EXPRESS_LINK;
        express[LINK_STATUS] = (byte) EXPRESS_LINK;
        return new ModelConfigSpace(INTEL, chip.deviceId, 1, INTEL, SUBSYSTEM)
                .bar(0, BAR_BYTES)
                .bar(MSIX_BAR, 0x4000)
                .capability(0x01, 0x40, (byte) 0x23, (byte) 0xc8, (byte) 0, (byte) 0)
                .msix(MSIX_AT, IxgbeModelChip.VECTORS, MSIX_BAR, PENDING_BITS)
                .capability(0x10, EXPRESS_AT, express);
    }

    private void initialValues() {
        registers()
                .initial(VLNCTRL, 0x8100)
                .initial(EXVET, 0x8100_0000)
                .initial(DMATXCTL, 0x8100_0000)
                .initial(GCR, 0x0006_0000)
                .initial(LEDCTL, 0x0706_0600)
                .initial(HLREG0, 0x0000_0c03)
                .initial(MAXFRS, 1518 << 16)
                .initial(RXPBSIZE, 0, chip.rxBufferKilobytes() << 10)
                .initial(TXPBSIZE, 0, 160 << 10)
                .initial(DTXTCPFLGL, 0x0f76_0ff6)
                .initial(DTXTCPFLGH, 0x0f7f)
                .initial(DTXMXSZRQ, 0x10)
                .initial(RDRXCTL, 0x0000_0800)
                .writable(VLNCTRL, 0xf000_ffff)
                .writable(FCRTH, THRESHOLD_BITS)
                .writable(FCRTL, THRESHOLD_BITS)
                .writable(RXCTRL, RXCTRL_RXEN)
                .writable(RAH, 0x8000_ffff)
                .writable(MRQC, 0xffff_e00f);
    }

    /** Where drivers of the 82598 look for what has moved. */
    private void oldOffsets() {
        for (int i = 0; i < 16; i++) {
            registers().alias(0x02100 + 4 * i, SRRCTL, i).alias(0x02200 + 4 * i, DCA_RXCTRL, i);
            registers().alias(0x05400 + 8 * i, RAL, i).alias(0x05404 + 8 * i, RAH, i);
            registers().alias(0x05480 + 4 * i, PSRTYPE, i);
        }
        for (int i = 0; i < RETA.count(); i++) {
            registers().alias(0x05c00 + 4 * i, RETA, i);
        }
        for (int i = 0; i < RSSRK.count(); i++) {
            registers().alias(0x05c80 + 4 * i, RSSRK, i);
        }
        registers().alias(0x05818, MRQC, 0);
    }

    private int control(int written) {
        if ((written & (CTRL_RST | CTRL_LRST)) == 0) {
            return written;
        }
        boolean linkToo = (written & CTRL_LRST) != 0;
        resetEndsAt = clock().nanos() + RESET_NANOS;
        stuck = has(IxgbeFault.STUCK_RESET);
        resetRegisters();
        if (linkToo) {
            link.restart();
        }
        return 0;
    }

    private boolean resetting() {
        return (stuck && has(IxgbeFault.STUCK_RESET)) || clock().nanos() - resetEndsAt < 0;
    }

    private boolean dmaReady() {
        return !has(IxgbeFault.NO_DMA_INIT) && clock().nanos() - resetEndsAt >= DMA_INIT_NANOS;
    }

    private void resetRegisters() {
        for (Register r : IxgbeModelStats.table().registers().values()) {
            if (r.access() != Register.Access.RC && !KEPT.contains(r)) {
                registers().reset(r);
            }
        }
        writeBacks().clear();
        interrupts.reset();
        flowControl.reset();
        flowDirector.reset();
        rx.reset();
        tx.reset();
        rates.reset();
        ptp.reset();
        nvm.load();
    }

    @Override
    protected void onReset() {
        resetEndsAt = clock().nanos();
        resetRegisters();
        link.restart();
    }

    @Override
    protected int onTurn(long now) {
        limitFrames(registers().get(MAXFRS) >>> 16);
        int n = link.turn();
        n += rx.turn(now);
        n += flowControl.turn();
        n += tx.turn(now);
        n += writeBacks().turn(now);
        return n + interrupts.turn(now);
    }

    @Override
    protected long nanosToNextEvent(long now) {
        long soon = rx.nanosToNext(now, interrupts.nanosToNext(now, IDLE_NANOS));
        soon = rates.nanosToNext(now, soon);
        return writeBacks().nanosToNext(now, soon);
    }

    @Override
    public void setCable(boolean in) {
        synchronized (lock()) {
            link.setCable(in);
        }
    }

    /**
     * Takes out the SFP module and plugs in another, or none; any thread, at any time.
     *
     * @throws IllegalStateException when the chip has no cage
     */
    public void setModule(IxgbeModelModule module) {
        synchronized (lock()) {
            if (!link.setModule(module)) {
                throw new IllegalStateException(name() + " has no cage for an SFP module");
            }
        }
    }

    /** The model's own table, for comparing it with another one. */
    public static RegisterTable table() {
        return IxgbeModelStats.table();
    }

    /** A word of the EEPROM. */
    public int nvmWord(int address) {
        return nvm.nvm().word(address);
    }

    /** How many packets were cut into segments so far. */
    public long segmentedPackets() {
        synchronized (lock()) {
            return tx.segmentedPackets();
        }
    }

    /** How many packets were put together from several so far. */
    public long coalescedPackets() {
        synchronized (lock()) {
            return rx.coalescedPackets();
        }
    }

    /** What the rate scheduler of a transmit queue holds, 0 for full speed. */
    public int rate(int queue) {
        synchronized (lock()) {
            return rates.rate(queue);
        }
    }

    /** How many filters the flow director has. */
    public int flowFilters() {
        synchronized (lock()) {
            return flowDirector.size();
        }
    }

    public IxgbeModelChip chip() {
        return chip;
    }

    @Override
    protected IxgbeFault lateWriteBack() {
        return IxgbeFault.LATE_WRITE_BACK;
    }

    @Override
    protected IxgbeFault linkFlap() {
        return IxgbeFault.LINK_FLAP;
    }

    @Override
    public boolean mayAccess() {
        return dma().busMaster() && (registers().get(CTRL) & CTRL_GIO_DIS) == 0;
    }

    IxgbeModelInterrupts interrupts() {
        return interrupts;
    }

    IxgbeModelFlowControl flowControl() {
        return flowControl;
    }

    IxgbeModelFlowDirector flowDirector() {
        return flowDirector;
    }

    IxgbeModelLink link() {
        return link;
    }

    IxgbeModelRates rates() {
        return rates;
    }

    IxgbeModelRx rx() {
        return rx;
    }

    IxgbeModelClock ptp() {
        return ptp;
    }

    IxgbeModelTx tx() {
        return tx;
    }
}
