// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.sys.Epoll;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.UnixSocket;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A driver's end of a socket: one request at a time, and its answer. Any thread. The other end has
 * no requests of its own to make as long as it gets all memory as descriptors; after {@link
 * #answerAccesses} it may ask for memory at any time. One that breaks the protocol, or does not
 * answer in time, is treated as gone.
 */
final class ClientConnection implements AutoCloseable {
    private static final long CALL_NANOS = 5_000_000_000L;
    private static final long STEP_NANOS = 100_000_000L;
    private static final long END_MILLIS = 5_000;
    private static final String VERSION_TEXT =
            "{\"capabilities\":{\"max_msg_fds\":"
                    + MAX_DESCRIPTORS
                    + ",\"max_data_xfer_size\":"
                    + MAX_DATA
                    + "}}\0";

    private final String device;
    private final UnixSocket socket;
    private final Messages messages;
    private final Capabilities capabilities;
    private final ShortMessages accesses;
    private @Nullable ClientAnswers answers;
    private @Nullable Thread answering;
    private int lastId;
    private boolean lost;
    private boolean closed;

    /**
     * Agrees on the version.
     *
     * @param device for messages
     * @param socket closed with this, also when this fails
     * @throws BusException when the other end does not speak this protocol
     */
    ClientConnection(String device, UnixSocket socket) {
        this.device = device;
        this.socket = socket;
        this.messages = new Messages(socket);
        this.accesses = new ShortMessages(socket.fd());
        try {
            capabilities = agree();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Capabilities agree() {
        byte[] text = VERSION_TEXT.getBytes(StandardCharsets.US_ASCII);
        messages.out().putInt(HEADER, 0).put(HEADER + 4, text);
        try {
            int bytes = call(VERSION, 4 + text.length, 4);
            ByteBuffer reply = messages.in();
            RefusedException.unless(reply.getInt(HEADER) == 0, Errno.EPROTO, "version");
            int length = bytes - 4;
            RefusedException.unless(
                    length == 0 || reply.get(HEADER + 3 + length) == 0, Errno.EPROTO, "its text");
            byte[] said = new byte[Math.max(0, length - 1)];
            reply.get(HEADER + 4, said);
            return Capabilities.parse(new String(said, StandardCharsets.UTF_8));
        } catch (RefusedException e) {
            throw failed("agree on a version with", e);
        }
    }

    BusException failed(String operation, RefusedException cause) {
        return new BusException(
                operation,
                device,
                cause.reason(),
                "check what listens on the socket, and its log",
                cause);
    }

    Capabilities capabilities() {
        return capabilities;
    }

    /** The request's body from {@link Protocol#HEADER} on; to be used with this object's lock. */
    ByteBuffer out() {
        return messages.out();
    }

    /** The answer's, until the next call; likewise. */
    ByteBuffer in() {
        return messages.in();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param leastBytes that the answer's body must have
     * @return bytes of the answer's body
     * @throws RefusedException when the other end refuses, or is gone
     */
    synchronized int call(int command, int bodyBytes, int leastBytes, int... fds)
            throws RefusedException {
        RefusedException.unless(!lost, Errno.EPIPE, "the connection is lost");
        int id = nextId();
        try {
            boolean answered = messages.send(id, command, bodyBytes, 0, 0, fds) && receiveAnswer();
            RefusedException.unless(answered, Errno.EPIPE, "the other end is gone");
            checkAnswer(id, command);
        } catch (RefusedException e) {
            lose();
            throw e;
        }
        RefusedException.unless(
                (messages.flags() & ERROR) == 0, messages.errno(), name(command) + " is refused");
        if (messages.bodyBytes() < leastBytes) {
            lose();
            throw new RefusedException(Errno.EPROTO, "answer to " + name(command));
        }
        return messages.bodyBytes();
    }

    /** What the other end asks for meanwhile is answered. */
    private boolean receiveAnswer() throws RefusedException {
        long deadline = System.nanoTime() + CALL_NANOS;
        while (messages.receive()) {
            ClientAnswers those = answers;
            if (those == null || !ClientAnswers.isAccess(messages)) {
                return true;
            }
            RefusedException.unless(
                    System.nanoTime() - deadline < 0, Errno.ETIMEDOUT, "accesses without an end");
            if (!those.answer(messages)) {
                return false;
            }
        }
        return false;
    }

    /**
     * From now on the other end may ask for what these answer. Register accesses then look at each
     * message, which allocates.
     */
    synchronized ClientAnswers answerAccesses() {
        ClientAnswers those = answers;
        if (those == null) {
            those = new ClientAnswers();
            answers = those;
            answering =
                    Thread.ofPlatform()
                            .daemon()
                            .name("vpmd-answers-" + device)
                            .start(this::answerAlways);
        }
        return those;
    }

    /** Whoever has the lock is not waiting for an answer: what comes is a request. */
    private void answerAlways() {
        try (Epoll epoll = new Epoll()) {
            epoll.add(socket.fd());
            boolean going = true;
            while (going) {
                going = epoll.await(STEP_NANOS) == 0 ? connected() : answerOne(epoll);
            }
        }
    }

    private synchronized boolean answerOne(Epoll epoll) {
        ClientAnswers those = answers;
        if (lost || those == null) {
            return false;
        }
        if (epoll.await(0) == 0) {
            return true;
        }
        boolean good = false;
        try {
            good = messages.receive() && ClientAnswers.isAccess(messages) && those.answer(messages);
        } catch (RefusedException e) {
            // As any other that cannot be understood.
        }
        if (!good) {
            lose();
        }
        return good;
    }

    private void checkAnswer(int id, int command) throws RefusedException {
        RefusedException.unless(
                messages.id() == id
                        && messages.command() == command
                        && (messages.flags() & TYPE_MASK) == TYPE_REPLY
                        && messages.descriptors().count() == 0,
                Errno.EPROTO,
                "answer to something else");
    }

    private int nextId() {
        lastId = (lastId + 1) & 0xffff;
        return lastId;
    }

    /** Treats the other end as gone. */
    synchronized void lose() {
        lost = true;
        socket.shutdown();
    }

    /** Reads 1, 2 or 4 bytes of a region; all ones when they cannot be had. Allocates nothing. */
    synchronized int read(int region, int offset, int bytes) {
        int ones = bytes == 4 ? -1 : (1 << (8 * bytes)) - 1;
        if (lost) {
            return ones;
        }
        if (answers != null) {
            return readSlowly(region, offset, bytes) & ones;
        }
        if (!accesses.read(nextId(), region, offset, bytes)) {
            lose();
            return ones;
        }
        return accesses.refused() ? ones : accesses.value() & ones;
    }

    private void access(int region, int offset, int bytes) {
        messages.out()
                .putLong(HEADER, offset)
                .putInt(HEADER + 8, region)
                .putInt(HEADER + 12, bytes);
    }

    private int readSlowly(int region, int offset, int bytes) {
        access(region, offset, bytes);
        try {
            int got = call(REGION_READ, ACCESS_BYTES, ACCESS_BYTES + bytes);
            RefusedException.unless(
                    got == ACCESS_BYTES + bytes, Errno.EPROTO, "an answer's length");
            int value = 0;
            for (int i = bytes - 1; i >= 0; i--) {
                value = value << 8 | (messages.in().get(HEADER + ACCESS_BYTES + i) & 0xff);
            }
            return value;
        } catch (RefusedException e) {
            return -1;
        }
    }

    private void writeSlowly(int region, int offset, int bytes, int value) {
        access(region, offset, bytes);
        messages.out().putInt(HEADER + ACCESS_BYTES, value);
        try {
            call(REGION_WRITE, ACCESS_BYTES + bytes, 0);
        } catch (RefusedException e) {
            // As a write to a device that refuses it.
        }
    }

    /**
     * Writes 1, 2 or 4 bytes of a region; nothing when that cannot be. Allocates nothing.
     *
     * @param posted whether it may still be on its way when this returns
     */
    synchronized void write(int region, int offset, int bytes, int value, boolean posted) {
        if (lost) {
            return;
        }
        if (answers != null && !posted) {
            writeSlowly(region, offset, bytes, value);
            return;
        }
        if (!accesses.write(nextId(), region, offset, bytes, value, posted)) {
            lose();
        }
    }

    /** Whether the other end was there when it was last needed. */
    synchronized boolean connected() {
        return !lost;
    }

    /** From now on reads give all ones and writes go nowhere. Idempotent. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            ending = answering;
            if (!closed) {
                lose();
            }
        }
        if (ending != null && !ended(ending)) {
            // It still uses what would be freed.
            return;
        }
        synchronized (this) {
            if (!closed) {
                closed = true;
                messages.close();
                accesses.close();
            }
        }
    }

    private static boolean ended(Thread thread) {
        try {
            return thread.join(Duration.ofMillis(END_MILLIS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
