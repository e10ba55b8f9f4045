// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A card that is taken away from vfio-pci while it is driven (T2). */
@Timeout(900)
class UnbindGuestTest {
    private static final int SECONDS = 240;

    @Test
    void aCardThatIsUnboundIsGivenBack() {
        Guest guest = Cards.guest();
        String address = GuestMachine.address(Cards.OUTSIDE);
        try (GuestCommand driving = guest.java(RemovedCard.class, address)) {
            driving.awaitOutput("ready", SECONDS);
            // Returns when the device was given back.
            guest.check(
                    "echo " + address + " > /sys/bus/pci/devices/" + address + "/driver/unbind");
            String said = driving.check(SECONDS);
            assertTrue(said.contains("removed: the kernel wants the device back"), said);
            assertTrue(said.contains("closed"), said);
        } finally {
            guest.check(Cards.bind(Cards.OUTSIDE, "vfio-pci"));
        }
    }
}
