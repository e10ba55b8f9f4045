// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/**
 * A port on a link whose packets all carry an outer tag: offloads, filters and parsing then look
 * behind it, and the tag that is stripped, inserted and filtered is the inner one. Survives stop
 * and start. Methods throw {@link io.vpmd.spi.PortException}.
 */
public interface DoubleVlan {
    /** EtherType of the outer tag of IEEE 802.1ad. */
    int SERVICE_TAG = 0x88a8;

    /** EtherType of the outer tag, or 0 when there is none. */
    int outerType();

    /** Sets the EtherType of the outer tag, 0x600 to 0xffff, or 0 for none. */
    void setOuterType(int etherType);
}
