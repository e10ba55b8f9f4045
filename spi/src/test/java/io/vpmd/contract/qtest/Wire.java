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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The far end of a cable: frames behind their length in four bytes, both ways. A thread reads all
 * the time, because QEMU stands still while a wire is full; another one writes, because QEMU leaves
 * frames in the wire while the card has no room for them.
 */
public final class Wire implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    /* What nobody collects is lost from here on. */
    private static final int MAX_FRAMES = 1 << 16;

    private final SocketChannel channel;
    private final BlockingQueue<byte[]> sending = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final Thread reader;
    private final Thread writer;

    private Wire(SocketChannel channel) {
        this.channel = channel;
        this.reader = Thread.ofPlatform().daemon().name("wire-reader").start(this::read);
        this.writer = Thread.ofPlatform().daemon().name("wire-writer").start(this::write);
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

    private void write() {
        ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (true) {
                byte[] frame = sending.take();
                out.clear();
                out.putInt(frame.length).put(frame).flip();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            }
        } catch (IOException | InterruptedException _) {
            // Closed, here or there.
        }
    }

    /** Sends a frame, now or soon; loses it when the card has not received for a long time. */
    public void send(byte[] frame) {
        boolean _ = sending.offer(frame);
    }

    /** The next frame that the card sent. */
    public synchronized Optional<byte[]> receive() {
        return Optional.ofNullable(frames.poll());
    }

    @Override
    public void close() {
        try {
            channel.close();
            writer.interrupt();
            reader.join(5_000);
            writer.join(5_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
