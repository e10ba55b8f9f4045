// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The pools of this process and those who have to know them. A buffer of any pool is named by its
 * handle, {@code poolId << 24 | index}; pool ids start at 1, so that no handle is 0.
 */
public final class Pools {
    /** Pools that can exist at one time. */
    public static final int MAX_POOLS = 127;

    /** Buffers that one pool can have. */
    public static final int MAX_BUFFERS = 1 << 24;

    /** Bits of a handle below the pool's id. */
    static final int ID_SHIFT = 24;

    /* Read by bursts without a lock: an entry is written before any handle of it can exist. */
    private static final Mbuf[][] BUFFERS = new Mbuf[MAX_POOLS + 1][];
    private static final MbufPool[] POOLS = new MbufPool[MAX_POOLS + 1];
    private static final List<PoolUser> USERS = new ArrayList<>();

    private Pools() {}

    /** The buffer with this handle. */
    public static Mbuf mbuf(int handle) {
        return BUFFERS[handle >>> ID_SHIFT][handle & 0xffffff];
    }

    /** Position in its pool of the buffer with this handle. */
    public static int index(int handle) {
        return handle & 0xffffff;
    }

    static int handle(int poolId, int index) {
        return poolId << ID_SHIFT | index;
    }

    /** The open pools. */
    public static synchronized List<MbufPool> all() {
        List<MbufPool> open = new ArrayList<>();
        for (MbufPool pool : POOLS) {
            if (pool != null) {
                open.add(pool);
            }
        }
        return open;
    }

    /**
     * Makes {@code user} known: it is told of all pools, now and later.
     *
     * @throws RuntimeException what {@link PoolUser#poolAdded} threw; the user is not known then
     */
    public static synchronized void join(PoolUser user) {
        List<MbufPool> told = new ArrayList<>();
        try {
            for (MbufPool pool : all()) {
                user.poolAdded(pool);
                told.add(pool);
            }
        } catch (RuntimeException e) {
            told.forEach(user::poolRemoved);
            throw e;
        }
        USERS.add(user);
    }

    /** The reverse of {@link #join}; idempotent. */
    public static synchronized void leave(PoolUser user) {
        USERS.remove(user);
    }

    static synchronized int reserveId(String name) {
        for (int id = 1; id <= MAX_POOLS; id++) {
            MbufPool pool = POOLS[id];
            if (pool == null && BUFFERS[id] == null) {
                BUFFERS[id] = new Mbuf[0];
                return id;
            }
        }
        throw new PoolException(
                "create", name, "there are " + MAX_POOLS + " pools", "close one first", null);
    }

    static synchronized void add(MbufPool pool, Mbuf[] buffers) {
        BUFFERS[pool.id()] = buffers;
        List<PoolUser> told = new ArrayList<>();
        try {
            for (PoolUser user : USERS) {
                user.poolAdded(pool);
                told.add(user);
            }
        } catch (RuntimeException e) {
            told.forEach(user -> user.poolRemoved(pool));
            throw e;
        }
        POOLS[pool.id()] = pool;
    }

    static synchronized boolean needHugePages() {
        return USERS.stream().anyMatch(PoolUser::needsHugePages);
    }

    static synchronized List<PoolUser> users() {
        return List.copyOf(USERS);
    }

    @SuppressWarnings("NullAway") // a free place holds null
    static synchronized void remove(MbufPool pool) {
        POOLS[pool.id()] = null;
        for (PoolUser user : USERS) {
            user.poolRemoved(pool);
        }
    }

    @SuppressWarnings("NullAway")
    static synchronized void releaseId(int id) {
        BUFFERS[id] = null;
    }

    static @Nullable MbufPool pool(int id) {
        return POOLS[id];
    }
}
