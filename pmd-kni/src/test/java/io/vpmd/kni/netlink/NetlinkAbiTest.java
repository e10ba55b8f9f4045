// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.AbiProbe;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The numbers in this package against the system's headers. */
final class NetlinkAbiTest {
    @Test
    void constantsAgreeWithTheHeaders() throws Exception {
        AbiProbe probe = AbiProbe.run(Path.of("src/test/c/netlink_probe.c"));
        probe.check(Rtnl.class, 60);
        probe.check(NetlinkSocket.class, 6);
        assertEquals(LinkStats.SIZE, probe.value("LINK_STATS_PART"));
    }
}
