// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.util.HashMap;
import java.util.Map;

/**
 * A copper PHY of IEEE 802.3 clause 45 for 10 Gbit/s, 1 Gbit/s and 100 Mbit/s: it negotiates with a
 * partner at the other end of the cable, which offers everything. Beside the standard's registers
 * it has those of its maker by which drivers set and see what the standard leaves out. With the
 * device's lock held.
 */
public final class Clause45Phy {
    /** Register of a device: {@code device << 16 | register}. */
    private static final int PMA = 1 << 16;

    private static final int PHY_XS = 4 << 16;
    private static final int AN = 7 << 16;
    private static final int VENDOR = 0x1e << 16;
    private static final int CONTROL = 0;
    private static final int STATUS = 1;
    private static final int ID1 = 2;
    private static final int ID2 = 3;
    private static final int SPEED = 4;
    private static final int DEVICES1 = 5;
    private static final int DEVICES2 = 6;
    private static final int STATUS2 = 8;
    private static final int EXTENDED = PMA | 11;
    private static final int AN_ADVERTISED = AN | 0x10;
    private static final int AN_PARTNER = AN | 0x13;
    private static final int AN_10G = AN | 0x20;
    private static final int AN_10G_STATUS = AN | 0x21;
    private static final int AN_PROVISION = AN | 0xc400;
    private static final int AN_VENDOR_STATUS = AN | 0xc800;
    private static final int AN_VENDOR_PARTNER = AN | 0xe820;
    private static final int FIRMWARE = VENDOR | 0x20;

    private static final int CONTROL_RESET = 1 << 15;
    private static final int CONTROL_LOW_POWER = 1 << 11;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int AN_ENABLE = 1 << 12;
    private static final int STATUS_LINK = 1 << 2;
    private static final int AN_DONE = 1 << 5;
    private static final int ANSWERS = 1 << 15;
    private static final int SPEEDS = 0x0031;
    /* 10GBASE-T, 1000BASE-T, 100BASE-TX. */
    private static final int KINDS = 0x00a4;
    private static final int THERE1 = 0x009a;
    private static final int THERE2 = 0x4000;
    private static final int OFFER_10G = 1 << 12;
    private static final int OFFER_1G = 1 << 15;
    private static final int OFFER_100M = 1 << 8;
    private static final int OFFER_ALL_BELOW = 0x0de1;
    private static final int PARTNER_10G = 1 << 11;
    private static final int PARTNER_1G = 1 << 15;

    private final ModelClock clock;
    private final int id;
    private final long negotiationNanos;
    private final Map<Integer, Integer> registers = new HashMap<>();
    private boolean cable;
    private long doneAt;

    /**
     * A PHY after power-on, without a cable.
     *
     * @param id registers 2 and 3
     * @param negotiationNanos how long it takes to find a link
     */
    public Clause45Phy(ModelClock clock, int id, long negotiationNanos) {
        this.clock = clock;
        this.id = id;
        this.negotiationNanos = negotiationNanos;
        reset();
    }

    /** As after power-on; the cable stays. */
    public void reset() {
        registers.clear();
        registers.put(AN | CONTROL, AN_ENABLE);
        registers.put(AN_ADVERTISED, OFFER_ALL_BELOW);
        registers.put(AN_10G, OFFER_10G);
        registers.put(AN_PROVISION, OFFER_1G);
        registers.put(FIRMWARE, 0x0105);
        restart();
    }

    private void restart() {
        doneAt = clock.nanos() + negotiationNanos;
    }

    /** Plugs a cable in whose other end is ready, or out. */
    public void setCable(boolean in) {
        if (cable != in) {
            cable = in;
            restart();
        }
    }

    private int stored(int register) {
        return registers.getOrDefault(register, 0);
    }

    /** Whether bits pass. */
    public boolean up() {
        boolean awake = ((stored(VENDOR) | stored(PMA)) & CONTROL_LOW_POWER) == 0;
        return awake && cable && speedMbps() != 0 && clock.nanos() - doneAt >= 0;
    }

    /** Megabits a second of the link, also of one that is still being found; 0 for none offered. */
    public int speedMbps() {
        if ((stored(AN_10G) & OFFER_10G) != 0) {
            return 10_000;
        }
        if ((stored(AN_PROVISION) & OFFER_1G) != 0) {
            return 1_000;
        }
        return (stored(AN_ADVERTISED) & OFFER_100M) != 0 ? 100 : 0;
    }

    /** What a read over MDIO gives, 16 bits. */
    public int read(int device, int register) {
        int which = device << 16 | register;
        if ((THERE1 >>> device & 1) == 0 && which >>> 16 != VENDOR >>> 16) {
            return 0xffff;
        }
        return switch (which) {
            case AN | STATUS -> up() ? STATUS_LINK | AN_DONE | 1 : 0;
            case AN_PARTNER -> up() ? OFFER_ALL_BELOW : 0;
            case AN_10G_STATUS -> up() ? PARTNER_10G : 0;
            case AN_VENDOR_PARTNER -> up() ? PARTNER_1G : 0;
            case AN_VENDOR_STATUS ->
                    switch (speedMbps()) {
                        case 10_000 -> 7;
                        case 1_000 -> 5;
                        default -> 3;
                    };
            case PMA | SPEED -> SPEEDS;
            case EXTENDED -> KINDS;
            default -> common(which, register);
        };
    }

    private int common(int which, int register) {
        return switch (register) {
            case STATUS -> up() ? STATUS_LINK : 0;
            case ID1 -> id >>> 16;
            case ID2 -> id & 0xffff;
            case DEVICES1 -> THERE1;
            case DEVICES2 -> THERE2;
            case STATUS2 -> ANSWERS;
            default -> stored(which);
        };
    }

    public void write(int device, int register, int value) {
        int which = device << 16 | register;
        if (register == CONTROL && (value & CONTROL_RESET) != 0) {
            if (which == PMA || which == PHY_XS) {
                reset();
            }
            return;
        }
        boolean woken = (stored(which) & ~value & CONTROL_LOW_POWER) != 0;
        boolean again = which == (AN | CONTROL) && (value & CONTROL_RESTART) != 0;
        registers.put(which, register == CONTROL ? value & ~CONTROL_RESTART : value);
        if (again || (register == CONTROL && woken)) {
            restart();
        }
    }
}
