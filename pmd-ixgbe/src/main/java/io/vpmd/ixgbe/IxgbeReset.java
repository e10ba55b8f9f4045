// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Brings the device to a known state, and leaves it in one that reaches no memory. */
final class IxgbeReset {
    private static final Logger LOG = System.getLogger(IxgbeReset.class.getName());
    private static final int ALL = -1;
    private static final int MASTER_TIMEOUT_MICROS = 80_000;
    private static final int PENDING_TIMEOUT_MICROS = 80_000;
    private static final int PENDING_STEP_MICROS = 100;
    private static final int RESET_TIMEOUT_MICROS = 10_000;
    private static final int AUTO_READ_TIMEOUT_MICROS = 100_000;
    private static final int DMA_TIMEOUT_MICROS = 100_000;
    private static final int SECURITY_TIMEOUT_MICROS = 40_000;
    private static final int RX_STOP_MICROS = 100;
    private static final int DRAIN_MICROS = 2_000;
    private static final int LOOPBACK_MICROS = 3_000;
    private static final int BUFFERS_MICROS = 20;
    /* 4.2.1: what the reset sets off needs that long before registers are written. */
    private static final int SETTLE_MICROS = 50_000;
    private static final int SETTLE_MICROS_X540 = 100_000;

    private static final int DEVICE_STATUS = 0x0a;
    private static final int TRANSACTIONS_PENDING = 1 << 5;

    private final Registers regs;
    private final ConfigSpace config;
    private final IxgbeChip chip;
    private final IxgbeSemaphores semaphores;
    private final IxgbeMac mac;
    private final IxgbeHostInterface firmware;
    private boolean twice;

    IxgbeReset(
            Registers regs,
            ConfigSpace config,
            IxgbeChip chip,
            IxgbeSemaphores semaphores,
            IxgbeMac mac,
            IxgbeHostInterface firmware) {
        this.regs = regs;
        this.config = config;
        this.chip = chip;
        this.semaphores = semaphores;
        this.mac = mac;
        this.firmware = firmware;
    }

    /** Resets the function, 4.2.1.6 and 4.6.3. */
    void reset(String operation) {
        // 1. No packet, no interrupt; what is under way ends.
        closeReceiver(operation);
        maskInterrupts();
        flushQueues();
        // 2. No new request on PCIe.
        quietBus(operation);
        if (twice) {
            clearPending();
        }
        // 3. The reset itself; after requests that did not end, another, 5.2.5.3.2.
        for (int i = twice ? 2 : 1; i > 0; i--) {
            resetMac(operation);
        }
        twice = false;
        // 4. The NVM is loaded again, and the DMA unit gets itself ready.
        regs.await(
                operation,
                EEC,
                0,
                EEC_ARD,
                EEC_ARD,
                AUTO_READ_TIMEOUT_MICROS,
                "the NVM to be loaded");
        regs.await(
                operation,
                RDRXCTL,
                0,
                RDRXCTL_DMAIDONE,
                RDRXCTL_DMAIDONE,
                DMA_TIMEOUT_MICROS,
                "the DMA unit to be ready");
        // 5. The reset has unmasked nothing, but causes may be pending.
        maskInterrupts();
        // 6. What the NVM says of the link holds, and not what the reset made of it.
        mac.restore(operation);
    }

    /**
     * Errata of 82599 and X540: the receive DMA hangs when a packet is on its way through the
     * security block while the receiver is switched on, so that the block is closed around that.
     */
    void openReceiver(String operation) {
        withSecurityClosed(operation, () -> regs.change(RXCTRL, 0, RXCTRL_RXEN));
    }

    void closeReceiver(String operation) {
        if ((regs.read(RXCTRL) & RXCTRL_RXEN) != 0) {
            if (!chip.has(Trait.FIRMWARE_COMMANDS) || !closedByFirmware(operation)) {
                withSecurityClosed(operation, () -> regs.change(RXCTRL, RXCTRL_RXEN, 0));
            }
            Registers.delayMicros(RX_STOP_MICROS);
        }
    }

    /** Firmware that does not answer must not keep the driver from doing it. */
    private boolean closedByFirmware(String operation) {
        try {
            int _ =
                    semaphores.withFirmware(
                            operation,
                            () -> {
                                int function = IxgbeSemaphores.function(regs);
                                firmware.disableReceiver(operation, function);
                                return function;
                            });
        } catch (DeviceException e) {
            LOG.log(Level.WARNING, "the driver ends reception itself: " + e.getMessage());
        }
        return (regs.read(RXCTRL) & RXCTRL_RXEN) == 0;
    }

    private void withSecurityClosed(String operation, Runnable change) {
        regs.change(SECRXCTRL, 0, SECRXCTRL_RX_DIS);
        // One that does not get empty is no reason to leave the receiver as it is.
        regs.reaches(
                operation,
                SECRXSTAT,
                0,
                SECRXSTAT_SECRX_RDY,
                SECRXSTAT_SECRX_RDY,
                SECURITY_TIMEOUT_MICROS);
        change.run();
        regs.change(SECRXCTRL, SECRXCTRL_RX_DIS, 0);
        regs.read(STATUS);
    }

    private void flushQueues() {
        for (int q = 0; q < IxgbeChip.QUEUES; q++) {
            regs.write(TXDCTL, q, XDCTL_SWFLSH);
            regs.change(RXDCTL, q, XDCTL_ENABLE, XDCTL_SWFLSH);
        }
        regs.read(STATUS);
        Registers.delayMicros(DRAIN_MICROS);
    }

    /** Requests that hang do not keep a reset from helping, when it is done twice. */
    private void quietBus(String operation) {
        regs.change(CTRL, 0, CTRL_GIO_DIS);
        if (regs.reaches(operation, STATUS, 0, STATUS_GIO, 0, MASTER_TIMEOUT_MICROS)) {
            return;
        }
        twice = true;
        if (chip.has(Trait.TRANSACTIONS_PENDING)) {
            awaitTransactions();
        }
    }

    /** Until no request on PCIe waits for its answer, as far as that happens in time. */
    private void awaitTransactions() {
        OptionalInt express = config.capability(ConfigSpace.CAPABILITY_EXPRESS);
        if (express.isEmpty()) {
            return;
        }
        int at = express.getAsInt() + DEVICE_STATUS;
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(PENDING_TIMEOUT_MICROS);
        while ((config.read(at, 2) & TRANSACTIONS_PENDING) != 0
                && System.nanoTime() - deadline < 0) {
            Registers.delayMicros(PENDING_STEP_MICROS);
        }
    }

    /** Empties what waits in the PCIe block, with the loop closed so that nothing is sent. */
    private void clearPending() {
        int mac0 = regs.read(HLREG0);
        regs.write(HLREG0, mac0 | HLREG0_LPBK);
        regs.read(STATUS);
        Registers.delayMicros(LOOPBACK_MICROS);
        awaitTransactions();
        int before = regs.read(GCR_EXT);
        regs.write(GCR_EXT, before | GCR_EXT_BUFFERS_CLEAR);
        regs.read(STATUS);
        Registers.delayMicros(BUFFERS_MICROS);
        regs.write(GCR_EXT, before);
        regs.write(HLREG0, mac0);
    }

    private void resetMac(String operation) {
        if (chip.has(Trait.AUTOC)) {
            // A link reset takes everything along; with the link up firmware may be using it.
            boolean up = (regs.read(LINKS) & LINKS_UP) != 0;
            regs.change(CTRL, 0, up ? CTRL_RST : CTRL_LRST);
        } else {
            int _ =
                    semaphores.withPhy(
                            operation,
                            () -> {
                                regs.change(CTRL, 0, CTRL_RST);
                                return regs.read(STATUS);
                            });
        }
        Registers.delayMicros(chip.has(Trait.AUTOC) ? SETTLE_MICROS : SETTLE_MICROS_X540);
        int both = CTRL_RST | CTRL_LRST;
        regs.await(operation, CTRL, 0, both, 0, RESET_TIMEOUT_MICROS, "the reset to end");
    }

    void maskInterrupts() {
        regs.write(EIMC, ALL);
        regs.write(EIMC_EX, 0, ALL);
        regs.write(EIMC_EX, 1, ALL);
        regs.readAndClear(EICR, 0);
    }

    /** What holds from the reset to the end, 4.6.3; nothing is enabled yet. */
    void init() {
        // 1. Tells the firmware that a driver is there; no-snoop requests are none of ours.
        regs.change(CTRL_EXT, 0, CTRL_EXT_DRV_LOAD | CTRL_EXT_NS_DIS);
        // 2. No wake-up, no table of unicast hashes, every address for the one pool that there is.
        regs.write(WUC, 0);
        for (int i = 0; i < PFUTA.count(); i++) {
            regs.write(PFUTA, i, 0);
        }
        for (int i = 0; i < MPSAR.count(); i++) {
            regs.write(MPSAR, i, i < 2 ? ALL : 0);
        }
        for (int q = 0; q < IxgbeChip.QUEUES; q++) {
            // 3. No limit of rates from before.
            regs.write(RTTDQSEL, q);
            regs.write(RTTBCNRC, 0);
            // 4. No relaxed ordering of writes: a descriptor must not overtake its data.
            regs.change(DCA_TXCTRL, q, DCA_TXCTRL_WRITES, 0);
            regs.change(DCA_RXCTRL, q, DCA_RXCTRL_WRITES, 0);
        }
        mac.init();
    }

    /** The reverse of {@link #init}: the device is left reset, silent and without bus mastering. */
    void shutDown() {
        regs.change(CTRL_EXT, CTRL_EXT_DRV_LOAD, 0);
        reset("close");
        regs.write(WUC, 0);
    }
}
