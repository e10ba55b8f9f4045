// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/** The demo of a user who is root only in a namespace of his own. */
@Timeout(60)
class UserNamespaceTest {
    @Test
    void demoInAUserNamespace() {
        assumeTrue(Shell.has("ping"), "needs ping (package iputils-ping)");
        Shell.Result there =
                Shell.run("unshare", "-Urn", "ip", "tuntap", "add", "x0", "mode", "tap");
        assumeTrue(there.exit() == 0, () -> "no TAP in a user namespace: " + there.output());
        try (Started demo = Started.vpmd(List.of("unshare", "-Urn"), "demo --seconds 1 --json")) {
            assertEquals(0, demo.await(), demo::output);
            assertTrue(
                    demo.output().contains("\"ping\":{\"sent\":5,\"received\":5}"), demo::output);
        }
    }
}
