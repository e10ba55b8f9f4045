// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong with a modelled device: the values of {@code fault=}, plus-separated. */
public enum IxgbeFault {
    /** Descriptors are written back 2 ms after their packet was moved. */
    LATE_WRITE_BACK,
    /** A receive queue never says that it is enabled. */
    STUCK_RX_ENABLE,
    /** A transmit queue never says that it is enabled. */
    STUCK_TX_ENABLE,
    /** A receive queue goes on receiving when it is disabled. */
    STUCK_RX_DISABLE,
    /** A transmit queue does not end. */
    STUCK_TX_DISABLE,
    /** EEC.AUTO_RD is never set. */
    NO_AUTO_READ,
    /** RDRXCTL.DMAIDONE is never set. */
    NO_DMA_INIT,
    /** SECRXSTAT.SECRX_RDY is never set. */
    BUSY_SECURITY,
    /** CTRL.RST and LRST are never cleared. */
    STUCK_RESET,
    /** Another driver holds SWSM.SMBI and never gives it back. */
    HELD_SMBI,
    /** The firmware holds its half of the lock of SW_FW_SYNC and never gives it back. */
    HELD_LOCK,
    /** The firmware holds what SW_FW_SYNC guards and never gives it back. */
    HELD_SEMAPHORE,
    /** Words of the NVM do not add up. */
    NVM_CHECKSUM,
    /** Reads of the NVM never end. */
    DEAD_NVM,
    /** The PHY does not answer. */
    DEAD_PHY,
    /** The firmware carries no command out. */
    DEAD_FIRMWARE,
    /** STATUS.GIO_MASTER_ENABLE never clears. */
    PENDING_REQUESTS,
    /** Nothing is taken out of transmit rings. */
    STALLED_TX,
    /** The link goes down for 20 ms, five times a second. */
    LINK_FLAP;

    /** The fault with this name, dashes for underscores, in any case. */
    public static Optional<IxgbeFault> named(String name) {
        return Arrays.stream(values()).filter(f -> f.toString().equalsIgnoreCase(name)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
