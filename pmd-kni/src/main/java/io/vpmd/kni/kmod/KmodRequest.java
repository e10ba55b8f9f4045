// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.MacAddress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A change of the kernel's side, with the whole state of its kind.
 *
 * @param sequence its number; later ones are higher
 * @param wantsAnswer whether it can be refused
 * @param waits whether it is made after the answer only, and somebody waits for that
 * @param change what it is about
 */
public record KmodRequest(long sequence, boolean wantsAnswer, boolean waits, Change change) {
    /** A state. */
    public sealed interface Change {
        record Up(boolean up) implements Change {}

        record Mtu(int bytes) implements Change {}

        record Mac(MacAddress address) implements Change {}

        record Filter(boolean promiscuous, boolean allmulticast, Set<MacAddress> multicast)
                implements Change {}

        record Vlans(Set<Integer> ids) implements Change {}
    }

    static KmodRequest read(MemorySegment from) {
        int flags = from.get(JAVA_INT, KmodAbi.REQUEST_FLAGS);
        return new KmodRequest(
                from.get(JAVA_LONG, KmodAbi.REQUEST_SEQUENCE),
                (flags & KmodAbi.KNI_REQUEST_ANSWER) != 0,
                (flags & KmodAbi.KNI_REQUEST_WAITS) != 0,
                change(from));
    }

    private static Change change(MemorySegment from) {
        int value = from.get(JAVA_INT, KmodAbi.REQUEST_VALUE);
        return switch (from.get(JAVA_INT, KmodAbi.REQUEST_KIND)) {
            case KmodAbi.KNI_CHANGE_UP -> new Change.Up(value != 0);
            case KmodAbi.KNI_CHANGE_MTU -> new Change.Mtu(value);
            case KmodAbi.KNI_CHANGE_MAC -> new Change.Mac(mac(from, KmodAbi.REQUEST_MAC));
            case KmodAbi.KNI_CHANGE_FILTER -> filter(from, value);
            default -> new Change.Vlans(vlans(from));
        };
    }

    /** A list that is not shown to its end asks for all multicast packets. */
    private static Change filter(MemorySegment from, int value) {
        int count = from.get(JAVA_INT, KmodAbi.REQUEST_MULTICAST_COUNT);
        Set<MacAddress> multicast = new LinkedHashSet<>();
        for (int i = 0; i < Math.min(count, KmodAbi.KNI_MAX_ADDRESSES); i++) {
            multicast.add(mac(from, KmodAbi.REQUEST_MULTICAST + i * 6));
        }
        return new Change.Filter(
                (value & KmodAbi.KNI_FILTER_PROMISCUOUS) != 0,
                (value & KmodAbi.KNI_FILTER_ALLMULTICAST) != 0 || count > multicast.size(),
                multicast);
    }

    private static MacAddress mac(MemorySegment from, int offset) {
        byte[] bytes = new byte[6];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, 0, bytes.length);
        return MacAddress.of(bytes, 0);
    }

    private static Set<Integer> vlans(MemorySegment from) {
        Set<Integer> ids = new LinkedHashSet<>();
        for (int id = 0; id < KmodAbi.KNI_VLANS; id++) {
            long word = from.get(JAVA_LONG, KmodAbi.REQUEST_VLANS + id / 64 * 8);
            if ((word >>> id & 1) != 0) {
                ids.add(id);
            }
        }
        return ids;
    }

    int kind() {
        return switch (change) {
            case Change.Up _ -> KmodAbi.KNI_CHANGE_UP;
            case Change.Mtu _ -> KmodAbi.KNI_CHANGE_MTU;
            case Change.Mac _ -> KmodAbi.KNI_CHANGE_MAC;
            case Change.Filter _ -> KmodAbi.KNI_CHANGE_FILTER;
            case Change.Vlans _ -> KmodAbi.KNI_CHANGE_VLAN;
        };
    }
}
