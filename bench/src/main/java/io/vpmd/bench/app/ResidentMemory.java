// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.sys.Libc;

/**
 * Keeps the memory of this process where it is. A kernel that reclaims what lay idle for seconds
 * takes the pages of code too, and reading them back costs the first packet milliseconds.
 */
final class ResidentMemory {
    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;
    private static final int MCL_ONFAULT = 4;

    private ResidentMemory() {}

    /** Locks every page once it is there; does nothing where the user may not lock that much. */
    static void lock() {
        Libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
    }
}
