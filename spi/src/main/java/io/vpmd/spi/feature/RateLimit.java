// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/**
 * Limits of transmit queues, kept by the device. They survive stop and start. Methods throw {@link
 * io.vpmd.spi.PortException}. Any thread.
 */
public interface RateLimit {
    /**
     * The limit of a transmit queue in megabits a second, frames with all their overhead; 0 for
     * none.
     */
    int rateLimit(int queue);

    /**
     * Limits a transmit queue; what is above the speed of the link limits nothing.
     *
     * @param megabits a second, 0 for no limit
     */
    void setRateLimit(int queue, int megabits);
}
