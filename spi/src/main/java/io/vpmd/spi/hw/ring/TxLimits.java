// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.mbuf.Mbuf;

import org.jspecify.annotations.Nullable;

/** What the device takes for a packet, 7.2.1 and 7.2.2. */
final class TxLimits {
    /* The MAC pads what is shorter than 64 bytes, but wants 17 to begin with. */
    static final int MIN_DATA = 17;

    private TxLimits() {}

    /**
     * Whether the device can send a packet that is well formed.
     *
     * @param offload what it asks for
     * @param mostSegments that the device takes
     */
    static boolean allow(Mbuf m, int offload, int mostSegments) {
        if (m.segments() > mostSegments || !mapped(m)) {
            return false;
        }
        if (m.packetLength() < MIN_DATA) {
            return m.segments() == 1 && m.tailroom() >= MIN_DATA - m.dataLength();
        }
        return offload == 0 || TxContext.fits(m, offload);
    }

    /** Not so when the application kept packets of a pool that it closed. */
    private static boolean mapped(Mbuf m) {
        for (@Nullable Mbuf segment = m; segment != null; segment = segment.next()) {
            if (segment.pool().unmapped()) {
                return false;
            }
        }
        return true;
    }

    /** Appends zeros to a packet that is too short to begin with. */
    static void pad(Mbuf m) {
        int missing = MIN_DATA - m.dataLength();
        int at = m.append(missing);
        for (int i = 0; i < missing; i++) {
            m.putByte(at + i, 0);
        }
    }
}
