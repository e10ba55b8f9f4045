// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.hw.Registers;

import java.util.Optional;

/** A port whose cable, or what stands for one, ends in the test. */
public abstract class CableFixture extends PortFixture {
    @Override
    public final boolean injects() {
        return true;
    }

    @Override
    public final boolean collects() {
        return true;
    }

    @Override
    public abstract void inject(byte[] frame);

    @Override
    public abstract Optional<WireFrame> collect();

    /** Returns when the port has a link. */
    public static void awaitLink(Port port, long millis) {
        Deadline deadline = Deadline.in(millis);
        while (!port.link().up()) {
            deadline.check("no link after " + millis + " ms");
            Registers.delayMicros(1_000);
        }
    }
}
