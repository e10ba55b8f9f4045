// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.nio.ByteBuffer;

/**
 * The kernel's counters of an interface, as {@code ip -s link} shows them: received means received
 * by the kernel.
 */
public record LinkStats(
        long rxPackets,
        long txPackets,
        long rxBytes,
        long txBytes,
        long rxErrors,
        long txErrors,
        long rxDropped,
        long txDropped,
        long rxMulticast,
        long collisions) {
    static final LinkStats ZERO = new LinkStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final int SIZE = 80;

    /** {@code struct rtnl_link_stats64}. */
    static LinkStats parse(ByteBuffer b) {
        return new LinkStats(
                b.getLong(0),
                b.getLong(8),
                b.getLong(16),
                b.getLong(24),
                b.getLong(32),
                b.getLong(40),
                b.getLong(48),
                b.getLong(56),
                b.getLong(64),
                b.getLong(72));
    }
}
