// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.cli.CommandLines;
import io.vpmd.contract.qtest.Lab;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a real kernel refuses, and devbind on real drivers (T2). */
@Tag("guest")
@Timeout(900)
class RefusalsGuestTest {
    private static final int SECONDS = 150;
    private static final String RUN = "testpmd --forward-mode rxonly --seconds 1 --port net_igb:";

    /** A command line and how it has to end. */
    private record Expected(String line, int exit, String text) {}

    private final List<Expected> lines = new ArrayList<>();

    private void expect(int exit, String text, String line) {
        lines.add(new Expected(line, exit, text));
    }

    /** Runs all in one JVM that may lock {@code limit} bytes; those that fail say one sentence. */
    private void runAll(Guest guest, String prefix) {
        Map<String, Expected> wanted = new LinkedHashMap<>();
        StringBuilder arguments = new StringBuilder();
        for (Expected each : lines) {
            wanted.put("== " + each.line, each);
            arguments.append(" '").append(each.line).append('\'');
        }
        String output;
        try (GuestCommand run = guest.java(prefix, CommandLines.class, arguments.toString())) {
            output = run.check(SECONDS);
        }
        List<Executable> checks = new ArrayList<>();
        for (String part : output.split("(?m)^(?=== )", -1)) {
            Expected each = wanted.remove(part.lines().findFirst().orElse(""));
            if (each != null) {
                checks.add(() -> check(each, part));
            }
        }
        assertAll(checks);
        assertEquals(Map.of(), wanted, output);
    }

    private static void check(Expected each, String part) {
        assertTrue(part.contains("\nexit " + each.exit + "\n"), part);
        assertTrue(part.contains(each.text), () -> "\"" + each.text + "\" is not in\n" + part);
        if (each.exit != 0) {
            assertEquals(3, part.lines().count(), part);
        }
    }

    @Test
    void behindAnIommu() {
        Guest guest = Cards.guest();
        String kernel = GuestMachine.address(Cards.KERNEL);
        String mine = GuestMachine.address(Cards.OUTSIDE);
        String name = guest.check("ls /sys/bus/pci/devices/" + kernel + "/net").strip();
        guest.check("ip addr add 192.0.2.1/24 dev " + name);
        expect(0, "net_igb:" + kernel + "  82576, driver igb, IOMMU group ", "ports");
        expect(0, "if=" + name + " drv=igb", "devbind --status");
        expect(1, "vpmd devbind -b vfio-pci " + kernel, RUN + kernel);
        expect(1, "is not viable, it also has", RUN + Cards.SHARED);
        expect(1, "ulimit -l", RUN + mine);
        expect(1, name + " has the address 192.0.2.1", "devbind -b vfio-pci " + kernel);
        expect(1, "modprobe uio_pci_generic", "devbind -b uio_pci_generic " + mine);
        expect(0, "vfio-pci, before igb", "devbind --force -b vfio-pci " + kernel);
        expect(0, "drv=vfio-pci unused=igb", "devbind -s");
        expect(0, "no driver, before vfio-pci", "devbind -u " + kernel);
        expect(0, "has the driver igb", "devbind -b igb " + kernel);
        expect(1, "there is no such PCI device", RUN + "0000:7f:00.0");
        // No privilege to lock more than the limit.
        String limited =
                "prlimit --memlock=65536:65536 setpriv --bounding-set=-ipc_lock"
                        + " --inh-caps=-ipc_lock";
        runAll(guest, limited);
    }

    @Test
    void aDeviceThatIsOpenIsNotTakenAway() {
        Guest guest = Cards.guest();
        String mine = GuestMachine.address(Cards.OUTSIDE);
        String group = "$(basename $(readlink /sys/bus/pci/devices/" + mine + "/iommu_group))";
        try (GuestCommand holder =
                guest.start("exec 9<>/dev/vfio/" + group + "; echo open; sleep 600")) {
            holder.awaitOutput("open", SECONDS);
            expect(1, "is in use by process ", "devbind --force -u " + mine);
            expect(1, "end the process", RUN + mine);
            runAll(guest, "");
        }
    }

    @Test
    void withoutAnIommu() {
        Lab.need(Lab.guestMissing());
        try (Guest guest = new GuestMachine().card(0, "igb").boot()) {
            guest.check("modprobe -a vfio-pci uio_pci_generic");
            String address = GuestMachine.address(0);
            expect(1, "vpmd devbind -b uio_pci_generic " + address, RUN + address);
            expect(1, "boot with intel_iommu=on", "devbind -b vfio-pci " + address);
            expect(0, "has the driver uio_pci_generic", "devbind -b uio_pci_generic " + address);
            runAll(guest, "");
        }
    }
}
