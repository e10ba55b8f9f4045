// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.IoUring;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Sends frames to the kernel, one write each. A burst of {@value #MIN_BATCH} or more goes through
 * io_uring, which was measured at 0.8 of the time of as many write(2) calls (64-byte frames, bursts
 * of 32); a shorter one through write(2), where io_uring lost. IFF_NAPI cost half as much again for
 * single frames. The kernel takes each frame or refuses it for good, so the queue is never full.
 */
public final class TapTxQueue extends TxQueue {
    private static final int MIN_BATCH = 4;
    private static final int RING_ENTRIES = 64;
    private static final int MIN_FRAME = 14;

    private final int fd;
    private final @Nullable IoUring ring;
    private final Runnable onGone;
    private final int refusedFlags;
    private final boolean multiSegment;
    private final FrameVectors vectors = new FrameVectors(RING_ENTRIES);
    private final MbufRecycler recycler = new MbufRecycler();
    private final int[] results = new int[RING_ENTRIES];
    private final int[] positions = new int[RING_ENTRIES];

    /**
     * A queue over the descriptor of a TAP queue.
     *
     * @param requested the offloads that packets may ask for
     * @param onGone told, once a burst at most, that the interface does not exist any more
     */
    public TapTxQueue(int index, int fd, Set<TxOffload> requested, Runnable onGone) {
        super(index);
        this.fd = fd;
        this.onGone = onGone;
        this.refusedFlags = ~VnetHeader.flags(requested) & MbufFlags.TX_MASK;
        this.multiSegment = requested.contains(TxOffload.MULTI_SEGMENT);
        this.ring = openRing(fd);
    }

    private static @Nullable IoUring openRing(int fd) {
        try {
            return new IoUring(RING_ENTRIES, fd);
        } catch (ErrnoException _) {
            // Not allowed here (kernel.io_uring_disabled, containers): write(2) does.
            return null;
        }
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            for (int i = 0; i < count; i += RING_ENTRIES) {
                int n = Math.min(RING_ENTRIES, count - i);
                if (ring != null && n >= MIN_BATCH) {
                    sendBatch(ring, from, at + i, n);
                } else {
                    sendEach(from, at + i, n);
                }
            }
            return count;
        } finally {
            leave();
        }
    }

    private void sendBatch(IoUring batch, Mbuf[] from, int at, int count) {
        int n = 0;
        for (int i = 0; i < count; i++) {
            Mbuf m = from[at + i];
            if (!wellFormed(m) || !vectors.set(n, m)) {
                recycler.free(m);
                countErrors(1);
                continue;
            }
            if (vectors.count(n) == 1) {
                batch.prepareWrite(vectors.address(n), vectors.length(n));
            } else {
                batch.prepareWritev(vectors.vectorAddress(n), vectors.count(n));
            }
            positions[n++] = at + i;
        }
        if (n > 0) {
            batch.submit(results);
            for (int i = 0; i < n; i++) {
                finish(from[positions[i]], results[i]);
            }
        }
    }

    private void sendEach(Mbuf[] from, int at, int count) {
        for (int i = 0; i < count; i++) {
            Mbuf m = from[at + i];
            if (!wellFormed(m) || !vectors.set(0, m)) {
                recycler.free(m);
                countErrors(1);
            } else {
                finish(m, vectors.write(fd));
            }
        }
    }

    private boolean wellFormed(Mbuf m) {
        return m.packetLength() >= MIN_FRAME
                && !m.has(refusedFlags)
                && (multiSegment || m.nextHandle() == 0);
    }

    private void finish(Mbuf m, int result) {
        if (result > 0) {
            countSent(1, m.packetLength());
        } else if (result == -Errno.EINVAL || result == -Errno.EMSGSIZE) {
            countErrors(1);
        } else {
            countDropped(1);
            if (TapDevice.gone(result)) {
                onGone.run();
            }
        }
        recycler.free(m);
    }

    @Override
    protected void release() {
        if (ring != null) {
            ring.close();
        }
        recycler.close();
    }
}
