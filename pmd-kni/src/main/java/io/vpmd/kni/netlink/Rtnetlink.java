// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.Errno;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads and sets the interfaces of one network namespace. Any thread may use it, one at a time.
 * Each call waits at most {@value #TIMEOUT_MILLIS} ms for the kernel's answer.
 *
 * <p>Calls throw {@link NetlinkException}, with the kernel's errno and explanation, for what the
 * kernel refuses.
 */
public final class Rtnetlink implements AutoCloseable {
    /** How long a call waits for an answer. */
    public static final int TIMEOUT_MILLIS = 5_000;

    private static final int LINK_TRIES = 3;

    private final Requests requests;

    private Rtnetlink(NetlinkSocket socket) {
        this.requests = new Requests(socket);
    }

    /** For the namespace of the calling thread. */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open());
    }

    /**
     * For {@code namespace}, which may be closed afterwards.
     *
     * @throws NetNamespaceException when this process may not enter it
     */
    public static Rtnetlink open(NetNamespace namespace) {
        return namespace.call(Rtnetlink::open);
    }

    /**
     * The interface with this name.
     *
     * @throws NetlinkException with ENODEV when there is none
     */
    public synchronized LinkState link(String name) {
        return getLink(
                name,
                MessageWriter.link(Rtnl.RTM_GETLINK, 0, 0, 0).attribute(Rtnl.IFLA_IFNAME, name));
    }

    /**
     * The interface with this number.
     *
     * @throws NetlinkException with ENODEV when there is none
     */
    public synchronized LinkState link(int ifindex) {
        return getLink(object(ifindex), MessageWriter.link(Rtnl.RTM_GETLINK, ifindex, 0, 0));
    }

    private LinkState getLink(String object, MessageWriter request) {
        for (Message m : requests.query("look up", object, request)) {
            if (m.type() == Rtnl.RTM_NEWLINK) {
                return LinkState.parse(m);
            }
        }
        throw new NetlinkException("look up", object, Errno.ENODEV, "");
    }

    /** The interface with this name, if there is one. */
    public Optional<LinkState> find(String name) {
        try {
            return Optional.of(link(name));
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** All interfaces of the namespace, by ascending number. */
    public synchronized List<LinkState> links() {
        for (int i = 1; ; i++) {
            MessageWriter dump = MessageWriter.link(Rtnl.RTM_GETLINK, 0, 0, 0);
            List<Message> answer = requests.dump("list", "interfaces", dump);
            // A list that changed while it was written may lack an interface.
            if (i == LINK_TRIES || answer.stream().noneMatch(m -> m.has(Rtnl.NLM_F_DUMP_INTR))) {
                List<LinkState> links = new ArrayList<>();
                for (Message m : answer) {
                    if (m.type() == Rtnl.RTM_NEWLINK) {
                        links.add(LinkState.parse(m));
                    }
                }
                return links;
            }
        }
    }

    public void setUp(int ifindex, boolean up) {
        change(
                up ? "set up" : "set down",
                ifindex,
                MessageWriter.link(Rtnl.RTM_SETLINK, ifindex, up ? Rtnl.IFF_UP : 0, Rtnl.IFF_UP));
    }

    /** Switches the administrator's promiscuous flag, as {@code ip link set promisc} does. */
    public void setPromiscuous(int ifindex, boolean on) {
        int flag = Rtnl.IFF_PROMISC;
        change(
                "set promisc " + (on ? "on" : "off"),
                ifindex,
                MessageWriter.link(Rtnl.RTM_SETLINK, ifindex, on ? flag : 0, flag));
    }

    public void setMtu(int ifindex, int bytes) {
        change("set mtu " + bytes, ifindex, set(ifindex).attribute(Rtnl.IFLA_MTU, bytes));
    }

    public void setMac(int ifindex, MacAddress mac) {
        change(
                "set address " + mac,
                ifindex,
                set(ifindex).attribute(Rtnl.IFLA_ADDRESS, mac.bytes()));
    }

    /** Renames an interface; some kernels want it down for that. */
    public void setName(int ifindex, String name) {
        change("set name " + name, ifindex, set(ifindex).attribute(Rtnl.IFLA_IFNAME, name));
    }

    /** Moves an interface to another namespace; this sets it down and removes its addresses. */
    public void moveTo(int ifindex, NetNamespace namespace) {
        change(
                "set netns " + namespace,
                ifindex,
                set(ifindex).attribute(Rtnl.IFLA_NET_NS_FD, namespace.fd()));
    }

    private static MessageWriter set(int ifindex) {
        return MessageWriter.link(Rtnl.RTM_SETLINK, ifindex, 0, 0);
    }

    /** Adds an address; an IPv6 one is usable at once, without duplicate address detection. */
    public void addAddress(int ifindex, IpPrefix address) {
        change(
                "add address " + address,
                ifindex,
                address(Rtnl.RTM_NEWADDR, Rtnl.NLM_F_CREATE | Rtnl.NLM_F_EXCL, ifindex, address));
    }

    public void deleteAddress(int ifindex, IpPrefix address) {
        change(
                "delete address " + address,
                ifindex,
                address(Rtnl.RTM_DELADDR, 0, ifindex, address));
    }

    private static MessageWriter address(int type, int flags, int ifindex, IpPrefix address) {
        boolean v4 = address.family() == Rtnl.AF_INET;
        MessageWriter w =
                new MessageWriter(type, flags)
                        .u8(address.family())
                        .u8(address.length())
                        .u8(v4 ? 0 : Rtnl.IFA_F_NODAD)
                        .u8(Rtnl.RT_SCOPE_UNIVERSE)
                        .u32(ifindex)
                        .attribute(Rtnl.IFA_LOCAL, address.bytes())
                        .attribute(Rtnl.IFA_ADDRESS, address.bytes());
        return v4 && address.length() < 31
                ? w.attribute(Rtnl.IFA_BROADCAST, address.broadcast())
                : w;
    }

    /**
     * Adds a route to the main table, in place of one that is there.
     *
     * @param gateway null for a network that is on the link
     */
    public void addRoute(int ifindex, IpPrefix network, @Nullable InetAddress gateway) {
        int flags = Rtnl.NLM_F_CREATE | Rtnl.NLM_F_REPLACE;
        change(
                "add route " + network,
                ifindex,
                route(Rtnl.RTM_NEWROUTE, flags, ifindex, network, gateway));
    }

    /** The reverse of {@link #addRoute}. */
    public void deleteRoute(int ifindex, IpPrefix network, @Nullable InetAddress gateway) {
        change(
                "delete route " + network,
                ifindex,
                route(Rtnl.RTM_DELROUTE, 0, ifindex, network, gateway));
    }

    private static MessageWriter route(
            int type, int flags, int ifindex, IpPrefix network, @Nullable InetAddress gateway) {
        boolean onLink = gateway == null && network.family() == Rtnl.AF_INET;
        MessageWriter w =
                new MessageWriter(type, flags)
                        .u8(network.family())
                        .u8(network.length())
                        .u8(0)
                        .u8(0)
                        .u8(Rtnl.RT_TABLE_MAIN)
                        .u8(Rtnl.RTPROT_STATIC)
                        .u8(onLink ? Rtnl.RT_SCOPE_LINK : Rtnl.RT_SCOPE_UNIVERSE)
                        .u8(Rtnl.RTN_UNICAST)
                        .u32(0)
                        .attribute(Rtnl.RTA_DST, network.bytes())
                        .attribute(Rtnl.RTA_OIF, ifindex);
        return gateway == null ? w : w.attribute(Rtnl.RTA_GATEWAY, gateway.getAddress());
    }

    /** Adds a permanent neighbour (ARP or ND entry), in place of one that is there. */
    public void addNeighbour(int ifindex, InetAddress address, MacAddress mac) {
        change(
                "add neighbour " + address.getHostAddress(),
                ifindex,
                new MessageWriter(Rtnl.RTM_NEWNEIGH, Rtnl.NLM_F_CREATE | Rtnl.NLM_F_REPLACE)
                        .u32(address.getAddress().length == 4 ? Rtnl.AF_INET : Rtnl.AF_INET6)
                        .u32(ifindex)
                        .u16(Rtnl.NUD_PERMANENT)
                        .u16(0)
                        .attribute(Rtnl.NDA_DST, address.getAddress())
                        .attribute(Rtnl.NDA_LLADDR, mac.bytes()));
    }

    private synchronized void change(String operation, int ifindex, MessageWriter request) {
        requests.change(operation, object(ifindex), request);
    }

    private static String object(int ifindex) {
        return "interface " + ifindex;
    }

    @Override
    public synchronized void close() {
        requests.close();
    }
}
