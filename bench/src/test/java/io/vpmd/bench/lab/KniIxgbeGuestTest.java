// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.ixgbe.model.IxgbeModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** net_ixgbe on our model of the 82599, served over vfio-user, and kni.ko (T2). */
class KniIxgbeGuestTest extends KniOverNic {
    private IxgbeModel model;

    @Test
    void theKernelAndAPeerTalkThroughTheDriver(@TempDir Path folder) {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        Kmod.needModule(GuestMachine.DEBIAN_12);
        try (ServedPeer peer = new ServedPeer("82599-kx4", folder, PEER_NETWORK)) {
            ServedCard card = peer.card();
            model = (IxgbeModel) card.model();
            GuestMachine machine = new GuestMachine().iommu();
            machine.servedCard(card.number(), card.socket());
            try (Guest guest = machine.boot()) {
                guest.check("modprobe -a vfio-pci 8021q");
                Kmod.load(guest, GuestMachine.DEBIAN_12);
                guest.check(Cards.HUGE_PAGES);
                guest.check(Cards.bind(card.number(), "vfio-pci"));
                talk(guest, "net_ixgbe:" + GuestMachine.address(card.number()), peer, "kni");
                Kmod.nothingIsLeft(guest);
            }
            assertTrue(model.segmentedPackets() > 100, "the device has segmented nothing");
            card.check();
            assertEquals(Map.of(), model.violations().all(), "against the data sheet");
        }
    }

    @Override
    void setLink(boolean up) {
        model.setCable(up);
    }
}
