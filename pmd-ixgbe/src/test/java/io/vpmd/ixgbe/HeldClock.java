// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.model.ModelClock;

/**
 * The time of this machine, which a case holds while it depends on what a device does not do for
 * want of time: then it is the same on a machine that is busy.
 */
final class HeldClock implements ModelClock {
    private long behind;
    private long heldAt;
    private boolean held;

    @Override
    public synchronized long nanos() {
        return held ? heldAt : System.nanoTime() - behind;
    }

    synchronized void hold() {
        heldAt = nanos();
        held = true;
    }

    synchronized void release() {
        if (held) {
            held = false;
            behind = System.nanoTime() - heldAt;
        }
    }
}
