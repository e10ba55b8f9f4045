// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The far end of a cable: frames behind their length in four bytes, both ways. A thread reads all
 * the time, because QEMU stands still while a wire is full. One thread sends.
 */
public final class Wire implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    /* What nobody collects is lost from here on. */
    private static final int MAX_FRAMES = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final Thread reader;

    private Wire(SocketChannel channel) {
        this.channel = channel;
        this.reader = Thread.ofPlatform().daemon().name("wire").start(this::read);
    }

    static Wire connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Wire(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (channel.read(in) >= 0) {
                in.flip();
                while (in.remaining() >= 4 && in.remaining() >= 4 + in.getInt(in.position())) {
                    byte[] frame = new byte[in.getInt()];
                    in.get(frame);
                    keep(frame);
                }
                in.compact();
            }
        } catch (IOException _) {
            // Closed, here or there.
        }
    }

    private synchronized void keep(byte[] frame) {
        if (frames.size() < MAX_FRAMES) {
            frames.add(frame);
        }
    }

    /** Sends a frame; waits while the cable is full because the card does not receive. */
    public void send(byte[] frame) {
        out.clear();
        out.putInt(frame.length).put(frame).flip();
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that the card sent. */
    public synchronized Optional<byte[]> receive() {
        return Optional.ofNullable(frames.poll());
    }

    @Override
    public void close() {
        try {
            channel.close();
            reader.join(5_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
