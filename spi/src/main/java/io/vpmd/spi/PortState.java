// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/** Where a port is in its life. */
public enum PortState {
    /** Opened; has no queues. */
    OPEN,
    /** Has queues and settings; moves no packets. */
    CONFIGURED,
    /** Moves packets. */
    STARTED,
    /** The device is gone; only {@code close} makes sense. */
    REMOVED,
    /** Closed for good. */
    CLOSED
}
