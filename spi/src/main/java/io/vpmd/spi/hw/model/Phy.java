// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * A copper PHY of IEEE 802.3 clause 22 with gigabit: it negotiates with a partner at the other end
 * of the cable, which offers everything. With the device's lock held.
 */
public final class Phy {
    public static final int CONTROL = 0;
    public static final int STATUS = 1;

    private static final int ID1 = 2;
    private static final int ID2 = 3;
    private static final int ADVERTISED = 4;
    private static final int PARTNER = 5;
    private static final int EXPANSION = 6;
    private static final int GIGABIT_CONTROL = 9;
    private static final int GIGABIT_STATUS = 10;
    private static final int EXTENDED_STATUS = 15;

    private static final int CONTROL_RESET = 1 << 15;
    private static final int CONTROL_LOOPBACK = 1 << 14;
    private static final int CONTROL_SPEED_LOW = 1 << 13;
    private static final int CONTROL_AUTONEG = 1 << 12;
    private static final int CONTROL_POWER_DOWN = 1 << 11;
    private static final int CONTROL_ISOLATE = 1 << 10;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int CONTROL_FULL_DUPLEX = 1 << 8;
    private static final int CONTROL_SPEED_HIGH = 1 << 6;
    private static final int CONTROL_INITIAL =
            CONTROL_AUTONEG | CONTROL_FULL_DUPLEX | CONTROL_SPEED_HIGH;
    private static final int STATUS_FIXED = 0x7949;
    private static final int STATUS_LINK = 1 << 2;
    private static final int STATUS_AUTONEG_DONE = 1 << 5;
    private static final int PARTNER_OFFERS = 0xcde1;
    private static final int PARTNER_GIGABIT = 0x7c00;
    private static final int GIGABIT_FULL = 1 << 9;
    private static final int GIGABIT_HALF = 1 << 8;
    private static final int ALL_TEN_HUNDRED = 0x0de1;

    private final ModelClock clock;
    private final int id;
    private final long negotiationNanos;
    private final int[] registers = new int[32];
    private boolean cable;
    private long doneAt;
    private boolean latchedDown = true;

    /**
     * A PHY after power-on, without a cable.
     *
     * @param id registers 2 and 3
     * @param negotiationNanos how long it takes to find a link
     */
    public Phy(ModelClock clock, int id, long negotiationNanos) {
        this.clock = clock;
        this.id = id;
        this.negotiationNanos = negotiationNanos;
        reset();
    }

    /** As after power-on; the cable stays. */
    public void reset() {
        registers[CONTROL] = CONTROL_INITIAL;
        registers[ADVERTISED] = ALL_TEN_HUNDRED;
        registers[GIGABIT_CONTROL] = GIGABIT_FULL | GIGABIT_HALF;
        restart();
    }

    private void restart() {
        doneAt = clock.nanos() + negotiationNanos;
        latchedDown = true;
    }

    /** Plugs a cable in whose other end is ready, or out. */
    public void setCable(boolean in) {
        if (cable != in) {
            cable = in;
            restart();
        }
    }

    /** Whether bits pass. */
    public boolean up() {
        int control = registers[CONTROL];
        return (loopback() || (cable && clock.nanos() - doneAt >= 0))
                && (control & (CONTROL_POWER_DOWN | CONTROL_ISOLATE)) == 0;
    }

    /** Whether what is sent comes back. */
    public boolean loopback() {
        return (registers[CONTROL] & CONTROL_LOOPBACK) != 0;
    }

    /** Megabits a second of the link, also of one that is still being found. */
    public int speedMbps() {
        int control = registers[CONTROL];
        if ((control & CONTROL_AUTONEG) == 0) {
            return (control & CONTROL_SPEED_HIGH) != 0
                    ? 1000
                    : (control & CONTROL_SPEED_LOW) != 0 ? 100 : 10;
        }
        if ((registers[GIGABIT_CONTROL] & (GIGABIT_FULL | GIGABIT_HALF)) != 0) {
            return 1000;
        }
        return (registers[ADVERTISED] & 0x0380) != 0 ? 100 : 10;
    }

    public boolean fullDuplex() {
        if ((registers[CONTROL] & CONTROL_AUTONEG) == 0) {
            return (registers[CONTROL] & CONTROL_FULL_DUPLEX) != 0;
        }
        return switch (speedMbps()) {
            case 1000 -> (registers[GIGABIT_CONTROL] & GIGABIT_FULL) != 0;
            case 100 -> (registers[ADVERTISED] & 0x0100) != 0;
            default -> (registers[ADVERTISED] & 0x0040) != 0;
        };
    }

    /** What a read over MDIO gives, 16 bits. */
    public int read(int register) {
        boolean done = cable && clock.nanos() - doneAt >= 0;
        return switch (register) {
            case STATUS -> status(done);
            case ID1 -> id >>> 16;
            case ID2 -> id & 0xffff;
            case PARTNER -> done ? PARTNER_OFFERS : 0;
            case EXPANSION -> done ? 0x000f : 0x0004;
            case GIGABIT_STATUS -> done ? PARTNER_GIGABIT : 0;
            case EXTENDED_STATUS -> 0x3000;
            default -> registers[register];
        };
    }

    /** A link that was down since the last read is shown as down once, 22.2.4.2.13. */
    private int status(boolean done) {
        boolean up = up() && !latchedDown;
        latchedDown = !up();
        boolean negotiated = done && (registers[CONTROL] & CONTROL_AUTONEG) != 0;
        return STATUS_FIXED | (up ? STATUS_LINK : 0) | (negotiated ? STATUS_AUTONEG_DONE : 0);
    }

    public void write(int register, int value) {
        if (register == CONTROL) {
            writeControl(value);
        } else if (register != STATUS && register != ID1 && register != ID2) {
            registers[register] = value & 0xffff;
        }
    }

    private void writeControl(int value) {
        if ((value & CONTROL_RESET) != 0) {
            reset();
            return;
        }
        int old = registers[CONTROL];
        registers[CONTROL] = value & ~CONTROL_RESTART;
        boolean woken = (old & ~value & CONTROL_POWER_DOWN) != 0;
        if ((value & CONTROL_RESTART) != 0 || woken) {
            restart();
        }
    }
}
