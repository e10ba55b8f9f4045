// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * The memory of an SFP module on an I2C bus whose lines a driver moves by itself: an offset is
 * written, and reads go on from there; what else is written has no effect. With the device's lock
 * held.
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
    private static final int ADDRESS = 0xa0;

    private final SfpMemory memory;
    private Phase phase = Phase.IDLE;
    private boolean clock = true;
    private boolean data = true;
    private boolean drive = true;
    private boolean addressed;
    private boolean offsetKnown;
    private boolean reading;
    private boolean acknowledged;
    private int page;
    private int offset;
    private int shift;
    private int bits;

    /**
     * A bus at rest.
     *
     * @param memory at A0h and A2h
     */
    public I2cMemory(SfpMemory memory) {
        this.memory = memory;
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
            page = (value - ADDRESS) >> 1;
            offsetKnown = false;
        } else if (!offsetKnown) {
            offsetKnown = true;
            offset = value;
        }
        return page >= 0 && page < SfpMemory.PAGES;
    }

    private void transmit() {
        phase = Phase.TRANSMIT;
        shift = memory.read(page, offset);
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
