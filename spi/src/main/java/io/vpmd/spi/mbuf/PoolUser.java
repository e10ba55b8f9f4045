// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

/** Somebody who has to know every pool, such as a port that maps them for its device. */
public interface PoolUser {
    /** Shown in messages. */
    String name();

    /**
     * A pool exists: told once for each, before any buffer of it can be taken.
     *
     * @throws RuntimeException when it cannot be used; making the pool then fails
     */
    void poolAdded(MbufPool pool);

    /**
     * Whether pools must be on huge pages, which do not move in physical memory. Pools that are
     * made from then on are, or cannot be made.
     */
    default boolean needsHugePages() {
        return false;
    }

    /**
     * A pool is closing, and no buffer of it will be taken any more: gives back what it can. Called
     * repeatedly until it answers 0 or the pool gives up.
     *
     * @return how many buffers of the pool this user still holds
     */
    int poolClosing(MbufPool pool);

    /** The pool is gone and its memory unmapped. Told also when a pool could not be made. */
    void poolRemoved(MbufPool pool);
}
