// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.NetworkInterface;
import java.net.SocketException;

/** {@code INTERFACE VLAN}: sends one broadcast frame with an 802.1Q tag through a packet socket. */
public final class TaggedFrame {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCKADDR_LL_SIZE = 20;
    private static final int FRAME = 64;
    private static final int TPID_AT = 12;
    private static final int TCI_AT = 14;
    private static final int ETHERTYPE_AT = 16;

    private TaggedFrame() {}

    public static void main(String[] args) throws SocketException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(SOCKADDR_LL_SIZE, 4);
            to.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            to.set(ValueLayout.JAVA_INT, 4, NetworkInterface.getByName(args[0]).getIndex());
            MemorySegment frame = arena.allocate(FRAME);
            frame.asSlice(0, 6).fill((byte) 0xff);
            frame.set(ValueLayout.JAVA_BYTE, 6, (byte) 2);
            bigEndian(frame, TPID_AT, 0x8100);
            bigEndian(frame, TCI_AT, Integer.parseInt(args[1]));
            bigEndian(frame, ETHERTYPE_AT, 0x88b5);
            int fd = ErrnoException.check(Libc.socket(AF_PACKET, SOCK_RAW, 0), "socket", "packet");
            ErrnoException.check(Libc.bind(fd, to), "bind", args[0]);
            ErrnoException.check(Libc.send(fd, frame, FRAME, 0), "send", args[0]);
            Libc.close(fd);
        }
    }

    private static void bigEndian(MemorySegment frame, int at, int value) {
        frame.set(ValueLayout.JAVA_BYTE, at, (byte) (value >> 8));
        frame.set(ValueLayout.JAVA_BYTE, at + 1, (byte) value);
    }
}
