// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import io.vpmd.spi.hw.model.ReceivedPacket;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code INTERFACE ADDRESS}: counts the TCP segments over IPv4 that pass an interface, and what its
 * driver was asked to do to them or says that it has done, as a packet socket is told with
 * PACKET_VNET_HDR. Those from the address are outgoing ones. Ends when there was none for two
 * seconds, and prints the counters.
 */
public final class OffloadWatch {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_VNET_HDR = 15;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOCKADDR_LL_SIZE = 20;
    private static final int POLLIN = 1;
    private static final int RECEIVE_BUFFER = 32 << 20;
    private static final int VNET_HEADER = 10;
    private static final int NEEDS_CSUM = 1;
    private static final int DATA_VALID = 2;
    private static final int LONGEST = 1 << 17;
    private static final int SOURCE_AT = 26;
    private static final int FIRST_MILLIS = 20_000;
    private static final int LAST_MILLIS = 2_000;

    private final byte[] own;
    private final byte[] frame = new byte[LONGEST];
    private final ReceivedPacket packet = new ReceivedPacket();
    private final Map<String, Long> counters = new LinkedHashMap<>();

    private OffloadWatch(byte[] own) {
        this.own = own;
    }

    public static void main(String[] args) throws SocketException, UnknownHostException {
        OffloadWatch watch = new OffloadWatch(InetAddress.getByName(args[1]).getAddress());
        try (Arena arena = Arena.ofConfined()) {
            int fd = open(arena, args[0]);
            System.out.println("listening");
            watch.readAll(arena, fd);
            Libc.close(fd);
        }
        System.out.println(watch.counters);
    }

    private static int open(Arena arena, String name) throws SocketException {
        MemorySegment at = arena.allocate(SOCKADDR_LL_SIZE, 4);
        at.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
        // ETH_P_ALL, in network order.
        at.set(ValueLayout.JAVA_SHORT, 2, (short) 0x0300);
        at.set(ValueLayout.JAVA_INT, 4, NetworkInterface.getByName(name).getIndex());
        int fd = ErrnoException.check(Libc.socket(AF_PACKET, SOCK_RAW, 0), "socket", "packet");
        set(arena, fd, SOL_PACKET, PACKET_VNET_HDR, 1);
        set(arena, fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
        ErrnoException.check(Libc.bind(fd, at), "bind", name);
        return fd;
    }

    private static void set(Arena arena, int fd, int level, int option, int value) {
        MemorySegment word = arena.allocateFrom(ValueLayout.JAVA_INT, value);
        ErrnoException.check(Libc.setsockopt(fd, level, option, word), "setsockopt", "packet");
    }

    private void readAll(Arena arena, int fd) {
        MemorySegment buffer = arena.allocate(LONGEST, 8);
        MemorySegment poll = arena.allocate(8, 4);
        poll.set(ValueLayout.JAVA_INT, 0, fd);
        poll.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
        while (Libc.poll(poll, 1, counters.isEmpty() ? FIRST_MILLIS : LAST_MILLIS) > 0) {
            int n = ErrnoException.check(Libc.recv(fd, buffer, LONGEST, 0), "recv", "packet");
            int length = n - VNET_HEADER;
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, VNET_HEADER, frame, 0, length);
            look(
                    buffer.get(ValueLayout.JAVA_BYTE, 0),
                    buffer.get(ValueLayout.JAVA_BYTE, 1),
                    length);
        }
    }

    private void look(int flags, int gsoType, int length) {
        packet.look(frame, length, 0, false, true, true, false);
        if (!packet.headers().ipv4() || !packet.headers().tcp()) {
            return;
        }
        boolean out = Arrays.equals(frame, SOURCE_AT, SOURCE_AT + 4, own, 0, 4);
        String way = out ? "out" : "in";
        add(way, true);
        add(way + "-partial", (flags & NEEDS_CSUM) != 0);
        add(way + "-valid", (flags & DATA_VALID) != 0);
        add(way + "-super", gsoType != 0);
        add(way + "-wrong", (flags & NEEDS_CSUM) == 0 && !(packet.ipGood() && packet.l4Good()));
        counters.merge(way + "-longest", (long) length, Math::max);
    }

    private void add(String counter, boolean one) {
        counters.merge(counter, one ? 1L : 0L, Long::sum);
    }
}
