// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.Errno;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The last known state of one interface, kept up to date from the kernel's events, wherever the
 * interface goes. One thread at a time.
 *
 * <p>State is level, events are hints: what the events of a namespace lose (overrun, the moment
 * between a move and the new subscription) is read afresh.
 */
final class LinkTracker implements AutoCloseable {
    /** How many times a move or rename may overtake the search. */
    private static final int TRIES = 10;

    private static final int EVENT_BUFFER_BYTES = 256 * 1024;
    private static final int MAX_DATAGRAMS = 4096;

    private final Whereabouts whereabouts;
    private @Nullable Sockets sockets;
    private @Nullable LinkState state;
    private Set<MacAddress> multicast = Set.of();
    private boolean gone;
    private boolean lost;

    /** What is open in the namespace where the interface is. */
    private record Sockets(
            NetNamespace namespace,
            NetlinkSocket events,
            Rtnetlink requests,
            MulticastList multicast) {

        static Sockets open(NetNamespace namespace) {
            try {
                return namespace.call(() -> openHere(namespace));
            } catch (RuntimeException e) {
                namespace.close();
                throw e;
            }
        }

        private static Sockets openHere(NetNamespace namespace) {
            MulticastList multicast = new MulticastList();
            NetlinkSocket events = null;
            try {
                events = NetlinkSocket.open();
                events.subscribe(Rtnl.RTNLGRP_LINK, EVENT_BUFFER_BYTES);
                // Kernels from 6.14 on tell of joins, which spares the wait for the next look.
                events.trySubscribe(Rtnl.RTNLGRP_IPV4_MCADDR);
                events.trySubscribe(Rtnl.RTNLGRP_IPV6_MCADDR);
                return new Sockets(namespace, events, Rtnetlink.open(), multicast);
            } catch (RuntimeException e) {
                multicast.close();
                if (events != null) {
                    events.close();
                }
                throw e;
            }
        }

        void close() {
            events.close();
            requests.close();
            multicast.close();
            namespace.close();
        }
    }

    /**
     * Finds the interface and reads its state.
     *
     * @throws NetlinkException with ENODEV when it is not there
     */
    LinkTracker(Whereabouts whereabouts) {
        this.whereabouts = whereabouts;
        locate();
        if (gone) {
            throw new NetlinkException("watch", "interface", Errno.ENODEV, "");
        }
    }

    /** Whether the interface was deleted; the state is its last one then. */
    boolean gone() {
        return gone;
    }

    /** Whether the interface left and was not found yet: call {@link #drain} again soon. */
    boolean lost() {
        return lost;
    }

    LinkState state() {
        return Objects.requireNonNull(state);
    }

    Set<MacAddress> multicast() {
        return multicast;
    }

    NetNamespace namespace() {
        return sockets().namespace();
    }

    /** For requests about the interface, in the namespace where it is. */
    Rtnetlink requests() {
        return sockets().requests();
    }

    /** The descriptor that becomes readable on events. */
    int eventFd() {
        return sockets().events().fd();
    }

    private Sockets sockets() {
        Sockets s = sockets;
        if (s == null) {
            throw new NetlinkException("watch", "interface", Errno.ENODEV, "it was deleted");
        }
        return s;
    }

    /**
     * Takes the events that are there.
     *
     * @return the interface's states, in order; the last is {@link #state}
     */
    List<LinkState> drain() {
        List<LinkState> seen = new ArrayList<>();
        if (gone) {
            return seen;
        }
        if (lost) {
            locate();
            seen.add(state());
            return seen;
        }
        boolean overrun = false;
        for (int i = 0; i < MAX_DATAGRAMS; i++) {
            try {
                List<Message> batch = sockets().events().receive(0);
                if (batch.isEmpty()) {
                    break;
                }
                if (!take(batch, seen)) {
                    locate();
                    seen.add(state());
                    return seen;
                }
            } catch (NetlinkException e) {
                if (e.errno() != Errno.ENOBUFS) {
                    throw e;
                }
                overrun = true;
            } catch (MalformedMessageException e) {
                overrun = true;
            }
        }
        if (overrun) {
            refresh();
            seen.add(state());
        }
        return seen;
    }

    /** Returns false when the interface left this namespace. */
    private boolean take(List<Message> batch, List<LinkState> seen) {
        for (Message m : batch) {
            boolean link = m.type() == Rtnl.RTM_NEWLINK || m.type() == Rtnl.RTM_DELLINK;
            if (link && LinkState.isOf(m, state().ifindex())) {
                if (m.type() == Rtnl.RTM_DELLINK) {
                    return false;
                }
                state = LinkState.parse(m);
                seen.add(state());
            } else if (m.type() == Rtnl.RTM_NEWMULTICAST || m.type() == Rtnl.RTM_DELMULTICAST) {
                readMulticast();
            }
        }
        return true;
    }

    /** Reads everything afresh, also what Linux sends no events for. */
    void refresh() {
        if (gone || lost) {
            return;
        }
        try {
            state = requests().link(state().ifindex());
            readMulticast();
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
            locate();
        }
    }

    private void readMulticast() {
        multicast = sockets().multicast().read(state().ifindex());
    }

    /**
     * Finds the interface, subscribes where it is, then reads its state, so that nothing is lost.
     */
    private void locate() {
        lost = true;
        for (int i = 0; i < TRIES; i++) {
            Whereabouts.Place place = whereabouts.find();
            if (place == null) {
                break;
            }
            Sockets old = sockets;
            sockets = Sockets.open(place.namespace());
            if (old != null) {
                old.close();
            }
            try {
                state = requests().link(place.name());
                readMulticast();
                lost = false;
                return;
            } catch (NetlinkException e) {
                // Moved or renamed once more since it was found.
                if (e.errno() != Errno.ENODEV) {
                    throw e;
                }
            }
        }
        lost = false;
        gone = true;
    }

    @Override
    public void close() {
        gone = true;
        if (sockets != null) {
            sockets.close();
            sockets = null;
        }
    }
}
