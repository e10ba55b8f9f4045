// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What an interface of this machine is used for. */
public final class InterfaceUse {
    /* A route that says "unreachable", RTF_REJECT. */
    private static final int REJECT = 0x200;

    private InterfaceUse() {}

    /** Why the machine may miss the interface: it has an address or a default route; or empty. */
    public static String of(String name) {
        return hasDefaultRoute(name, Path.of("/proc"))
                ? name + " has the default route"
                : addresses(name).stream()
                        .findFirst()
                        .map(a -> name + " has the address " + a)
                        .orElse("");
    }

    /** Without link-local ones, which every interface that is up gives itself. */
    private static List<String> addresses(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            return found == null
                    ? List.of()
                    : found.inetAddresses()
                            .filter(a -> !a.isLinkLocalAddress())
                            .map(InetAddress::getHostAddress)
                            .map(a -> a.replaceFirst("%.*", ""))
                            .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /** From the routing tables of IPv4 (route(8)) and IPv6 in procfs. */
    static boolean hasDefaultRoute(String name, Path proc) {
        return rows(proc.resolve("net/route"))
                        .anyMatch(
                                r ->
                                        r.length > 7
                                                && r[0].equals(name)
                                                && r[1].equals("00000000")
                                                && r[7].equals("00000000"))
                || rows(proc.resolve("net/ipv6_route"))
                        .anyMatch(
                                r ->
                                        r.length > 9
                                                && r[9].equals(name)
                                                && r[0].equals("0".repeat(32))
                                                && r[1].equals("00")
                                                && (Integer.parseUnsignedInt(r[8], 16) & REJECT)
                                                        == 0);
    }

    private static Stream<String[]> rows(Path table) {
        try {
            return Files.readAllLines(table).stream().map(line -> line.strip().split("\\s+"));
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
