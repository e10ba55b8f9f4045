// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Receives frames from the kernel, one read(2) each into the place where the frame will stay, or
 * one readv(2) over several buffers where a frame may need them. Batches of io_uring reads were
 * measured too: equal per frame, and forty times the cost of a read when there is nothing.
 */
public final class TapRxQueue extends RxQueue {
    private static final long IOVEC_SIZE = 16;
    private static final int POLLIN = 1;
    private static final int MAX_DRAINED = 100_000;

    private final int fd;
    private final int portId;
    private final Runnable onGone;
    private final MbufPool pool;
    private final MbufCache cache;
    private final long memory;
    private final int frameOffset;
    private final MemorySegment pollfd;

    /* Buffers that the next read goes to, the first ready of held.length. */
    private int[] held;
    private int ready;
    private MemorySegment vectors;
    private int capacity;

    /**
     * A queue over the descriptor of a TAP queue.
     *
     * @param maxFrame bytes of the longest frame to expect; decides how many buffers a read is
     *     offered
     * @param onGone told that the interface does not exist any more
     */
    public TapRxQueue(int index, int fd, int portId, MbufPool pool, int maxFrame, Runnable onGone) {
        super(index);
        this.fd = fd;
        this.portId = portId;
        this.pool = pool;
        this.onGone = onGone;
        this.cache = pool.newCache();
        this.memory = pool.memory().address();
        this.frameOffset = Math.max(pool.headroom(), VnetHeader.SIZE);
        this.held = new int[1];
        this.vectors = MemorySegment.NULL;
        setMaxFrame(maxFrame);
        this.pollfd = Arena.ofAuto().allocate(8, 4);
        pollfd.set(JAVA_INT, 0, fd);
        pollfd.set(JAVA_SHORT, 4, (short) POLLIN);
    }

    /**
     * Changes how many buffers a read is offered; no burst is running.
     *
     * @param maxFrame bytes of the longest frame to expect
     */
    public void setMaxFrame(int maxFrame) {
        freeHeld();
        int first = pool.bufferSize() - frameOffset;
        // One byte more than the longest: a frame that fills everything has been cut.
        int more = Math.max(0, maxFrame + 1 - first);
        held = new int[maxFrame <= first ? 1 : 1 + ceilDiv(more, pool.bufferSize())];
        vectors = Arena.ofAuto().allocate(held.length * IOVEC_SIZE, 8);
        capacity = first + (held.length - 1) * pool.bufferSize();
    }

    private void freeHeld() {
        while (ready > 0) {
            cache.freeIndex(held[--ready]);
        }
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            int n = 0;
            long bytes = 0;
            while (n < max) {
                int length = readFrame();
                if (length < 0) {
                    break;
                }
                Mbuf m = take(length);
                bytes += length;
                into[at + n++] = m;
            }
            if (n > 0) {
                countReceived(n, bytes);
            }
            return n;
        } finally {
            leave();
        }
    }

    /** Reads one frame into the held buffers; returns its length, or -1 when there is none. */
    private int readFrame() {
        while (ready == held.length || fill()) {
            long first = memory + pool.offsetOf(held[0]) + frameOffset - VnetHeader.SIZE;
            int r =
                    held.length == 1
                            ? Libc.read(fd, first, capacity + VnetHeader.SIZE)
                            : Libc.readv(fd, vectors, held.length);
            int length = r - VnetHeader.SIZE;
            if (r < 0) {
                if (r != -Errno.EAGAIN && TapDevice.gone(r)) {
                    onGone.run();
                }
                return -1;
            }
            if (length >= 14 && (length < capacity || held.length == 1)) {
                return length;
            }
            // Shorter than an Ethernet header, or cut because it is longer than was agreed.
            countErrors(1);
        }
        return -1;
    }

    private boolean fill() {
        while (ready < held.length) {
            int index = cache.takeIndex();
            if (index < 0) {
                return false;
            }
            held[ready] = index;
            describe(ready++, index);
        }
        return true;
    }

    private void describe(int slot, int index) {
        long start = memory + pool.offsetOf(index);
        int skip = slot == 0 ? frameOffset - VnetHeader.SIZE : 0;
        vectors.set(JAVA_LONG, slot * IOVEC_SIZE, start + skip);
        vectors.set(JAVA_LONG, slot * IOVEC_SIZE + 8, pool.bufferSize() - skip);
    }

    /** Makes the frame in the held buffers a packet; the unused buffers move to the front. */
    private Mbuf take(int length) {
        Mbuf head = pool.mbuf(held[0]);
        int inFirst = Math.min(length, pool.bufferSize() - frameOffset);
        head.received(frameOffset, inFirst, portId);
        int used = 1;
        Mbuf last = head;
        for (int left = length - inFirst; left > 0; ) {
            Mbuf segment = pool.mbuf(held[used++]);
            int n = Math.min(left, pool.bufferSize());
            segment.received(0, n, portId);
            head.chain(last, segment);
            last = segment;
            left -= n;
        }
        VnetHeader.read(head, head.memory(), head.dataAddress() - VnetHeader.SIZE);
        ready = 0;
        for (int i = used; i < held.length; i++) {
            held[ready] = held[i];
            describe(ready, held[ready]);
            ready++;
        }
        return head;
    }

    @Override
    public boolean arm() {
        return Libc.poll(pollfd, 1, 0) <= 0;
    }

    /** The TAP descriptor itself: readable while there are frames. */
    @Override
    public int eventFd() {
        return fd;
    }

    /** Buffers of {@code wanted} that wait for frames. */
    public int heldBuffers(MbufPool wanted) {
        return wanted == pool ? ready : 0;
    }

    /** Throws away what the kernel has sent and gives the buffers back; on a stopped port. */
    public void drain() {
        for (int i = 0; i < MAX_DRAINED && readFrame() >= 0; i++) {
            // The next read overwrites it.
        }
        freeHeld();
        cache.flush();
    }

    @Override
    protected void release() {
        freeHeld();
        cache.close();
    }
}
