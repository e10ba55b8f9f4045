// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.kni.control.OwnedException;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Who may open an interface, on this kernel, in a namespace of the test. */
final class OwnershipTest extends NamespaceTest {
    private static final Path LOCKS = Path.of("/run/vpmd");

    private static void assertSays(PortException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void anInterfaceOfAnotherKindIsRefused() {
        namespace().ip("link", "add", IF, "type", "bridge");
        assertSays(
                assertThrows(PortException.class, () -> openPort("")),
                "an interface of this name is there",
                "pick another name");
        namespace().ip("link", "show", IF);
    }

    @Test
    void theOwnerIsNamedAndItsDeathFreesTheInterface() throws Exception {
        namespace().ip("tuntap", "add", IF, "mode", "tap", "multi_queue", "vnet_hdr");
        try (ChildJvm child = ChildJvm.start(Owner.class, spec())) {
            child.await("open");
            OwnedException e = assertThrows(OwnedException.class, () -> openPort(",queues=2"));
            assertEquals(child.pid(), e.pid());
            assertSays(e, "process " + child.pid(), "stop that process");
            child.signal("KILL");
        }
        assertTrue(lockFiles() > 0, "a killed process cannot remove its file");
        openPort(",queues=2,persist=on").close();
        assertEquals(0, lockFiles());
        namespace().ip("link", "show", IF);
        openPort(",queues=2").close();
        assertFalse(namespace().ip("link").contains(IF), "persist=off removes it");
    }

    private String spec() {
        return "net_kni:" + IF + ",netns=" + namespace().name() + ",queues=2,persist=on";
    }

    private long lockFiles() throws IOException {
        long inode =
                (Long) Files.getAttribute(Path.of("/run/netns", namespace().name()), "unix:ino");
        try (Stream<Path> files = Files.list(LOCKS)) {
            return files.filter(f -> f.getFileName().toString().startsWith(inode + "-")).count();
        }
    }

    /** A process that opens what it is told and keeps it. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] arguments) throws Exception {
            try (Port port = Ports.open(arguments[0])) {
                System.out.println("open " + port);
                System.in.read();
            }
        }
    }

    @Test
    void aTapThatAnotherProgramServesIsRefused() throws Exception {
        namespace().ip("tuntap", "add", IF, "mode", "tap", "multi_queue", "vnet_hdr");
        // Somebody who knows nothing of lock files: only the kernel can tell.
        try (ChildJvm child = ChildJvm.start(Owner.class, spec())) {
            child.await("open");
            try (Stream<Path> files = Files.list(LOCKS)) {
                for (Path file : files.toList()) {
                    if (Files.readString(file).startsWith(child.pid() + "\n")) {
                        Files.delete(file);
                    }
                }
            }
            assertSays(
                    assertThrows(PortException.class, () -> openPort(",queues=2")),
                    "another process serves this interface");
        }
    }

    @Test
    void aPersistentInterfaceKeepsItsSettings() {
        namespace().ip("tuntap", "add", IF, "mode", "tap");
        namespace().ip("link", "set", IF, "mtu", "1400", "address", "02:00:00:00:00:33");
        namespace().ip("addr", "add", "10.1.2.3/24", "dev", IF);
        try (Port port = openPort(",persist=on")) {
            assertEquals(1400, port.mtu());
            assertEquals("02:00:00:00:00:33", port.mac().toString());
        }
        assertTrue(namespace().ip("addr", "show", IF).contains("10.1.2.3/24"));
        assertSays(
                assertThrows(PortException.class, () -> openPort(",queues=4")),
                "made for one queue",
                "leave out queues=");
    }

    @Test
    void onePortOfAProcessAtATime() {
        try (Port port = openPort("")) {
            assertThrows(PortException.class, () -> openPort(""));
            assertTrue(port.mtu() > 0);
        }
    }

    @Test
    void whatCannotBeNamed() {
        for (String bad : List.of("net_kni:a/b", "net_kni:", "net_kni:x%d", "net_kni:..")) {
            assertThrows(IllegalArgumentException.class, () -> Ports.open(bad), bad);
        }
        assertSays(
                assertThrows(
                        PortException.class, () -> Ports.open("net_kni:vEth0,netns=no-such-one")),
                "there is no such network namespace",
                "ip netns add");
        for (String bad : List.of("mtu=70000", "backend=x", "requests=x", "queues=0", "colour=x")) {
            assertThrows(IllegalArgumentException.class, () -> openPort("," + bad), bad);
        }
        assertFalse(namespace().ip("link").contains(IF), "left behind");
    }
}
