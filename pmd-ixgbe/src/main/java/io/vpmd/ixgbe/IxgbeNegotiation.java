// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.feature.LinkSpeeds.Mode;

import java.util.Set;

/**
 * A PHY beside the MAC that makes the link, as the driver sets it up. All methods throw a {@link
 * io.vpmd.spi.hw.DeviceException} when it does not answer in time.
 */
interface IxgbeNegotiation {
    /** Makes it look for a link; one that is there is left alone. */
    void setUp(String operation, boolean up);

    /** What it can do. */
    Set<Mode> modes();

    /** What it offers to its partner. */
    Set<Mode> offered(String operation);

    /** Offers modes, one at least; negotiates anew. */
    void offer(String operation, Set<Mode> modes);

    /** Offers pause frames; negotiates anew. */
    void offerPause(String operation, boolean receive, boolean send);

    /** What both sides agreed on, of {@code PauseSettings.RECEIVE} and {@code SEND}. */
    int agreedPause(String operation);

    /** Ends the link where that is the driver's to do. */
    void shutDown(String operation);
}
