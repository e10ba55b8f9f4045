// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import io.vpmd.spi.Link;

/** A port whose link state is the application's to say, such as one that faces the kernel. */
public interface LinkControl {
    /**
     * Shows {@code link} (carrier, speed, duplex) to the other side.
     *
     * @return whether the link was up before
     * @throws io.vpmd.spi.PortException when the other side cannot be told
     */
    boolean updateLink(Link link);
}
