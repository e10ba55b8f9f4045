// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one descriptor that handles the requests of an interface of kni.ko, in this or another
 * process than its owner. One thread reads; any may answer.
 */
public final class KmodHandler implements AutoCloseable {
    private static final short POLLIN = 1;
    private static final int POLL_MILLIS = 1000;

    private final KmodDescriptor descriptor = new KmodDescriptor(Libc.O_NONBLOCK);
    private boolean open = true;

    /**
     * Becomes the handler; the first requests tell the state of now.
     *
     * @param ifindex of an interface in the calling thread's network namespace
     * @throws ErrnoException when there is no module, or no right to use it
     * @throws KmodException with EBUSY when there is another handler, with ENODEV when the
     *     interface is none of kni.ko
     */
    public KmodHandler(int ifindex) {
        try {
            descriptor.askNumber(KmodAbi.KNI_IOC_HANDLE, ifindex, "KNI_IOC_HANDLE");
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Waits for a request, for {@code wake}, or for a second. */
    public void await(EventFd wake) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(16, 8);
            fds.set(JAVA_INT, 0, wake.fd());
            fds.set(JAVA_SHORT, 4, POLLIN);
            fds.set(JAVA_INT, 8, descriptor.fd());
            fds.set(JAVA_SHORT, 12, POLLIN);
            Libc.poll(fds, 2, POLL_MILLIS);
        }
    }

    /** What a read came back with: a request, nothing, or the end of the interface. */
    public record Taken(@Nullable KmodRequest request, boolean ended) {}

    /** The oldest request that is there. */
    public Taken take() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(KmodAbi.REQUEST_SIZE, 8);
            int n = Libc.read(descriptor.fd(), request, KmodAbi.REQUEST_SIZE);
            if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
                return new Taken(null, false);
            }
            ErrnoException.check(n, "read", KmodDevice.PATH);
            return n == 0 ? new Taken(null, true) : new Taken(KmodRequest.read(request), false);
        }
    }

    /**
     * Answers a request.
     *
     * @return false when nobody waits for that any more: something else was set meanwhile, the time
     *     is over, or the interface or this handler is gone
     */
    public synchronized boolean answer(KmodRequest request, boolean accepted) {
        if (!open) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(KmodAbi.ANSWER_SIZE, 8);
            answer.set(JAVA_LONG, 0, request.sequence());
            answer.set(JAVA_INT, 8, request.kind());
            answer.set(JAVA_INT, 12, accepted ? 0 : Errno.EPERM);
            descriptor.ask(KmodAbi.KNI_IOC_ANSWER, answer, "KNI_IOC_ANSWER");
            return true;
        } catch (KmodException e) {
            if (e.errno() == KmodAbi.ESTALE) {
                return false;
            }
            throw e;
        }
    }

    /** Handles no more; what waits for an answer is made. After the last read. Idempotent. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            descriptor.close();
        }
    }
}
