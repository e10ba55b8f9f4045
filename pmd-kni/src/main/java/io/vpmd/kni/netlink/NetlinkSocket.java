// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A NETLINK_ROUTE socket in the network namespace of the thread that made it; any thread can use it
 * later. One thread at a time.
 */
final class NetlinkSocket implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int POLLIN = 1;
    private static final int SOCKADDR_NL = 12;
    /* The kernel fills at most 32 KiB into one datagram. */
    private static final int CAPACITY = 64 * 1024;

    private final MemorySegment buffer = Arena.ofAuto().allocate(CAPACITY, 8);
    private final MemorySegment pollFd = Arena.ofAuto().allocate(8, 8);
    private int fd;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket for requests.
     *
     * @throws NetlinkException when the kernel refuses
     */
    static NetlinkSocket open() {
        int fd =
                check(
                        Libc.socket(Rtnl.AF_NETLINK, SOCK_RAW | Libc.O_CLOEXEC, Rtnl.NETLINK_ROUTE),
                        "open a netlink socket");
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.option(Rtnl.SOL_NETLINK, Rtnl.NETLINK_EXT_ACK, 1);
            socket.option(Rtnl.SOL_NETLINK, Rtnl.NETLINK_CAP_ACK, 1);
            MemorySegment address = Arena.ofAuto().allocate(SOCKADDR_NL, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Rtnl.AF_NETLINK);
            check(Libc.bind(fd, address), "bind a netlink socket");
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Asks for the events of a multicast group, and for room to queue them. */
    void subscribe(int group, int bufferBytes) {
        option(SOL_SOCKET, SO_RCVBUF, bufferBytes);
        option(Rtnl.SOL_NETLINK, Rtnl.NETLINK_ADD_MEMBERSHIP, group);
    }

    /** Asks for the events of a group that not every kernel has. */
    void trySubscribe(int group) {
        MemorySegment v = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, group);
        Libc.setsockopt(fd, Rtnl.SOL_NETLINK, Rtnl.NETLINK_ADD_MEMBERSHIP, v);
    }

    private void option(int level, int option, int value) {
        MemorySegment v = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, value);
        check(Libc.setsockopt(fd, level, option, v), "set up a netlink socket");
    }

    int fd() {
        return fd;
    }

    void send(byte[] message) {
        MemorySegment.copy(message, 0, buffer, ValueLayout.JAVA_BYTE, 0, message.length);
        check(Libc.send(fd, buffer, message.length, 0), "send to netlink");
    }

    /**
     * Waits for a datagram.
     *
     * @return its messages; none when the time is over, also when that is 0 and nothing is there
     * @throws NetlinkException with ENOBUFS when events were lost
     * @throws MalformedMessageException when it is not well-formed
     */
    List<Message> receive(int timeoutMillis) {
        if (timeoutMillis > 0 && !await(timeoutMillis)) {
            return List.of();
        }
        int length = Libc.recv(fd, buffer, CAPACITY, MSG_DONTWAIT | MSG_TRUNC);
        if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
            return List.of();
        }
        check(length, "receive from netlink");
        if (length > CAPACITY) {
            throw new MalformedMessageException("a datagram of " + length + " bytes");
        }
        byte[] copy = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        return Message.parse(ByteBuffer.wrap(copy));
    }

    private boolean await(int timeoutMillis) {
        pollFd.set(ValueLayout.JAVA_INT, 0, fd);
        pollFd.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
        return Libc.poll(pollFd, 1, timeoutMillis) > 0;
    }

    private static int check(int result, String operation) {
        if (result < 0) {
            throw new NetlinkException(operation, "of the kernel", -result, "");
        }
        return result;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
