// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.netlink.Whereabouts;
import io.vpmd.spi.Link;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;

/**
 * How the packets of an interface get to the kernel and back. Methods are called under the port's
 * lock and with no burst running, but for those that say otherwise.
 */
interface Backend extends Whereabouts, AutoCloseable {
    /** Adds what this back-end can do. */
    PortInfo describe(PortInfo info);

    /** The namespace where the interface is; the caller closes it. Any thread. */
    NetNamespace namespace();

    /** Takes over settings; the queues of the last time are released. */
    void configure(PortConfig config);

    RxQueue newRxQueue(int index, int portId, PortConfig config, int maxFrame);

    /** A queue that runs {@code onGone} on the burst thread when it finds the interface deleted. */
    TxQueue newTxQueue(int index, PortConfig config, Runnable onGone);

    /** Says how long the frames can be that the kernel sends from now on. */
    void setMaxFrame(int bytes);

    /** The first burst comes after this. */
    void start();

    /** Shows the interface with this link; bursts may be running. */
    void show(Link link);

    /** Without carrier, gives up packets that wait. The interface may be deleted already. */
    void stop();

    /** Buffers of a pool that queues or the kernel have, caches not counted. */
    int heldBuffers(MbufPool pool);

    /** There is a new pool; bursts may be running. */
    void poolAdded(MbufPool pool);

    /** A pool goes, of which nobody has a buffer; bursts may be running. */
    void poolRemoved(MbufPool pool);

    @Override
    void close();
}
