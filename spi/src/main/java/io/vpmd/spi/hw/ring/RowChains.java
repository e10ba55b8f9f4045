// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.mbuf.Mbuf;

import org.jspecify.annotations.Nullable;

/** Packets whose buffers follow each other in the ring: one at a time is under way. */
final class RowChains extends RxChains {
    private @Nullable Mbuf head;
    private @Nullable Mbuf last;

    @Override
    boolean open() {
        return head != null;
    }

    @Override
    @Nullable Mbuf join(int slot, Mbuf segment, long first, long second) {
        Mbuf packet = head;
        if (packet == null || last == null) {
            packet = segment;
        } else {
            packet.chain(last, segment);
        }
        boolean end = (second & Descriptors.RX_EOP) != 0;
        head = end ? null : packet;
        last = end ? null : segment;
        return end ? packet : null;
    }

    @Override
    int held() {
        return head == null ? 0 : head.segments();
    }

    @Override
    void free() {
        if (head != null) {
            head.free();
            head = null;
            last = null;
        }
    }
}
