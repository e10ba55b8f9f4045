// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.LinkState;
import io.vpmd.spi.MacAddress;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** What the application knows of an interface, and so what it is to be asked or told next. */
final class Settings {
    final Setting<Boolean> up = new Setting<>(false);
    final Setting<Integer> mtu;
    final Setting<MacAddress> mac;
    final Setting<Boolean> promiscuity = new Setting<>(false);
    final Setting<Boolean> allmulticast = new Setting<>(false);
    final Setting<Set<MacAddress>> multicast = new Setting<>(Set.of());

    Settings(int mtu, MacAddress mac) {
        this.mtu = new Setting<>(mtu);
        this.mac = new Setting<>(mac);
    }

    /** New handlers know nothing: an interface that is not up, and that nobody listens on. */
    void restart() {
        up.accept(false);
        promiscuity.accept(false);
        allmulticast.accept(false);
        multicast.accept(Set.of());
    }

    /**
     * The next difference. An interface goes down before and up after its other changes.
     *
     * @param handlers whether somebody is there to be told; else only what the port has itself
     */
    @Nullable Request next(LinkState kernel, Set<MacAddress> addresses, boolean handlers) {
        Boolean newUp = handlers ? up.pending(kernel.up()) : null;
        if (newUp != null && !newUp) {
            return new Request.Up(false);
        }
        MacAddress newMac = mac.pending(kernel.mac());
        if (newMac != null) {
            return new Request.Mac(newMac);
        }
        Integer newMtu = mtu.pending(kernel.mtu());
        if (newMtu != null) {
            return new Request.Mtu(newMtu);
        }
        Request notification = handlers ? notification(kernel, addresses) : null;
        return notification == null && newUp != null ? new Request.Up(true) : notification;
    }

    private @Nullable Request notification(LinkState kernel, Set<MacAddress> addresses) {
        Boolean promiscuous = promiscuity.pending(kernel.promiscuous());
        if (promiscuous != null) {
            return new Request.Promiscuity(promiscuous);
        }
        Boolean all = allmulticast.pending(kernel.allmulticast());
        if (all != null) {
            return new Request.Allmulticast(all);
        }
        Set<MacAddress> list = multicast.pending(addresses);
        return list == null ? null : new Request.MulticastList(list);
    }
}
