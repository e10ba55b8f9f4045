// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

/** How long loops run: in full with the environment's {@code VPMD_SOAK=1}, else a share. */
final class Soak {
    private static final boolean FULL = "1".equals(System.getenv("VPMD_SOAK"));

    private Soak() {}

    static int rounds(int full, int share) {
        return FULL ? full : share;
    }
}
