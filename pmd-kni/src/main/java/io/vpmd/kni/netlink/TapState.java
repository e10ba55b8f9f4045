// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.util.Optional;

/**
 * What the kernel says of a tap interface beyond other interfaces.
 *
 * @param persistent whether it stays without an open descriptor
 * @param multiQueue whether it was made for several queues
 * @param queues descriptors attached to it, of any process; 0 means that nobody serves it. Known
 *     for multi-queue interfaces only, else 0.
 */
public record TapState(boolean persistent, boolean multiQueue, int queues) {
    static Optional<TapState> parse(Attributes link) {
        Attributes info = link.nested(Rtnl.IFLA_LINKINFO);
        if (!info.string(Rtnl.IFLA_INFO_KIND, "").equals("tun")) {
            return Optional.empty();
        }
        Attributes tun = info.nested(Rtnl.IFLA_INFO_DATA);
        if (tun.u8(Rtnl.IFLA_TUN_TYPE, 0) != Rtnl.IFF_TAP) {
            return Optional.empty();
        }
        return Optional.of(
                new TapState(
                        tun.u8(Rtnl.IFLA_TUN_PERSIST, 0) != 0,
                        tun.u8(Rtnl.IFLA_TUN_MULTI_QUEUE, 0) != 0,
                        tun.u32(Rtnl.IFLA_TUN_NUM_QUEUES, 0)));
    }
}
