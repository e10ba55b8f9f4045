// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A TAP interface of Linux (Documentation/networking/tuntap.rst) and the descriptors of its queues.
 * Queue descriptors are non-blocking and carry a {@link VnetHeader} before each frame.
 */
public final class TapDevice implements AutoCloseable {
    /** Longest name of an interface, in bytes. */
    public static final int MAX_NAME_LENGTH = 15;

    /** Largest MTU that the tun driver takes. */
    public static final int MAX_MTU = 65521;

    static final long TUNSETIFF = 0x4004_54caL;
    static final long TUNSETPERSIST = 0x4004_54cbL;
    static final long TUNSETOFFLOAD = 0x4004_54d0L;
    static final long TUNGETIFF = 0x8004_54d2L;
    static final long TUNSETVNETHDRSZ = 0x4004_54d8L;
    static final long TUNSETCARRIER = 0x4004_54e2L;
    static final long TUNGETDEVNETNS = 0x54e3L;
    static final long SIOCGIFHWADDR = 0x8927L;
    static final long SIOCSIFHWADDR = 0x8924L;

    static final int IFF_TAP = 0x2;
    static final int IFF_NO_CARRIER = 0x40;
    static final int IFF_MULTI_QUEUE = 0x100;
    static final int IFF_NO_PI = 0x1000;
    static final int IFF_VNET_HDR = 0x4000;
    static final int IFF_TUN_EXCL = 0x8000;

    static final int TUN_F_CSUM = 0x1;
    static final int TUN_F_TSO4 = 0x2;
    static final int TUN_F_TSO6 = 0x4;
    static final int TUN_F_TSO_ECN = 0x8;

    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final long IFREQ_SIZE = 40;
    private static final int ARPHRD_ETHER = 1;

    private final int flags;
    private final List<Integer> fds = new ArrayList<>();
    private boolean open = true;

    /**
     * Makes an interface in the network namespace of the calling thread, without carrier, or takes
     * over a persistent one that nobody serves.
     *
     * @param name at most {@value #MAX_NAME_LENGTH} bytes
     * @param multiQueue whether it may have more than one queue
     * @param takeOver whether the interface is there already and persistent
     * @throws ErrnoException with EBUSY when the name is taken
     */
    public TapDevice(String name, boolean multiQueue, boolean takeOver) {
        flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | (multiQueue ? IFF_MULTI_QUEUE : 0);
        // Without EXCL a second opener of a multi-queue interface would silently steal packets.
        fds.add(openQueue(name, flags | IFF_NO_CARRIER | (takeOver ? 0 : IFF_TUN_EXCL)));
        try {
            setCarrier(false);
        } catch (ErrnoException e) {
            close();
            throw e;
        }
    }

    private static int openQueue(String name, int flags) {
        int access = Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
        int fd = ErrnoException.check(Libc.open(CLONE_DEVICE, access, 0), "open", CLONE_DEVICE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_SIZE, 8);
            ifreq.setString(0, name, StandardCharsets.UTF_8);
            ifreq.set(ValueLayout.JAVA_SHORT, 16, (short) flags);
            ErrnoException.check(Libc.ioctl(fd, TUNSETIFF, ifreq), "TUNSETIFF", name);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, VnetHeader.SIZE);
            ErrnoException.check(Libc.ioctl(fd, TUNSETVNETHDRSZ, size), "TUNSETVNETHDRSZ", name);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
        return fd;
    }

    /** Opens or closes queues until there are {@code count}; at least one stays. */
    public synchronized void setQueues(int count) {
        while (fds.size() > count) {
            Libc.close(fds.removeLast());
        }
        while (fds.size() < count) {
            fds.add(openQueue(name(), flags));
        }
    }

    /** Descriptor of a queue; it belongs to this object. */
    public synchronized int fd(int queue) {
        return fds.get(queue);
    }

    /** Name of the interface as it is now. */
    public String name() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_SIZE, 8);
            control(TUNGETIFF, ifreq, "TUNGETIFF");
            return ifreq.getString(0, StandardCharsets.UTF_8);
        }
    }

    /**
     * A descriptor of the network namespace that the interface is in now; the caller closes it.
     *
     * @throws ErrnoException when the kernel is older than 5.9, or refuses
     */
    public int openNamespace() {
        int fd = Libc.ioctl(fd(0), TUNGETDEVNETNS, 0L);
        return ErrnoException.check(fd, "TUNGETDEVNETNS", "interface");
    }

    /** Shows the interface with or without a carrier. */
    public void setCarrier(boolean on) {
        try (Arena arena = Arena.ofConfined()) {
            control(
                    TUNSETCARRIER,
                    arena.allocateFrom(ValueLayout.JAVA_INT, on ? 1 : 0),
                    "TUNSETCARRIER");
        }
    }

    /** Whether the interface stays when the last descriptor is closed. */
    public void setPersistent(boolean on) {
        int r = Libc.ioctl(fd(0), TUNSETPERSIST, on ? 1L : 0L);
        ErrnoException.check(r, "TUNSETPERSIST", "interface");
    }

    /** Says whether the kernel may send packets with partial checksums, and longer than the MTU. */
    public void setOffload(boolean partialChecksum, boolean segmentation) {
        int wanted = partialChecksum || segmentation ? TUN_F_CSUM : 0;
        if (segmentation) {
            wanted |= TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
        }
        int r = Libc.ioctl(fd(0), TUNSETOFFLOAD, (long) wanted);
        ErrnoException.check(r, "TUNSETOFFLOAD", "interface");
    }

    /** The interface's address. */
    public MacAddress mac() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_SIZE, 8);
            control(SIOCGIFHWADDR, ifreq, "SIOCGIFHWADDR");
            byte[] bytes = new byte[6];
            MemorySegment.copy(ifreq, ValueLayout.JAVA_BYTE, 18, bytes, 0, 6);
            return MacAddress.of(bytes, 0);
        }
    }

    /** Sets the interface's address, also while it is up. */
    public void setMac(MacAddress mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_SIZE, 8);
            ifreq.set(ValueLayout.JAVA_SHORT, 16, (short) ARPHRD_ETHER);
            MemorySegment.copy(mac.bytes(), 0, ifreq, ValueLayout.JAVA_BYTE, 18, 6);
            control(SIOCSIFHWADDR, ifreq, "SIOCSIFHWADDR");
        }
    }

    private void control(long request, MemorySegment argument, String operation) {
        ErrnoException.check(Libc.ioctl(fd(0), request, argument), operation, "interface");
    }

    /** Whether a result of read or write means that the interface is gone. */
    static boolean gone(int result) {
        return result == -Errno.EBADFD || result == -Errno.ENODEV || result == -Errno.ENXIO;
    }

    /** Closes all queues; an interface that is not persistent goes with them. Idempotent. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            fds.forEach(Libc::close);
        }
    }
}
