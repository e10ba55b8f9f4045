// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.spi.hw.model.FrameQueue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/**
 * The contract kit inside a guest with an IOMMU: net_ixgbe through the real /dev/vfio, on two cards
 * of our model of the 82599 (T2).
 */
@Tag("guest")
@Timeout(1800)
class IxgbeVfioGuestTest {
    private static final String MODEL = "82599-kx4";
    private static final int CARDS = 2;
    private static final int SECONDS = 1500;

    @Test
    void theContractHoldsBehindVfio(@TempDir Path folder) {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        FrameQueue[] wires = {new FrameQueue(), new FrameQueue()};
        GuestMachine machine = new GuestMachine().iommu();
        try (ServedCard first = new ServedCard(0, MODEL, folder, wires[0]);
                ServedCard second = new ServedCard(1, MODEL, folder, wires[1])) {
            ServedCard[] cards = {first, second};
            for (ServedCard card : cards) {
                machine.servedCard(card.number(), card.socket()).wireInside(card.number());
            }
            try (Guest guest = machine.boot();
                    InsideCable _ = new InsideCable(first.model(), wires[0], guest.inside(0));
                    InsideCable _ = new InsideCable(second.model(), wires[1], guest.inside(1))) {
                guest.check("modprobe vfio-pci");
                // Each page that is not part of a huge one is a message to the server.
                guest.check(Cards.HUGE_PAGES);
                for (int i = 0; i < CARDS; i++) {
                    guest.check(Cards.bind(i, "vfio-pci"));
                }
                runContract(guest);
            }
            for (ServedCard card : cards) {
                card.check();
                assertEquals(Map.of(), card.model().violations().all(), "against the data sheet");
            }
        }
    }

    private static void runContract(Guest guest) {
        try (GuestCommand kit = guest.java(GuestTests.class, IxgbeVfioContract.class.getName())) {
            GuestShell.Result result = kit.await(SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }
}
