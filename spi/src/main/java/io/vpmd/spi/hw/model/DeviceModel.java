// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.RegisterTable;

/**
 * A PCI network device in software. A subclass adds registers, rings and the rest of its data
 * sheet. Register hooks and turns run one at a time, under the device's lock.
 */
public abstract class DeviceModel {
    private final String name;
    private final ModelClock clock;
    private final ModelConfigSpace config;
    private final RegisterFile registers;
    private final DmaSpace dma = new DmaSpace();
    private final MsixVectors vectors;
    private final Violations violations = new Violations();
    private final Object lock = new Object();
    private volatile Runnable wake = () -> {};

    /**
     * A device after power-on.
     *
     * @param name for messages
     * @param table all registers
     * @param barBytes size of BAR 0, which holds them
     */
    protected DeviceModel(
            String name,
            ModelClock clock,
            ModelConfigSpace config,
            RegisterTable table,
            int barBytes,
            int vectorCount) {
        this.name = name;
        this.clock = clock;
        this.config = config;
        this.vectors = new MsixVectors(vectorCount);
        this.registers = new RegisterFile(table, barBytes, lock, this::rung, violations);
        config.onCommand(this::command);
    }

    private void rung() {
        wake.run();
    }

    private void command(int value) {
        // With the lock: when the write returns, no access is under way any more.
        synchronized (lock) {
            dma.setBusMaster((value & ConfigSpace.COMMAND_BUS_MASTER) != 0);
        }
        rung();
    }

    /**
     * Moves what can be moved now: frames, descriptors, interrupts.
     *
     * @return how much was done; 0 means that nothing happens before the next doorbell, frame or
     *     {@link #nanosToNextEvent}
     */
    protected abstract int onTurn(long now);

    /** Plugs the cable in or out; any thread. */
    public abstract void setCable(boolean in);

    /** A reset of the function as a whole, such as by the bus. */
    protected abstract void onReset();

    /** How long the engine may sleep at most when a turn did nothing. */
    protected long nanosToNextEvent(long now) {
        return 1_000_000;
    }

    /** Takes one turn; any thread. Nothing happens in a device that is gone. */
    public final int turn() {
        synchronized (lock) {
            return registers.removed() ? 0 : onTurn(clock.nanos());
        }
    }

    final long sleepNanos() {
        synchronized (lock) {
            return nanosToNextEvent(clock.nanos());
        }
    }

    /** Resets the function: registers as after power-on, bus mastering off. */
    public final void reset() {
        config.reset();
        synchronized (lock) {
            onReset();
        }
    }

    /**
     * Pulls the device out: reads give all ones, writes go nowhere, nothing is sent, received or
     * signalled any more. For good.
     */
    public final void remove() {
        config.remove();
        synchronized (lock) {
            registers.remove();
            dma.setBusMaster(false);
            vectors.disconnectAll();
        }
    }

    /** What is called after anything that may give the engine something to do. */
    final void onWake(Runnable action) {
        wake = action;
    }

    public final String name() {
        return name;
    }

    public final ModelClock clock() {
        return clock;
    }

    public final ModelConfigSpace config() {
        return config;
    }

    public final RegisterFile registers() {
        return registers;
    }

    public final DmaSpace dma() {
        return dma;
    }

    public final MsixVectors vectors() {
        return vectors;
    }

    public final Violations violations() {
        return violations;
    }

    /** Runs something while no hook runs, no turn is taken and nothing is signalled. */
    public final void exclusively(Runnable action) {
        synchronized (lock) {
            action.run();
        }
    }

    /** What hooks and turns run under. */
    protected final Object lock() {
        return lock;
    }

    /**
     * A memory BAR.
     *
     * @throws BusException when there is no such BAR
     */
    public Mmio bar(int number) {
        if (number != 0) {
            throw new BusException("open", name, "BAR " + number + " is not modelled", "use BAR 0");
        }
        return registers;
    }

    @Override
    public String toString() {
        return name;
    }
}
