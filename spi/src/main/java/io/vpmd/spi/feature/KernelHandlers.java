// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import io.vpmd.spi.MacAddress;

import java.util.Set;

/**
 * What an application does when the kernel's side of a port changes ({@code ip link set ...}). One
 * call at a time, on the port's control thread or in {@link KernelRequests#handleRequests()}. A
 * handler may block; {@code ip} does not wait for it, but for interfaces of kni.ko in synchronous
 * mode, for a bounded time. There a handler must not change that interface itself.
 *
 * <p>A change that is refused, by returning false or by throwing, is put back once and reported; in
 * synchronous mode it fails. Notifications carry the whole current state and cannot be refused:
 * Linux has no way to.
 */
public interface KernelHandlers {
    /**
     * The interface was set up or down.
     *
     * @return false to refuse going up; ignored for going down
     */
    default boolean configNetworkIf(boolean up) {
        return true;
    }

    /**
     * The MTU was changed.
     *
     * @return false to refuse it
     */
    default boolean changeMtu(int mtu) {
        return true;
    }

    /**
     * The interface's address was changed.
     *
     * @return false to refuse it
     */
    default boolean configMacAddress(MacAddress mac) {
        return true;
    }

    /** Somebody needs all packets, for example tcpdump, or nobody does any more. */
    default void configPromiscuity(boolean on) {}

    /** Somebody needs all multicast packets, or nobody does any more. */
    default void configAllmulticast(boolean on) {}

    /** The link layer multicast addresses that the interface listens to have changed. */
    default void configMulticastList(Set<MacAddress> addresses) {}

    /**
     * The ids of the VLANs on the interface have changed ({@code ip link add ... type vlan}); all
     * of them are told. Id 0 is of frames with a priority and no VLAN. Over kni.ko only; Linux
     * tells nobody else.
     *
     * @return false to refuse what was added; ignored when ids were only removed
     */
    default boolean configVlanIds(Set<Integer> ids) {
        return true;
    }
}
