// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract kit inside a guest, against the real /dev/vfio (T2). */
@Tag("guest")
@Timeout(1800)
class VfioContractTest {
    private static final int SECONDS = 1500;

    @Test
    void theContractHoldsBehindVfio() {
        try (GuestCommand kit =
                Cards.guest().java(GuestTests.class, VfioContract.class.getName())) {
            GuestShell.Result result = kit.await(SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }
}
