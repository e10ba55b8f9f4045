// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.spi.Link;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Speed and duplex that {@code ethtool} shows for an interface ({@code struct ethtool_cmd}). */
public final class TapSpeed {
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final long SIOCETHTOOL = 0x8946L;
    static final int ETHTOOL_GSET = 1;
    static final int ETHTOOL_SSET = 2;
    static final int ETHTOOL_CMD_SIZE = 44;

    private static final int IFREQ_SIZE = 40;
    private static final int SPEED = 12;
    private static final int DUPLEX = 14;
    private static final int AUTONEG = 18;
    private static final int SPEED_HIGH = 28;

    private TapSpeed() {}

    /**
     * Sets what {@code link} says about speed, duplex and autonegotiation.
     *
     * @param name of an interface in the network namespace of the calling thread
     * @throws ErrnoException when the kernel refuses
     */
    public static void set(String name, Link link) {
        int type = SOCK_DGRAM | SOCK_CLOEXEC;
        int fd = ErrnoException.check(Libc.socket(AF_INET, type, 0), "socket", "datagram");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment command = arena.allocate(ETHTOOL_CMD_SIZE, 8);
            MemorySegment ifreq = arena.allocate(IFREQ_SIZE, 8);
            ifreq.setString(0, name, StandardCharsets.UTF_8);
            ifreq.set(ADDRESS, 16, command);
            command.set(JAVA_INT, 0, ETHTOOL_GSET);
            ErrnoException.check(Libc.ioctl(fd, SIOCETHTOOL, ifreq), "ETHTOOL_GSET", name);
            command.set(JAVA_INT, 0, ETHTOOL_SSET);
            command.set(JAVA_SHORT, SPEED, (short) link.speedMbps());
            command.set(JAVA_SHORT, SPEED_HIGH, (short) (link.speedMbps() >>> 16));
            command.set(JAVA_BYTE, DUPLEX, (byte) (link.fullDuplex() ? 1 : 0));
            command.set(JAVA_BYTE, AUTONEG, (byte) (link.autoneg() ? 1 : 0));
            ErrnoException.check(Libc.ioctl(fd, SIOCETHTOOL, ifreq), "ETHTOOL_SSET", name);
        } finally {
            Libc.close(fd);
        }
    }
}
