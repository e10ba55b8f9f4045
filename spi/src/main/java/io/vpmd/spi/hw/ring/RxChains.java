// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.mbuf.Mbuf;

import org.jspecify.annotations.Nullable;

/** Packets of several buffers that a receive queue is putting together. */
abstract class RxChains {
    /** Whether a packet may be under way, so that the next buffer need not begin one. */
    abstract boolean open();

    /**
     * Adds the buffer of a descriptor that was written back with these words.
     *
     * @return the packet when that was its last buffer
     */
    abstract @Nullable Mbuf join(int slot, Mbuf segment, long first, long second);

    /**
     * Says of a packet that {@link #join} gave what it was made of; after its other metadata.
     *
     * @param slot of its last descriptor
     */
    void describe(int slot, Mbuf packet) {}

    /** How many buffers packets have that are not complete. */
    abstract int held();

    /** Frees what is not complete. */
    abstract void free();
}
