// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.pci.SystemFolders;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** devbind on a tree of files that looks like sysfs; what the kernel does is tested in a guest. */
class DevbindTest {
    private static final String NIC = "0000:01:00.0";

    @TempDir private Path root;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void tree() throws IOException {
        for (String driver : new String[] {"igb", "vfio-pci"}) {
            Path folder = Files.createDirectories(root.resolve("sys/bus/pci/drivers/" + driver));
            Files.createFile(folder.resolve("bind"));
            Files.createFile(folder.resolve("unbind"));
        }
        Path nic = device(NIC, "0x020000");
        Files.createDirectories(nic.resolve("net/eth7"));
        Files.createSymbolicLink(nic.resolve("driver"), Path.of("../../drivers/igb"));
        Files.createSymbolicLink(nic.resolve("iommu_group"), Path.of("../../iommu_groups/7"));
        Files.writeString(nic.resolve("modalias"), "pci:v00008086d000010C9sv00sd00bc02sc00i00\n");
        device("0000:02:00.0", "0x020000");
        device("0000:00:1f.2", "0x010601");
        Files.createDirectories(root.resolve("modules"));
        Files.writeString(
                root.resolve("modules/modules.alias"),
                """
                # aliases
                alias pci:v00008086d000010C9sv*sd*bc*sc*i* igb
                alias pci:v00008086d00001521sv*sd*bc*sc*i* other
                """);
        Files.writeString(
                root.resolve("pci.ids"), "8086  Intel\n\t10c9  82576 Gigabit\n8087  Else\n");
        Files.createDirectories(root.resolve("proc/4711/fd"));
        Files.writeString(root.resolve("proc/4711/comm"), "kni\n");
    }

    private Path device(String address, String type) throws IOException {
        Path folder = Files.createDirectories(root.resolve("sys/bus/pci/devices/" + address));
        Files.writeString(folder.resolve("vendor"), "0x8086\n");
        Files.writeString(folder.resolve("device"), "0x10c9\n");
        Files.writeString(folder.resolve("class"), type + "\n");
        Files.createFile(folder.resolve("driver_override"));
        return folder;
    }

    private int run(String use, String line) {
        SystemFolders folders =
                new SystemFolders(
                        root.resolve("sys"),
                        root.resolve("proc"),
                        root.resolve("modules"),
                        root.resolve("pci.ids"));
        CommandLine command =
                Vpmd.withExitCodes(new DevbindCommand(folders, name -> use).commandLine());
        return command.setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line.isEmpty() ? new String[0] : line.split(" "));
    }

    private String written(String file) throws IOException {
        return Files.readString(root.resolve("sys/bus/pci/" + file));
    }

    @Test
    void statusAsDpdkPrintsIt() {
        assertEquals(0, run("eth7 has the address 192.0.2.1", "--status"), err::toString);
        assertEquals(
                """
                Network devices using kernel driver
                ===================================
                0000:01:00.0 '82576 Gigabit 8086:10c9' if=eth7 drv=igb unused=vfio-pci group=7 *Active*

                Other Network devices
                =====================
                0000:02:00.0 '82576 Gigabit 8086:10c9' unused=vfio-pci

                """,
                out.toString());
    }

    @Test
    void statusAsJson() {
        assertEquals(0, run("", "--status --json"), err::toString);
        assertTrue(
                out.toString()
                        .startsWith(
                                "{\"devices\":[{\"address\":\"0000:01:00.0\",\"name\":\"82576"
                                    + " Gigabit 8086:10c9\",\"driver\":\"igb\",\"iommuGroup\":7,"
                                    + "\"interfaces\":[\"eth7\"],\"unused\":[\"vfio-pci\"],"),
                out.toString());
    }

    @Test
    void bindTellsTheDriversInTurn() throws IOException {
        assertEquals(0, run("", "-b vfio-pci 01:00.0"), err::toString);
        assertEquals("0000:01:00.0 has the driver vfio-pci, before igb\n", out.toString());
        assertEquals(NIC, written("drivers/igb/unbind"));
        assertEquals(NIC, written("drivers/vfio-pci/bind"));
        assertTrue(written("devices/" + NIC + "/driver_override").startsWith("\n"));
    }

    @Test
    void unbindByInterface() throws IOException {
        assertEquals(0, run("", "-u eth7"), err::toString);
        assertEquals(NIC, written("drivers/igb/unbind"));
    }

    @Test
    void whatIsSoAlreadyIsLeftAlone() throws IOException {
        assertEquals(0, run("", "-b igb " + NIC), err::toString);
        assertEquals("", written("drivers/igb/unbind"));
        assertEquals(0, run("", "-u 02:00.0"), err::toString);
        assertTrue(out.toString().contains("0000:02:00.0 has no driver already"), out::toString);
    }

    @Test
    void anInterfaceInUseIsRefusedUnlessForced() throws IOException {
        String use = "eth7 has the default route";
        assertEquals(1, run(use, "-b vfio-pci " + NIC));
        assertEquals(
                "devbind: 0000:01:00.0 is in use: eth7 has the default route; take that away first,"
                        + " or give --force\n",
                err.toString());
        assertEquals("", written("drivers/igb/unbind"));
        assertEquals(0, run(use, "-b vfio-pci --force " + NIC), err::toString);
        assertEquals(NIC, written("drivers/vfio-pci/bind"));
    }

    @Test
    void aDeviceOfAProcessIsRefusedEvenIfForced() throws IOException {
        Files.createSymbolicLink(root.resolve("proc/4711/fd/9"), Path.of("/dev/vfio/7"));
        assertEquals(1, run("", "-u --force 02:00.0 " + NIC));
        assertEquals(
                "devbind: 0000:01:00.0 is in use by process 4711 (kni); end that first\n",
                err.toString());
        assertEquals("", written("drivers/igb/unbind"));
    }

    @Test
    void aDeviceOfAUioProcessIsRefused() throws IOException {
        Files.createDirectories(root.resolve("sys/bus/pci/devices/0000:02:00.0/uio/uio3"));
        Files.createSymbolicLink(root.resolve("proc/4711/fd/9"), Path.of("/dev/uio3"));
        assertEquals(1, run("", "-u 02:00.0"));
        assertTrue(err.toString().contains("process 4711 (kni)"), err::toString);
    }

    @Test
    void withoutAnIommuVfioIsRefused() throws IOException {
        assertEquals(1, run("", "-b vfio-pci 02:00.0"));
        assertTrue(err.toString().contains("boot with intel_iommu=on"), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertEquals("", written("drivers/vfio-pci/bind"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|say what to do|2",
                "-b vfio-pci|which devices?|2",
                "-b vfio-pci -u 01:00.0|contradict|2",
                "--status 01:00.0|leave 01:00.0 out|2",
                "--json -u 01:00.0|--json goes with --status|2",
                "-u eth8|neither a PCI address|2",
                "-u 05:00.0|there is no PCI device 0000:05:00.0|2",
                "-u 00:1f.2|0000:00:1f.2 is not a network device|2",
                "-b uio_pci_generic 01:00.0|modprobe uio_pci_generic|1",
                "-b ../igb 01:00.0|no PCI driver ../igb|1",
                "--frobnicate|Unknown option|2",
            })
    void refusalsAreOneSentence(String line, String expected, int exit) {
        assertEquals(exit, run("", line), err::toString);
        assertTrue(err.toString().contains(expected), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertEquals("", out.toString());
    }
}
