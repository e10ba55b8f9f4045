// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The same over kni.ko, which tells of lists while the interface is up, and in synchronous mode
 * before a change is made; runs in a guest.
 */
public class KmodRequestsContract extends KernelRequestsTest {
    private static final Path MODE = Path.of("/sys/module/kni/parameters/request_mode");

    @Override
    String backend() {
        return "kni";
    }

    @Override
    void listen(TestNamespace where) {
        where.ip("link", "set", "vEth0", "up");
    }

    private static void mode(String mode) throws IOException {
        Files.writeString(MODE, mode);
    }

    @AfterEach
    void asynchronous() throws IOException {
        mode("asynchronous");
    }

    private String tried(String... ip) throws Exception {
        Process process = namespace().start(ip);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertNotEquals(0, process.waitFor(), said);
        return said;
    }

    @Test
    void aSynchronousRefusalFailsTheChange() throws Exception {
        handlers().refusing(c -> true);
        register();
        mode("synchronous");
        for (String[] change :
                new String[][] {
                    {"mtu", "1400"}, {"address", "02:00:00:00:00:07"}, {"up"},
                }) {
            String before = namespace().ip("link", "show", "vEth0");
            String[] ip = new String[4 + change.length];
            System.arraycopy(new String[] {"ip", "link", "set", "vEth0"}, 0, ip, 0, 4);
            System.arraycopy(change, 0, ip, 4, change.length);
            String said = tried(ip);
            assertTrue(said.contains("Operation not permitted"), said);
            handlers().await();
            assertEquals(before, namespace().ip("link", "show", "vEth0"));
        }
        assertEquals(1500, port().mtu());
        assertEquals(3, port().xstats().get("kernel_requests_refused"));
        assertEquals(0, port().xstats().get("kernel_put_backs"));
        handlers().refusing(c -> false);
        namespace().ip("link", "set", "vEth0", "mtu", "1400");
        assertEquals(1400, port().mtu());
    }

    /** It would otherwise wait for itself until the time is over. */
    @Test
    void theApplicationSetsItsOwnValuesInSynchronousMode() throws Exception {
        register();
        mode("synchronous");
        // Either would fail with the time that a change may wait.
        port().setMtu(1400);
        port().setMac(io.vpmd.spi.MacAddress.parse("02:00:00:00:00:05"));
        assertEquals(1400, Kni.info(port()).mtu());
        namespace().ip("link", "set", "vEth0", "up");
        assertEquals("up true", handlers().await().text());
    }

    @Test
    void anotherHandlesRequestsOfThisPort() throws Exception {
        mode("synchronous");
        handlers().refusing(c -> c.text().equals("mtu 1300"));
        try (KniControl control = Kni.control("vEth0", namespace().name())) {
            control.registerHandlers(handlers());
            namespace().ip("link", "set", "vEth0", "mtu", "1400");
            assertEquals("mtu 1400", handlers().await().text());
            tried("ip", "link", "set", "vEth0", "mtu", "1300");
            assertEquals("mtu 1300", handlers().await().text());
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (port().mtu() != 1400) {
                assertTrue(System.nanoTime() < deadline, "the port's MTU is " + port().mtu());
                Thread.sleep(5);
            }
        }
    }

    @Test
    void vlanIdsAreToldAndRefused() throws Exception {
        handlers().refusing(c -> c.value() instanceof Set<?> ids && ids.contains(9));
        register();
        namespace().ip("link", "add", "link", "vEth0", "name", "v5", "type", "vlan", "id", "5");
        assertEquals("vlans [5]", handlers().await().text());
        mode("synchronous");
        tried("ip", "link", "add", "link", "vEth0", "name", "v9", "type", "vlan", "id", "9");
        assertEquals("vlans [5, 9]", handlers().await().text());
        namespace().ip("link", "del", "v5");
        assertEquals("vlans []", handlers().await().text());
    }
}
