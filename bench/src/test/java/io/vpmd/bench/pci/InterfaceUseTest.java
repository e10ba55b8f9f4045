// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class InterfaceUseTest {
    @Test
    void defaultRoutesOfBothFamilies(@TempDir Path proc) throws IOException {
        Path net = Files.createDirectories(proc.resolve("net"));
        Files.writeString(
                net.resolve("route"),
                """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU
                eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth1\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                """);
        String zero = "0".repeat(32);
        Files.writeString(
                net.resolve("ipv6_route"),
                zero
                        + " 00 "
                        + zero
                        + " 00 "
                        + zero
                        + " 00000400 1 0 00000003 eth2\n"
                        + "fe80"
                        + "0".repeat(28)
                        + " 40 "
                        + zero
                        + " 00 "
                        + zero
                        + " 00000100 1 0 00000001 eth1\n");
        assertTrue(InterfaceUse.hasDefaultRoute("eth0", proc));
        assertFalse(InterfaceUse.hasDefaultRoute("eth1", proc));
        assertTrue(InterfaceUse.hasDefaultRoute("eth2", proc));
    }

    @Test
    void theAddressOfTheLoopbackInterface() {
        assertTrue(InterfaceUse.of("lo").startsWith("lo has the address "), InterfaceUse.of("lo"));
        assertEquals("", InterfaceUse.of("no-such-interface"));
    }
}
