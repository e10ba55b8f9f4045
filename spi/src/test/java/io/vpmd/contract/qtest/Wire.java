// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The far end of a cable: frames behind their length in four bytes, both ways. */
public final class Wire implements AutoCloseable {
    private static final int LENGTH = 4;
    private static final int BUFFER = 1 << 18;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    private Wire(SocketChannel channel) {
        this.channel = channel;
    }

    static Wire connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            return new Wire(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a frame.
     *
     * @return false when the cable is full because the card does not receive
     */
    public boolean send(byte[] frame) {
        if (!flush() && out.remaining() < frame.length + LENGTH) {
            return false;
        }
        out.putInt(frame.length).put(frame);
        flush();
        return true;
    }

    private boolean flush() {
        try {
            out.flip();
            channel.write(out);
            out.compact();
            return out.position() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that the card sent. */
    public Optional<byte[]> receive() {
        flush();
        if (!complete()) {
            fill();
            if (!complete()) {
                return Optional.empty();
            }
        }
        byte[] frame = new byte[in.getInt()];
        in.get(frame);
        return Optional.of(frame);
    }

    private boolean complete() {
        return in.remaining() >= LENGTH && in.remaining() >= LENGTH + in.getInt(in.position());
    }

    private void fill() {
        try {
            in.compact();
            int n = channel.read(in);
            in.flip();
            if (n < 0) {
                throw new EOFException("QEMU has closed the wire");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
