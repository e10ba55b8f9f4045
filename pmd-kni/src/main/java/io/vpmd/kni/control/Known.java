// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.kmod.KmodRequest.Change;
import io.vpmd.spi.MacAddress;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * What the handlers of an interface of kni.ko know of it. New handlers know nothing: an interface
 * that is not up, and that nobody listens on. Any thread.
 */
final class Known {
    private boolean up;
    private int mtu;
    private MacAddress mac;
    private boolean promiscuous;
    private boolean allmulticast;
    private Set<MacAddress> multicast = Set.of();
    private Set<Integer> vlans = Set.of();

    Known(int mtu, MacAddress mac) {
        this.mtu = mtu;
        this.mac = mac;
    }

    synchronized int mtu() {
        return mtu;
    }

    synchronized MacAddress mac() {
        return mac;
    }

    /** Whether this is so already. */
    boolean has(Change change) {
        return next(change) == null;
    }

    /** What to ask or tell for it next; null when all is known. */
    synchronized @Nullable Request next(Change change) {
        return switch (change) {
            case Change.Up(boolean to) -> to == up ? null : new Request.Up(to);
            case Change.Mtu(int bytes) -> bytes == mtu ? null : new Request.Mtu(bytes);
            case Change.Mac(MacAddress to) -> to.equals(mac) ? null : new Request.Mac(to);
            case Change.Vlans(Set<Integer> ids) ->
                    ids.equals(vlans) ? null : new Request.Vlans(ids);
            case Change.Filter filter -> next(filter);
        };
    }

    private @Nullable Request next(Change.Filter filter) {
        if (filter.promiscuous() != promiscuous) {
            return new Request.Promiscuity(filter.promiscuous());
        }
        if (filter.allmulticast() != allmulticast) {
            return new Request.Allmulticast(filter.allmulticast());
        }
        return filter.multicast().equals(multicast)
                ? null
                : new Request.MulticastList(filter.multicast());
    }

    /** The application has, or was told of, this. */
    synchronized void accept(Request request) {
        switch (request) {
            case Request.Up r -> up = r.up();
            case Request.Mtu r -> mtu = r.bytes();
            case Request.Mac r -> mac = r.address();
            case Request.Promiscuity r -> promiscuous = r.on();
            case Request.Allmulticast r -> allmulticast = r.on();
            case Request.MulticastList r -> multicast = r.addresses();
            case Request.Vlans r -> vlans = r.ids();
        }
    }

    /** The known value of the same kind, for what can be refused. */
    synchronized Request same(Request request) {
        return switch (request) {
            case Request.Up _ -> new Request.Up(up);
            case Request.Mtu _ -> new Request.Mtu(mtu);
            case Request.Mac _ -> new Request.Mac(mac);
            default -> request;
        };
    }

    static boolean refusable(Request request) {
        return switch (request) {
            case Request.Up r -> r.up();
            case Request.Mtu _, Request.Mac _, Request.Vlans _ -> true;
            default -> false;
        };
    }

    /** What the module tells of an MTU or address that the application sets. */
    static @Nullable Change change(Request request) {
        return switch (request) {
            case Request.Mtu r -> new Change.Mtu(r.bytes());
            case Request.Mac r -> new Change.Mac(r.address());
            default -> null;
        };
    }
}
