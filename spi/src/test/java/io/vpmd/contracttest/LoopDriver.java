// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** Opens {@link LoopPort}s; handed to the registry by hand, so that no other test finds it. */
final class LoopDriver implements PortDriver {
    private final Defect defect;

    LoopDriver(Defect defect) {
        this.defect = defect;
    }

    @Override
    public String name() {
        return "test_loop";
    }

    @Override
    public String description() {
        return "loopback with defect " + defect;
    }

    @Override
    public List<PortOption> options() {
        return List.of();
    }

    @Override
    public LoopPort open(PortSpec spec) {
        return new LoopPort(spec, defect);
    }
}
