// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.hw.model.DmaSpace;
import io.vpmd.spi.sys.Libc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The messages of a client to the server and, the other way, accesses to memory of which the client
 * has passed no descriptor: DMA_READ and DMA_WRITE. Both share a socket, so that whoever waits for
 * something reads it, when nobody else does, and keeps what is for the other: the session's thread
 * may wait for the device, whose lock the other has.
 *
 * <p>What is kept, how long an access may take, and what it may carry are limited; a client that
 * goes beyond is thrown out.
 */
final class ClientLink implements DmaSpace.Remote, AutoCloseable {
    private static final int MOST_KEPT = 64;
    private static final int KEPT_BYTES = 4 * MAX_MESSAGE;
    private static final long ACCESS_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long STEP_MILLIS = 100;

    private final Messages session;
    private final Messages accesses;
    /* With this object's lock, which nobody holds while it receives. */
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private int keptBytes;
    private boolean receiving;
    private boolean ended;
    private boolean answered;
    private int awaited = -1;
    private int awaitedCommand;
    private int lastId;
    private int mostData = MAX_DATA;

    private record Kept(ByteBuffer message, List<Integer> descriptors) {}

    /** Takes the requests of the session over. */
    ClientLink(Messages session) {
        this.session = session;
        accesses = new Messages(session);
    }

    /** The client takes no more data at a time. */
    void limitData(int bytes) {
        mostData = bytes;
    }

    /**
     * Has the session receive its next message.
     *
     * @return false when there is none any more
     */
    boolean receive() throws RefusedException {
        while (true) {
            synchronized (this) {
                Kept next = kept.pollFirst();
                if (next != null) {
                    keptBytes -= next.message.capacity();
                    session.take(next.message, next.descriptors);
                    return true;
                }
                if (ended) {
                    return false;
                }
                if (!mayReceive()) {
                    continue;
                }
            }
            if (receiveInto(session) && !isAnswer()) {
                return true;
            }
        }
    }

    /** Whether it is the caller's turn now, or else waits for a step; with this object's lock. */
    private boolean mayReceive() {
        if (receiving) {
            pause();
            return false;
        }
        receiving = true;
        return true;
    }

    /** Ends the caller's turn; false when nothing has come. */
    private boolean receiveInto(Messages messages) throws RefusedException {
        int got = -1;
        try {
            got = messages.receiveIfAny();
        } finally {
            synchronized (this) {
                receiving = false;
                ended |= got < Messages.IDLE;
                notifyAll();
            }
        }
        return got > Messages.IDLE;
    }

    /** Whether the session has received what an access waits for, which is passed on then. */
    private synchronized boolean isAnswer() {
        if (!answers(session)) {
            return false;
        }
        accesses.take(session.copy(), session.takeDescriptors());
        answered = true;
        notifyAll();
        return true;
    }

    private boolean answers(Messages received) {
        return awaited >= 0
                && !answered
                && received.id() == awaited
                && received.command() == awaitedCommand
                && (received.flags() & TYPE_MASK) == TYPE_REPLY;
    }

    /** Until nobody receives, for a step at most; with this object's lock. */
    private void pause() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS);
        try {
            while (receiving && System.nanoTime() - deadline < 0) {
                wait(STEP_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            ended = true;
        }
    }

    @Override
    public boolean read(long address, byte[] into, int at, int length) {
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, mostData);
            if (!access(DMA_READ, address + done, n, 0)
                    || accesses.bodyBytes() != DMA_ACCESS_BYTES + n) {
                return false;
            }
            accesses.in().get(HEADER + DMA_ACCESS_BYTES, into, at + done, n);
            done += n;
        }
        return true;
    }

    @Override
    public boolean write(long address, byte[] from, int at, int length) {
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, mostData);
            accesses.out().put(HEADER + DMA_ACCESS_BYTES, from, at + done, n);
            if (!access(DMA_WRITE, address + done, n, n)) {
                return false;
            }
            done += n;
        }
        return true;
    }

    /** Asks for an access and waits for the answer. */
    private boolean access(int command, long address, int count, int dataBytes) {
        int id;
        synchronized (this) {
            if (ended) {
                return false;
            }
            lastId = lastId % 0xffff + 1;
            id = lastId;
            awaited = id;
            awaitedCommand = command;
            answered = false;
        }
        ByteBuffer out = accesses.out();
        out.putLong(HEADER, address);
        out.putLong(HEADER + 8, count);
        boolean good =
                accesses.send(id, command, DMA_ACCESS_BYTES + dataBytes, 0, 0) && awaitAnswer();
        synchronized (this) {
            awaited = -1;
        }
        if (!good) {
            throwOut();
            return false;
        }
        if ((accesses.flags() & ERROR) != 0) {
            return false;
        }
        ByteBuffer in = accesses.in();
        boolean same =
                accesses.bodyBytes() >= DMA_ACCESS_BYTES
                        && in.getLong(HEADER) == address
                        && in.getLong(HEADER + 8) == count
                        && accesses.descriptors().count() == 0;
        if (!same) {
            throwOut();
        }
        return same;
    }

    private boolean awaitAnswer() {
        long deadline = System.nanoTime() + ACCESS_NANOS;
        while (true) {
            synchronized (this) {
                if (answered) {
                    return true;
                }
                if (ended || System.nanoTime() - deadline > 0) {
                    return false;
                }
                if (!mayReceive()) {
                    continue;
                }
            }
            try {
                if (receiveInto(accesses) && !sorted()) {
                    return false;
                }
            } catch (RefusedException e) {
                return false;
            }
        }
    }

    /** Tells an answer from a request, which is kept; false when there are too many of those. */
    private synchronized boolean sorted() {
        if (answers(accesses)) {
            answered = true;
            return true;
        }
        ByteBuffer message = accesses.copy();
        if (kept.size() == MOST_KEPT || keptBytes + message.capacity() > KEPT_BYTES) {
            return false;
        }
        keptBytes += message.capacity();
        kept.addLast(new Kept(message, accesses.takeDescriptors()));
        return true;
    }

    private void throwOut() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        session.shutdown();
    }

    /** When no access is under way any more, and none can begin. */
    @Override
    public void close() {
        kept.forEach(k -> k.descriptors.forEach(Libc::close));
        kept.clear();
        accesses.close();
    }
}
