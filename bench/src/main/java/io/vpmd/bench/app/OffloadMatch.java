// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which offloads to request of ports that forward to each other: a port delivers unfinished packets
 * (partial checksums, packets longer than the MTU, several segments) only when every port that they
 * may leave on can finish them.
 */
final class OffloadMatch {
    /** Packets received on one port leave on the other. */
    record Link(Port from, Port to) {}

    private static final Set<TxOffload> CHECKSUMS =
            EnumSet.of(TxOffload.TCP_CHECKSUM, TxOffload.UDP_CHECKSUM);

    private final List<Link> links;

    OffloadMatch(List<Link> links) {
        this.links = List.copyOf(links);
    }

    /** What to request of {@code port} for receive. */
    Set<RxOffload> rx(Port port) {
        List<Port> targets =
                links.stream().filter(l -> l.from().equals(port)).map(Link::to).toList();
        Set<RxOffload> offered = port.info().rxOffloads();
        Set<RxOffload> wanted = EnumSet.noneOf(RxOffload.class);
        if (targets.isEmpty()) {
            // Packets that end here may come in pieces; nobody has to finish them.
            wanted.add(RxOffload.SCATTER);
        } else if (all(targets, Set.of(TxOffload.MULTI_SEGMENT))) {
            wanted.add(RxOffload.SCATTER);
        }
        if (!targets.isEmpty() && all(targets, CHECKSUMS)) {
            wanted.add(RxOffload.PARTIAL_CHECKSUM);
            if (all(targets, EnumSet.of(TxOffload.TCP_TSO, TxOffload.MULTI_SEGMENT))) {
                wanted.add(RxOffload.TCP_LRO);
            }
        }
        wanted.retainAll(offered);
        if (!wanted.contains(RxOffload.SCATTER)) {
            wanted.remove(RxOffload.TCP_LRO);
        }
        return wanted;
    }

    /** What to request of {@code port} for transmit: what its sources will deliver. */
    Set<TxOffload> tx(Port port) {
        Set<RxOffload> coming = new LinkedHashSet<>();
        links.stream().filter(l -> l.to().equals(port)).forEach(l -> coming.addAll(rx(l.from())));
        Set<TxOffload> wanted = EnumSet.noneOf(TxOffload.class);
        if (coming.contains(RxOffload.SCATTER)) {
            wanted.add(TxOffload.MULTI_SEGMENT);
        }
        if (coming.contains(RxOffload.PARTIAL_CHECKSUM) || coming.contains(RxOffload.TCP_LRO)) {
            wanted.addAll(CHECKSUMS);
        }
        if (coming.contains(RxOffload.TCP_LRO)) {
            wanted.add(TxOffload.TCP_TSO);
        }
        return wanted;
    }

    private static boolean all(List<Port> ports, Set<TxOffload> can) {
        return ports.stream().allMatch(p -> p.info().txOffloads().containsAll(can));
    }
}
