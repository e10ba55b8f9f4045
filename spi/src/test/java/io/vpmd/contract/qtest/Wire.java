// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The far end of a cable: frames behind their length in four bytes, both ways. A thread reads all
 * the time, because QEMU stands still while a wire is full; another one writes, because QEMU leaves
 * frames in the wire while the card has no room for them.
 */
public final class Wire implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    /* What nobody collects is lost from here on. */
    private static final int MAX_FRAMES = 1 << 16;

    private final InputStream in;
    private final OutputStream out;
    private final Closeable connection;
    private final BlockingQueue<byte[]> sending = new LinkedBlockingQueue<>(MAX_FRAMES);
    /* Looked into all the time by who waits: a lock would keep the reader out for long. */
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final Thread reader;
    private final Thread writer;

    private Wire(InputStream in, OutputStream out, Closeable connection) {
        this.in = in;
        this.out = out;
        this.connection = connection;
        this.reader = Thread.ofPlatform().daemon().name("wire-reader").unstarted(this::read);
        this.writer = Thread.ofPlatform().daemon().name("wire-writer").unstarted(this::write);
    }

    /** The cable whose other end listens at a Unix socket. */
    public static Wire connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Wire(
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel),
                            channel)
                    .started();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A serial port cannot be asked what is there, and a buffer asks. */
    private static final class DeviceInput extends FileInputStream {
        DeviceInput(FileDescriptor file) {
            super(file);
        }

        @Override
        public int available() {
            return 0;
        }
    }

    /** A cable that goes through a device file, such as a virtio serial port. */
    public static Wire open(Path device) {
        try {
            RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw");
            return new Wire(new DeviceInput(file.getFD()), new FileOutputStream(file.getFD()), file)
                    .started();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Wire started() {
        reader.start();
        writer.start();
        return this;
    }

    private void read() {
        try {
            DataInputStream data = new DataInputStream(new BufferedInputStream(in, BUFFER));
            while (true) {
                byte[] frame = new byte[data.readInt()];
                data.readFully(frame);
                boolean _ = frames.offer(frame);
            }
        } catch (IOException _) {
            // Closed, here or there.
        }
    }

    private void write() {
        try {
            while (true) {
                byte[] frame = sending.take();
                // One write a frame: the length alone would wake QEMU for nothing.
                out.write(
                        ByteBuffer.allocate(4 + frame.length)
                                .putInt(frame.length)
                                .put(frame)
                                .array());
            }
        } catch (IOException | InterruptedException _) {
            // Closed, here or there.
        }
    }

    /** Sends a frame, now or soon; loses it when the card has not received for a long time. */
    public void send(byte[] frame) {
        boolean _ = sending.offer(frame);
    }

    /** Waits for the next frame that the card sent; empty when there is none in time. */
    public Optional<byte[]> await(long millis) {
        try {
            return Optional.ofNullable(frames.poll(millis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The next frame that the card sent. */
    public Optional<byte[]> receive() {
        return Optional.ofNullable(frames.poll());
    }

    @Override
    public void close() {
        try {
            connection.close();
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
