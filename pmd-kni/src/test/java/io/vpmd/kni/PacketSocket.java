// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.WireFrame;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** A raw socket on one interface: what its kernel side sends and receives (packet(7)). */
final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_NONBLOCK = 3 | Libc.O_NONBLOCK;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int PACKET_VNET_HDR = 15;
    private static final int VNET_HEADER = 10;
    private static final byte NEEDS_CSUM = 1;
    private static final int MAX_FRAME = 70_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(MAX_FRAME, 8);
    private final int fd;

    /** Opens a socket in the calling thread's namespace. */
    PacketSocket(int ifindex) {
        fd = ErrnoException.check(Libc.socket(AF_PACKET, SOCK_RAW_NONBLOCK, 0), "socket", "packet");
        option(SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20);
        option(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
        option(SOL_PACKET, PACKET_VNET_HDR, 1);
        MemorySegment address = arena.allocate(20, 4);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
        address.set(ValueLayout.JAVA_SHORT, 2, (short) ETH_P_ALL_BIG_ENDIAN);
        address.set(ValueLayout.JAVA_INT, 4, ifindex);
        ErrnoException.check(Libc.bind(fd, address), "bind", "interface " + ifindex);
    }

    private void option(int level, int option, int value) {
        MemorySegment argument = arena.allocateFrom(ValueLayout.JAVA_INT, value);
        int r = Libc.setsockopt(fd, level, option, argument);
        ErrnoException.check(r, "setsockopt", "option " + option);
    }

    /** Gives the interface a frame to transmit. */
    void send(byte[] frame) {
        int length = VNET_HEADER + frame.length;
        buffer.asSlice(0, VNET_HEADER).fill((byte) 0);
        MemorySegment.copy(frame, 0, buffer, ValueLayout.JAVA_BYTE, VNET_HEADER, frame.length);
        int r = Libc.send(fd, buffer, length, 0);
        for (int i = 0; r == -Errno.ENOBUFS && i < 1000; i++) {
            Thread.onSpinWait();
            r = Libc.send(fd, buffer, length, 0);
        }
        ErrnoException.check(r, "send", frame.length + " bytes");
    }

    /** A frame that the interface has received. */
    Optional<WireFrame> receive() {
        int r = Libc.recv(fd, buffer, MAX_FRAME, 0);
        if (r == -Errno.EAGAIN || r == -100) {
            // -ENETDOWN once after the interface went down.
            return Optional.empty();
        }
        ErrnoException.check(r, "recv", "frame");
        byte[] frame = buffer.asSlice(VNET_HEADER, r - VNET_HEADER).toArray(ValueLayout.JAVA_BYTE);
        boolean partial = (buffer.get(ValueLayout.JAVA_BYTE, 0) & NEEDS_CSUM) != 0;
        boolean segmented = buffer.get(ValueLayout.JAVA_BYTE, 1) != 0;
        int segmentSize = segmented ? buffer.get(ValueLayout.JAVA_SHORT, 4) & 0xffff : 0;
        return Optional.of(new WireFrame(frame, partial, segmentSize));
    }

    @Override
    public void close() {
        Libc.close(fd);
        arena.close();
    }
}
