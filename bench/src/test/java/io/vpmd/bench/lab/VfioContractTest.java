// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract kit inside a guest, against the real /dev/vfio (T2). */
@Timeout(1800)
class VfioContractTest {
    private static final int SECONDS = 1500;

    @Test
    void theContractHoldsBehindVfio() {
        assumeTrue(
                "1".equals(System.getenv("VPMD_SOAK")),
                "the emulated processor takes seven minutes; VPMD_SOAK=1 runs it");
        try (GuestCommand kit =
                Cards.guest().java(GuestTests.class, VfioContract.class.getName())) {
            GuestShell.Result result = kit.await(SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }
}
