// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * An IP address and how many of its first bits name the network.
 *
 * @param address IPv4 or IPv6
 * @param length 0 to 32 or 128
 */
public record IpPrefix(InetAddress address, int length) {
    public IpPrefix {
        int bits = address.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "a prefix length of " + address.getHostAddress() + " is 0 to " + bits);
        }
    }

    /**
     * Reads {@code 192.168.210.1/24} or {@code fe80::1/64}; without a length it is a host.
     *
     * @throws IllegalArgumentException when it is malformed; names are not looked up
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress address =
                    InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int length =
                    slash < 0
                            ? address.getAddress().length * 8
                            : Integer.parseInt(text.substring(slash + 1));
            return new IpPrefix(address, length);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not an address such as 192.168.210.1/24", e);
        }
    }

    /** AF_INET or AF_INET6. */
    int family() {
        return address instanceof Inet4Address ? Rtnl.AF_INET : Rtnl.AF_INET6;
    }

    byte[] bytes() {
        return address.getAddress();
    }

    /** The network's last address. */
    byte[] broadcast() {
        byte[] b = bytes();
        for (int bit = length; bit < b.length * 8; bit++) {
            b[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return b;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
