// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;

import java.util.List;

/** Opens {@code net_kni:NAME}, a port whose other side is the kernel's interface NAME. */
public final class KniDriver implements PortDriver {
    static final String NAME = "net_kni";
    static final String REQUESTS_APP = "app";

    /** Called by ServiceLoader. */
    public KniDriver() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Kernel NIC interface: a port that faces the kernel's network stack";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                new PortOption("backend", "auto|kni|tap", "auto", "how packets reach the kernel"),
                new PortOption("mtu", "68.." + KniSetup.MAX_MTU, "1500", "MTU of the interface"),
                new PortOption("mac", "MAC address", "random", "address of the interface"),
                new PortOption("queues", "1..16", "1", "most queue pairs"),
                new PortOption("persist", "on|off", "off", "keep the interface after close"),
                new PortOption("core", "number", "none", "of kni.ko's thread, a hint"),
                new PortOption("force_bind", "on|off", "off", "bind that thread to the core"),
                new PortOption("pci", "PCI address", "none", "the device that it stands for"),
                new PortOption("netns", "name, path or process id", "own", "network namespace"),
                new PortOption(
                        "requests",
                        "thread|" + REQUESTS_APP,
                        "thread",
                        "who runs handlers: the port's control thread or handleRequests()"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return KniPort.open(spec);
    }
}
