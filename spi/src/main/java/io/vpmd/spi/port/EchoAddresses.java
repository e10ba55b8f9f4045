// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Who the host behind an echo port is.
 *
 * @param mac its 48 bits
 * @param ip the IPv4 address
 * @param high upper half of the IPv6 address
 * @param low lower half
 */
record EchoAddresses(long mac, int ip, long high, long low) {
    static final String DEFAULT_IP = "192.168.210.2";
    static final String DEFAULT_IP6 = "fd00:210::2";

    /** Upper half of every link-local address in use: fe80::/64. */
    static final long LINK_LOCAL = 0xfe80L << 48;

    /**
     * Reads the options ip, ip6 and mac.
     *
     * @throws SpecException when one is no unicast address of its kind
     */
    static EchoAddresses of(PortSpec spec) {
        byte[] v4 = address(spec, "ip", DEFAULT_IP, 4);
        ByteBuffer v6 = ByteBuffer.wrap(address(spec, "ip6", DEFAULT_IP6, 16));
        int ip = ByteBuffer.wrap(v4).getInt();
        // Follows the address, so that a neighbour's cache is right after a restart.
        long byIp = 0x0200_0000_0000L | (ip & 0xffff_ffffL);
        long mac = spec.macOption("mac").map(MacAddress::value).orElse(byIp);
        return new EchoAddresses(mac, ip, v6.getLong(), v6.getLong());
    }

    private static byte[] address(PortSpec spec, String key, String otherwise, int length) {
        String text = spec.option(key, otherwise);
        String family = length == 4 ? "IPv4" : "IPv6";
        // Only digits and separators: a name would be looked up in the DNS.
        if (text.matches(length == 4 ? "[0-9.]+" : "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            try {
                InetAddress parsed = InetAddress.getByName(text);
                byte[] bytes = parsed.getAddress();
                boolean unicast = !parsed.isMulticastAddress() && !parsed.isAnyLocalAddress();
                boolean dotted = length != 4 || text.chars().filter(c -> c == '.').count() == 3;
                if (bytes.length == length && unicast && dotted) {
                    return bytes;
                }
            } catch (UnknownHostException _) {
                // Said below.
            }
        }
        throw spec.bad(key, text, "a unicast " + family + " address such as " + otherwise);
    }

    /** Lower half of the link-local address that follows from the MAC (RFC 4291, appendix A). */
    long linkLocalLow() {
        long flipped = mac ^ 0x0200_0000_0000L;
        return (flipped >>> 24) << 40 | 0xfffeL << 24 | (flipped & 0xff_ffff);
    }

    /** Whether an IPv6 address is one of the two that the host has. */
    boolean owns(long addressHigh, long addressLow) {
        return (addressHigh == high && addressLow == low)
                || (addressHigh == LINK_LOCAL && addressLow == linkLocalLow());
    }
}
