// SPDX-License-Identifier: Apache-2.0
/**
 * Network interfaces of the kernel through rtnetlink(7): state, settings, addresses, routes,
 * namespaces, and changes as they happen.
 *
 * <pre>{@code
 * try (Rtnetlink kernel = Rtnetlink.open()) {
 *     LinkState link = kernel.link("vEth0");
 *     kernel.addAddress(link.ifindex(), IpPrefix.parse("192.168.210.1/24"));
 *     kernel.setUp(link.ifindex(), true);
 * }
 * }</pre>
 */
package io.vpmd.kni.netlink;
