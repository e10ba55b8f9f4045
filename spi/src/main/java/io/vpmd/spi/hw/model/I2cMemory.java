// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Memories of 256 bytes on an I2C bus whose lines a driver moves by itself: each has an address, is
 * written to with an offset first, and reads on from there. With the device's lock held.
 */
public final class I2cMemory {
    private enum Phase {
        /** Not spoken to. */
        IDLE,
        /** Bits come in. */
        RECEIVE,
        /** The byte that came in is acknowledged. */
        ACKNOWLEDGE,
        /** Bits go out. */
        TRANSMIT,
        /** The byte that went out may be acknowledged. */
        AWAIT
    }

    private static final int READ = 1;

    private final Map<Integer, byte[]> memories;
    private Phase phase = Phase.IDLE;
    private boolean clock = true;
    private boolean data = true;
    private boolean drive = true;
    private boolean addressed;
    private boolean offsetKnown;
    private boolean reading;
    private boolean acknowledged;
    private byte @Nullable [] chosen;
    private int offset;
    private int shift;
    private int bits;

    /**
     * A bus at rest.
     *
     * @param memories 256 bytes each by address, whose lowest bit is 0
     */
    public I2cMemory(Map<Integer, byte[]> memories) {
        this.memories = memories;
    }

    /** The lines as the driver has them now: true for released. */
    public void lines(boolean newClock, boolean newData) {
        if (clock && newClock && data && !newData) {
            begin();
        } else if (clock && newClock && !data && newData) {
            phase = Phase.IDLE;
            drive = true;
        } else if (!clock && newClock) {
            rise(newData);
        } else if (clock && !newClock) {
            fall();
        }
        clock = newClock;
        data = newData;
    }

    /** The data line as both ends together make it. */
    public boolean data() {
        return data && drive;
    }

    private void begin() {
        phase = Phase.RECEIVE;
        addressed = false;
        bits = 0;
        drive = true;
    }

    private void rise(boolean bit) {
        if (phase == Phase.RECEIVE) {
            shift = (shift << 1 | (bit ? 1 : 0)) & 0xff;
            bits++;
        } else if (phase == Phase.AWAIT) {
            acknowledged = !bit;
        }
    }

    private void fall() {
        switch (phase) {
            case RECEIVE -> {
                if (bits == 8) {
                    boolean mine = take(shift);
                    phase = mine ? Phase.ACKNOWLEDGE : Phase.IDLE;
                    drive = !mine;
                }
            }
            case ACKNOWLEDGE -> {
                drive = true;
                bits = 0;
                phase = Phase.RECEIVE;
                if (reading) {
                    transmit();
                }
            }
            case TRANSMIT -> {
                if (bits == 8) {
                    drive = true;
                    phase = Phase.AWAIT;
                } else {
                    put();
                }
            }
            case AWAIT -> {
                phase = Phase.IDLE;
                if (acknowledged) {
                    transmit();
                }
            }
            case IDLE -> {}
        }
    }

    /** A byte came in: whether it is acknowledged. */
    private boolean take(int value) {
        if (!addressed) {
            addressed = true;
            reading = (value & READ) != 0;
            chosen = memories.get(value & ~READ);
            offsetKnown = false;
        } else if (!offsetKnown) {
            offsetKnown = true;
            offset = value;
        } else if (chosen != null) {
            chosen[offset] = (byte) value;
            offset = (offset + 1) & 0xff;
        }
        return chosen != null;
    }

    private void transmit() {
        phase = Phase.TRANSMIT;
        shift = chosen == null ? 0xff : chosen[offset] & 0xff;
        offset = (offset + 1) & 0xff;
        bits = 0;
        put();
    }

    private void put() {
        drive = (shift & 0x80) != 0;
        shift = shift << 1 & 0xff;
        bits++;
    }
}
