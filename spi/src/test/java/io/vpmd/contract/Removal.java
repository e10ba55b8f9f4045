// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.hw.Registers;

import java.util.Locale;

/** When in the life of a port its device is pulled out. */
enum Removal {
    NEVER(0),
    /** While the port is opened, which waits 50 ms for the reset alone. */
    IN_OPEN(30),
    /** While packets move. */
    IN_TRAFFIC(0),
    /** While the port is stopped. */
    IN_STOP(1);

    private final int delayMillis;

    Removal(int delayMillis) {
        this.delayMillis = delayMillis;
    }

    /** Pulls the device out on a thread of its own, a moment later. */
    Thread begin(ModelFixture<?> device) {
        return Thread.ofPlatform()
                .daemon()
                .name("pull-" + device.spec())
                .start(
                        () -> {
                            Registers.delayMicros(delayMillis * 1_000L);
                            device.removeDevice();
                        });
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
