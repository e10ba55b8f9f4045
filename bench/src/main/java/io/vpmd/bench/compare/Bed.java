// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.util.List;

/**
 * Two network namespaces, one on either side of a forwarder. Everything that is measured happens
 * inside; they and the interfaces in them go at the end.
 */
final class Bed {
    /** Address of the first side. */
    static final String FIRST_ADDRESS = "10.9.0.1";

    /** Address of the second side. */
    static final String SECOND_ADDRESS = "10.9.0.2";

    private final String first;
    private final String second;

    private Bed(String first, String second) {
        this.first = first;
        this.second = second;
    }

    /** Makes the namespaces. */
    static Bed make(Cleanup cleanup) throws Exception {
        String name = "vpmd-compare-" + ProcessHandle.current().pid();
        Bed bed = new Bed(name + "-a", name + "-b");
        for (String namespace : List.of(bed.first, bed.second)) {
            cleanup.begin(
                    () -> Shell.must("ip", "netns", "add", namespace),
                    () -> Shell.may("ip", "netns", "del", namespace));
            // Neighbour discovery would count as packets.
            Shell.must(
                    "ip",
                    "netns",
                    "exec",
                    namespace,
                    "sysctl",
                    "-qw",
                    "net.ipv6.conf.all.disable_ipv6=1",
                    "net.ipv6.conf.default.disable_ipv6=1");
            Shell.must("ip", "-n", namespace, "link", "set", "lo", "up");
        }
        return bed;
    }

    /** The namespace in which peers run. */
    String first() {
        return first;
    }

    /** The namespace on the other side. */
    String second() {
        return second;
    }

    /** Brings an interface of the first namespace up. */
    void up(String iface) throws Exception {
        Shell.must("ip", "-n", first, "link", "set", iface, "up");
    }

    /** Brings an interface of the first namespace up, with an address. */
    void address(String iface) throws Exception {
        address(first, FIRST_ADDRESS, iface);
    }

    /** Gives each side one interface, with an address. */
    void connect(String firstIface, String secondIface) throws Exception {
        Shell.must("ip", "-n", first, "link", "set", secondIface, "netns", second);
        address(first, FIRST_ADDRESS, firstIface);
        address(second, SECOND_ADDRESS, secondIface);
    }

    private static void address(String namespace, String address, String iface) throws Exception {
        Shell.must("ip", "-n", namespace, "addr", "add", address + "/24", "dev", iface);
        Shell.must("ip", "-n", namespace, "link", "set", iface, "up");
    }
}
