// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class PciTest {
    @Test
    void addressesAreReadAndWrittenAsSysfsDoes() {
        assertEquals("0000:01:1f.7", PciAddress.parse("0000:01:1f.7").toString());
        assertEquals("0000:0a:00.1", PciAddress.parse("a:0.1").toString());
        for (String bad : List.of("", "01:00", "01:20.0", "01:00.8", "10000:01:00.0", "x")) {
            assertThrows(IllegalArgumentException.class, () -> PciAddress.parse(bad), bad);
        }
    }

    @Test
    void sysfsSaysWhatThereIs(@TempDir Path folder) throws IOException {
        device(folder, "0000:02:00.0", "0x10c9");
        Path nic = device(folder, "0000:01:00.0", "0x1521");
        Files.createSymbolicLink(nic.resolve("driver"), Path.of("../../drivers/vfio-pci"));
        Files.createSymbolicLink(nic.resolve("iommu_group"), Path.of("../../iommu_groups/7"));
        // Went away while the folder was read.
        Files.createDirectory(folder.resolve("0000:03:00.0"));
        List<PciDevice> all = PciDevice.all(folder);
        assertEquals(2, all.size());
        PciDevice first = all.getFirst();
        assertEquals(0x1521, first.deviceId());
        assertEquals(Optional.of("vfio-pci"), first.driver());
        assertEquals(OptionalInt.of(7), first.iommuGroup());
        assertEquals("driver vfio-pci, IOMMU group 7", first.state());
        assertEquals("no driver, no IOMMU group", all.getLast().state());
    }

    private static Path device(Path folder, String address, String id) throws IOException {
        Path device = Files.createDirectory(folder.resolve(address));
        Files.writeString(device.resolve("vendor"), "0x8086\n");
        Files.writeString(device.resolve("device"), id + "\n");
        Files.writeString(device.resolve("class"), "0x020000\n");
        return device;
    }

    @Test
    void aDeviceThatCannotBeHadIsRefusedWithTheNextStep() {
        assertThrows(SpecException.class, () -> Buses.open(PortSpec.parse("net_igb:eth0")));
        BusException absent =
                assertThrows(
                        BusException.class,
                        () -> Buses.open(PortSpec.parse("net_igb:ffff:ff:1f.7")));
        assertTrue(absent.getMessage().contains("no such PCI device"), absent::getMessage);
        PciAddress at = PciAddress.parse("ffff:ff:1f.7");
        var noGroup = new PciDevice(at, 1, 2, 0, Optional.empty(), OptionalInt.empty());
        assertRefused(noGroup, "intel_iommu=on");
        assertRefused(noGroup, "vpmd devbind -b uio_pci_generic ffff:ff:1f.7");
    }

    private static void assertRefused(PciDevice device, String nextStep) {
        BusException e = assertThrows(BusException.class, () -> VfioBus.open(device));
        assertTrue(e.getMessage().contains(nextStep), e::getMessage);
    }

    @Test
    void aDeviceOfTheKernelsIsRefusedWithTheCommandThatBindsIt() {
        PciAddress at = PciAddress.parse("ffff:ff:1f.7");
        var behind = new PciDevice(at, 1, 2, 0, Optional.of("igb"), OptionalInt.of(999));
        assertMessage(
                Buses.refused(behind, "igb"),
                "open ffff:ff:1f.7: the kernel's igb has it; bind it: vpmd devbind -b vfio-pci"
                        + " ffff:ff:1f.7");
        var open = new PciDevice(at, 1, 2, 0, Optional.empty(), OptionalInt.empty());
        assertMessage(
                Buses.refused(open, ""),
                "open ffff:ff:1f.7: it has no driver; bind it: vpmd devbind -b uio_pci_generic"
                        + " ffff:ff:1f.7");
    }

    private static void assertMessage(BusException e, String message) {
        assertEquals(message, e.getMessage());
    }

    @Test
    void busAddressesAreGivenOnceAndAgain() {
        IovaSpace space = new IovaSpace();
        long a = space.take(3 << 20);
        long b = space.take(4096);
        long c = space.take(1L << 30);
        assertTrue(b >= a + (3 << 20) && c >= b + 4096, "ranges overlap");
        assertEquals(0, (a | b | c) & ((2 << 20) - 1), "alignment");
        space.give(b);
        assertEquals(b, space.take(2 << 20), "the gap is used again");
        assertEquals(-1, space.take(1L << 40), "more than there is");
        assertFalse(space.take(4096) < 0);
    }

    @Test
    void aDmaMapFollowsItsPages() {
        DmaMap map = new DmaMap(new long[] {0x7000_0000L, 0x1_0020_0000L}, 21, () -> {});
        assertEquals(0x7000_0010L, map.busAddress(0x10));
        assertEquals(0x1_0020_0004L, map.busAddress((2 << 20) + 4));
        assertEquals(0x5000L + (3L << 30), new DmaMap(0x5000, () -> {}).busAddress(3L << 30));
    }
}
