// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.MacAddress;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An interface of the kernel at one moment.
 *
 * @param ifindex its number in its namespace
 * @param name its name, which can change
 * @param flags IFF_... of netdevice(7)
 * @param mtu in bytes
 * @param minMtu smallest MTU that the kernel accepts, 0 if unknown
 * @param maxMtu largest MTU that the kernel accepts, 0 if unlimited or unknown
 * @param mac its address; zero when it has none of six bytes
 * @param promiscuity how many users want all packets; more than 0 also when IFF_PROMISC is off
 * @param allmulti how many users want all multicast packets
 * @param operstate the state of RFC 2863
 * @param carrier whether it has a link
 * @param kind kind of a virtual interface, for example {@code tun}, else empty
 * @param tap present for a tap interface
 * @param stats the kernel's counters
 */
public record LinkState(
        int ifindex,
        String name,
        int flags,
        int mtu,
        int minMtu,
        int maxMtu,
        MacAddress mac,
        int promiscuity,
        int allmulti,
        OperState operstate,
        boolean carrier,
        String kind,
        Optional<TapState> tap,
        LinkStats stats) {

    /** Operational state of RFC 2863, in the kernel's order. */
    public enum OperState {
        UNKNOWN,
        NOTPRESENT,
        DOWN,
        LOWERLAYERDOWN,
        TESTING,
        DORMANT,
        UP
    }

    /** Whether it was set up ({@code ip link set up}); the link may be down nevertheless. */
    public boolean up() {
        return (flags & Rtnl.IFF_UP) != 0;
    }

    /** Whether somebody wants all packets, tcpdump for example. */
    public boolean promiscuous() {
        return promiscuity > 0;
    }

    /** Whether somebody wants all multicast packets. */
    public boolean allmulticast() {
        return allmulti > 0;
    }

    /** The same with all counters zero, for comparisons. */
    public LinkState withoutStats() {
        return new LinkState(
                ifindex,
                name,
                flags,
                mtu,
                minMtu,
                maxMtu,
                mac,
                promiscuity,
                allmulti,
                operstate,
                carrier,
                kind,
                tap,
                LinkStats.ZERO);
    }

    /**
     * Whether an RTM_NEWLINK or RTM_DELLINK message is about this interface as a whole; bridges and
     * IPv6 send such messages about their part of it.
     */
    static boolean isOf(Message message, int ifindex) {
        ByteBuffer head = message.body();
        return head.limit() >= Rtnl.IFINFOMSG && head.get(0) == 0 && head.getInt(4) == ifindex;
    }

    /**
     * Reads an RTM_NEWLINK or RTM_DELLINK message.
     *
     * @throws MalformedMessageException when a part is shorter than its type
     */
    static LinkState parse(Message message) {
        ByteBuffer head = message.body();
        Attributes a = new Attributes(message.after(Rtnl.IFINFOMSG));
        int flags = head.getInt(8);
        int operstate = a.u8(Rtnl.IFLA_OPERSTATE, 0);
        OperState[] states = OperState.values();
        return new LinkState(
                head.getInt(4),
                a.string(Rtnl.IFLA_IFNAME, ""),
                flags,
                a.u32(Rtnl.IFLA_MTU, 0),
                a.u32(Rtnl.IFLA_MIN_MTU, 0),
                a.u32(Rtnl.IFLA_MAX_MTU, 0),
                mac(a),
                a.u32(Rtnl.IFLA_PROMISCUITY, (flags & Rtnl.IFF_PROMISC) != 0 ? 1 : 0),
                // Older kernels tell only whether an administrator switched it on.
                a.u32(Rtnl.IFLA_ALLMULTI, (flags & Rtnl.IFF_ALLMULTI) != 0 ? 1 : 0),
                operstate < states.length ? states[operstate] : OperState.UNKNOWN,
                a.u8(Rtnl.IFLA_CARRIER, 0) != 0,
                a.nested(Rtnl.IFLA_LINKINFO).string(Rtnl.IFLA_INFO_KIND, ""),
                TapState.parse(a),
                a.bytes(Rtnl.IFLA_STATS64, LinkStats.SIZE)
                        .map(LinkStats::parse)
                        .orElse(LinkStats.ZERO));
    }

    private static MacAddress mac(Attributes a) {
        Optional<ByteBuffer> address = a.bytes(Rtnl.IFLA_ADDRESS);
        byte[] mac = new byte[6];
        if (address.isPresent() && address.get().limit() == mac.length) {
            address.get().get(0, mac);
        }
        return MacAddress.of(mac, 0);
    }
}
