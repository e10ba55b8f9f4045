// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.bench.system.Namespaces;
import io.vpmd.bench.system.Shell;

import java.nio.file.Path;

/**
 * A model's card with an interface of this machine's kernel at the end of its cable, in a network
 * namespace of its own; that kernel counts the frames.
 */
final class ServedPeer implements CablePeer, AutoCloseable {
    private static final int MTU = 9000;

    private final Namespaces namespaces = new Namespaces();
    private final String namespace;
    private final ServedCard card;

    /** Skips the test where there can be no namespaces. */
    ServedPeer(String model, Path folder, String address) {
        namespace = namespaces.add();
        // No neighbour discovery and the like: every frame is counted.
        Shell.in(namespace, "sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
        String name = OutsidePeer.INTERFACE;
        card =
                new ServedCard(
                        0,
                        model,
                        folder,
                        "net_kni:%s,netns=%s,mtu=%d".formatted(name, namespace, MTU));
        Shell.in(namespace, "ip addr add " + address + " dev " + name);
        Shell.in(namespace, "ip link set " + name + " up");
    }

    ServedCard card() {
        return card;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public long sent() {
        return counter("tx_packets");
    }

    @Override
    public long received() {
        return counter("rx_packets");
    }

    private long counter(String name) {
        String file = "/sys/class/net/" + OutsidePeer.INTERFACE + "/statistics/" + name;
        return Long.parseLong(Shell.in(namespace, "cat " + file).strip());
    }

    @Override
    public void close() {
        card.close();
        namespaces.close();
    }
}
