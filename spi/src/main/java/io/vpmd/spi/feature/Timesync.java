// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.OptionalLong;

/**
 * The clock of a device that stamps packets of IEEE 1588. Times are nanoseconds. Methods throw
 * {@link io.vpmd.spi.PortException}.
 */
public interface Timesync {
    /** Starts the clock at the system's time, and stamping. */
    void enableTimesync();

    /** Ends stamping. */
    void disableTimesync();

    /** The clock now. */
    long readTime();

    /** Sets the clock. */
    void setTime(long nanos);

    /** Moves the clock. */
    void adjustTime(long deltaNanos);

    /** Makes the clock faster, or slower, by this many parts in 10^9 of its own rate. */
    void adjustFrequency(long partsPerBillion);

    /** When the last event packet arrived; once for each, empty when there is none. */
    OptionalLong readRxTimestamp();

    /** When the last packet that asked for it was sent; once for each. */
    OptionalLong readTxTimestamp();
}
