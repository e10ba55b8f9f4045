// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import org.junit.jupiter.api.Test;

/** net_igb on QEMU's 82576, and a tap (T2). */
class KniGuestTest extends KniOverNic {
    @Test
    void theKernelAndAPeerTalkThroughTheDriver() {
        Guest guest = Cards.guest();
        try (OutsidePeer peer = new OutsidePeer(guest.wire(Cards.OUTSIDE), PEER_NETWORK)) {
            talk(guest, "net_igb:" + GuestMachine.address(Cards.OUTSIDE), peer, "tap");
        }
    }

    @Override
    void setLink(boolean up) {
        Cards.guest().monitor().setLink("nic" + Cards.OUTSIDE, up);
    }
}
