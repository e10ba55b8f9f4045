// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.control.Claim;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.netlink.Rtnetlink;
import io.vpmd.kni.netlink.TapState;
import io.vpmd.kni.tap.TapDevice;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes the interface that a spec names, or takes over a persistent one that nobody serves. */
final class TapSetup {
    static final int MAX_QUEUES = 16;

    private final String name;
    private final boolean multiQueue;
    private final NetNamespace namespace;

    /**
     * What was opened.
     *
     * @param device the interface, which the receiver closes
     * @param claim the right to serve it, which the receiver closes after the device
     * @param state the interface's state
     */
    record Opened(TapDevice device, Claim claim, LinkState state) {
        void close() {
            device.close();
            claim.close();
        }
    }

    private TapSetup(String name, boolean multiQueue, NetNamespace namespace) {
        this.name = name;
        this.multiQueue = multiQueue;
        this.namespace = namespace;
    }

    /**
     * Opens the interface of {@code spec} with the settings that it names.
     *
     * @throws SpecException when a value is malformed
     * @throws PortException when it cannot be opened; nothing is left behind then
     */
    static Opened open(PortSpec spec) {
        checkName(spec);
        int queues = spec.intOption("queues", 1, 1, MAX_QUEUES);
        boolean persist = spec.booleanOption("persist", false);
        try (NetNamespace namespace =
                spec.option("netns").map(NetNamespace::of).orElseGet(NetNamespace::current)) {
            TapSetup setup = new TapSetup(spec.device(), queues > 1, namespace);
            return namespace.call(() -> setup.openHere(spec, persist));
        }
    }

    private static void checkName(PortSpec spec) {
        String name = spec.device();
        if (name.getBytes(StandardCharsets.UTF_8).length > TapDevice.MAX_NAME_LENGTH) {
            throw new SpecException(
                    spec.toString(),
                    "the interface name "
                            + name
                            + " is longer than "
                            + TapDevice.MAX_NAME_LENGTH
                            + " characters");
        }
        if (!name.matches("[^/:%\\s]+") || name.equals(".") || name.equals("..")) {
            throw new SpecException(
                    spec.toString(),
                    "\"" + name + "\" is no name for an interface; take one such as vEth0");
        }
    }

    private Opened openHere(PortSpec spec, boolean persist) {
        try (Rtnetlink kernel = Rtnetlink.open()) {
            Optional<LinkState> there = kernel.find(name);
            Opened opened = there.isPresent() ? takeOver(there.get()) : make(kernel);
            try {
                return withSettings(spec, persist, kernel, opened);
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }
    }

    private Opened make(Rtnetlink kernel) {
        TapDevice device = device(false);
        try {
            LinkState state = kernel.link(name);
            return new Opened(device, claim(state), state);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    private Opened takeOver(LinkState there) {
        Claim claim = claim(there);
        try {
            Optional<TapState> tap = there.tap();
            if (tap.isEmpty() || !tap.get().persistent()) {
                throw taken("an interface of this name is there and is no persistent tap");
            }
            if (tap.get().queues() > 0) {
                throw taken("another process serves this interface");
            }
            if (tap.get().multiQueue() != multiQueue) {
                throw new PortException(
                        "open",
                        name,
                        "the persistent interface was made "
                                + (multiQueue ? "for one queue" : "for several queues"),
                        multiQueue ? "leave out queues=" : "give queues=2 or more");
            }
            return new Opened(device(true), claim, there);
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private Claim claim(LinkState state) {
        return Claim.take(Claim.Role.PACKETS, name, namespace.inode(), state.ifindex());
    }

    private TapDevice device(boolean takeOver) {
        try {
            return new TapDevice(name, multiQueue, takeOver);
        } catch (ErrnoException e) {
            throw failure("open", name, e);
        }
    }

    private static Opened withSettings(
            PortSpec spec, boolean persist, Rtnetlink kernel, Opened opened) {
        int ifindex = opened.state().ifindex();
        if (spec.option("mtu").isPresent()) {
            kernel.setMtu(ifindex, spec.intOption("mtu", 0, 68, TapDevice.MAX_MTU));
        }
        spec.macOption("mac").ifPresent(mac -> kernel.setMac(ifindex, mac));
        try {
            opened.device().setPersistent(persist);
        } catch (ErrnoException e) {
            throw failure("open", spec.device(), e);
        }
        return new Opened(opened.device(), opened.claim(), kernel.link(ifindex));
    }

    private PortException taken(String problem) {
        return new PortException("open", name, problem, "pick another name or delete it");
    }

    /** What a failed call on the device means to the user. */
    static PortException failure(String operation, String name, ErrnoException e) {
        String problem = e.reason();
        String next = "check that the interface is still there";
        switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES -> next = "run it as root or with CAP_NET_ADMIN";
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO -> {
                if (e.operation().equals("open")) {
                    next = "load the tun module: modprobe tun";
                }
            }
            case Errno.EBUSY -> {
                problem = "another process has this interface (EBUSY)";
                next = "pick another name or stop that process";
            }
            default -> {}
        }
        return new PortException(operation, name, problem, next, e);
    }
}
