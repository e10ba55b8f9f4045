// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** kni.ko in the newest kernel that Debian has for its stable release (T2). */
@Tag("guest")
@Timeout(900)
class KmodNewestGuestTest extends KmodKernelContract {
    KmodNewestGuestTest() {
        super(GuestMachine.NEWEST, Kmod.CHECKS, 5, 50, SECONDS);
    }
}
