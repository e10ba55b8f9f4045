// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reads and writes the registers of one device, and waits for them with a limit. */
public final class Registers {
    private static final int GONE = -1;
    private static final long FIRST_PAUSE_NANOS = 1_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final Mmio mmio;
    private final String port;

    /**
     * Registers of a BAR.
     *
     * @param port name for messages
     */
    public Registers(Mmio mmio, String port) {
        this.mmio = mmio;
        this.port = port;
    }

    /** What the registers are in, for doorbells. */
    public Mmio mmio() {
        return mmio;
    }

    public int read(Register register) {
        return read(register, 0);
    }

    public int read(Register register, int index) {
        if (register.access() == Register.Access.RC) {
            throw new IllegalArgumentException(register + " is cleared by a read");
        }
        return mmio.read(register.at(index));
    }

    /** Reads a register that this clears: only whoever keeps the sum may. */
    public int readAndClear(Register register, int index) {
        return mmio.read(register.at(index));
    }

    public void write(Register register, int value) {
        mmio.write(register.at(0), value);
    }

    public void write(Register register, int index, int value) {
        mmio.write(register.at(index), value);
    }

    /** Writes the low and the high half of an address register pair. */
    public void writeAddress(Register low, Register high, int index, long address) {
        write(low, index, (int) address);
        write(high, index, (int) (address >>> 32));
    }

    /** Reads, clears {@code clear}, sets {@code set}, writes. */
    public void change(Register register, int clear, int set) {
        change(register, 0, clear, set);
    }

    public void change(Register register, int index, int clear, int set) {
        write(register, index, (read(register, index) & ~clear) | set);
    }

    /**
     * Waits until {@code register & mask} is {@code value}.
     *
     * @param what is being waited for, for the message: "the reset to end"
     * @throws DeviceException when it is not in time, or when the device is gone
     */
    public void await(
            String operation,
            Register register,
            int index,
            int mask,
            int value,
            long timeoutMicros,
            String what) {
        if (!reaches(operation, register, index, mask, value, timeoutMicros)) {
            throw new DeviceException(
                    operation,
                    port,
                    "waited "
                            + timeoutMicros
                            + " us for "
                            + what
                            + ", "
                            + register
                            + (register.count() > 1 ? "[" + index + "]" : "")
                            + " is "
                            + RegisterTable.hex(read(register, index)),
                    "reset the device (close and open the port)");
        }
    }

    /**
     * The same, for what may lawfully not happen.
     *
     * @return whether it happened in time
     * @throws DeviceException when the device is gone
     */
    public boolean reaches(
            String operation,
            Register register,
            int index,
            int mask,
            int value,
            long timeoutMicros) {
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(timeoutMicros);
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            boolean over = System.nanoTime() - deadline > 0;
            int now = read(register, index);
            if ((now & mask) == value && now != GONE) {
                return true;
            }
            if (now == GONE) {
                checkThere(operation, register);
            }
            if (over) {
                return false;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private void checkThere(String operation, Register register) {
        throw new DeviceException(
                operation,
                port,
                register + " reads as all ones: the device is gone",
                "close the port");
    }

    /** Sleeps; for delays that the data sheet asks for. */
    public static void delayMicros(long micros) {
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        long left = deadline - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = deadline - System.nanoTime();
        }
    }
}
