// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.qtest.Lab;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** net_igb without an IOMMU, through both UIO drivers, in a guest of its own (T2). */
@Tag("guest")
@Timeout(900)
class UioGuestTest {
    private static final String FIRST = "0000:00:04.0";
    private static final String SECOND = "0000:00:06.0";
    private static final int SECONDS = 240;
    private static Guest guest;

    @BeforeAll
    static void boot() {
        Lab.need(Lab.guestMissing());
        guest =
                new GuestMachine()
                        .with("-netdev", "hubport,id=hub0,hubid=0")
                        .with("-netdev", "hubport,id=hub1,hubid=0")
                        .with("-device", "igb,netdev=hub0,addr=04.0,mac=52:54:00:bb:00:00")
                        .with("-device", "igb,netdev=hub1,addr=06.0,mac=52:54:00:bb:00:01")
                        .boot();
        guest.check("modprobe uio_pci_generic");
    }

    @AfterAll
    static void end() {
        if (guest != null) {
            guest.close();
        }
    }

    @BeforeEach
    void reserve() {
        guest.check("echo 64 > /proc/sys/vm/nr_hugepages");
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals("64", guest.check("awk '/HugePages_Free/ {print $2}' /proc/meminfo").strip());
    }

    private static void bind(String driver) {
        for (String card : new String[] {FIRST, SECOND}) {
            guest.check(Cards.bind(card, driver));
        }
    }

    private static GuestCommand drive() {
        return guest.java(RemovedCard.class, FIRST + " " + SECOND);
    }

    private static void takenAway(String file, String text) {
        try (GuestCommand driving = drive()) {
            driving.awaitOutput("ready", SECONDS);
            guest.check("echo " + text + " > /sys/bus/pci/devices/" + SECOND + "/" + file);
            String said = driving.check(SECONDS);
            assertTrue(said.contains("passed") && said.contains("removed"), said);
        }
    }

    @Test
    void packetsPassThroughTheGenericDriverAndAnUnbindIsSurvived() {
        bind("uio_pci_generic");
        takenAway("driver/unbind", SECOND);
    }

    @Test
    void packetsPassThroughIgbUioAndAnUnbindIsSurvived() {
        assumeTrue(guest.run("modprobe igb_uio").exit() == 0, "the lab has no igb_uio");
        bind("igb_uio");
        takenAway("driver/unbind", SECOND);
    }

    /** The registers go away under a thread that uses them. */
    @Test
    void aDeviceThatIsRemovedUnderABurstIsSurvived() {
        bind("uio_pci_generic");
        try {
            takenAway("remove", "1");
        } finally {
            guest.check("echo 1 > /sys/bus/pci/rescan");
        }
    }

    @Test
    void aKilledOwnerLeavesTheDeviceUnableToWrite() {
        bind("uio_pci_generic");
        try (GuestCommand driving = drive()) {
            driving.awaitOutput("ready", SECONDS);
            assertTrue(busMaster(), "the device is not at work");
            driving.signal("KILL");
            driving.await(SECONDS);
        }
        assertTrue(!busMaster(), "the device can write to memory that is free");
        takenAway("driver/unbind", SECOND);
    }

    private static boolean busMaster() {
        String command = guest.check("setpci -s " + SECOND + " COMMAND").strip();
        return (Integer.parseInt(command, 16) & 4) != 0;
    }

    @Test
    void withoutHugePagesTheNextStepIsNamed() {
        bind("uio_pci_generic");
        guest.check("echo 0 > /proc/sys/vm/nr_hugepages");
        try (GuestCommand driving = drive()) {
            GuestShell.Result result = driving.await(SECONDS);
            assertTrue(result.exit() != 0, result::output);
            assertTrue(result.output().contains("nr_hugepages"), result::output);
        }
        reserve();
    }
}
