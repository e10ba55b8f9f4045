// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.control.Claim;
import io.vpmd.kni.kmod.KmodDevice;
import io.vpmd.kni.kmod.KmodException;
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

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Makes the interface that a spec names, or takes over a persistent one that nobody serves. */
final class KniSetup {
    static final int MAX_QUEUES = KmodDevice.MAX_QUEUES;

    /** Largest MTU, of either back-end. */
    static final int MAX_MTU = TapDevice.MAX_MTU;

    static final String AUTO = "auto";
    static final String TAP = "tap";
    static final String KMOD = "kni";

    private static final Logger LOG = System.getLogger(KniSetup.class.getName());

    private static final int MAX_CORE = 8191;
    private static final List<String> ONLY_MODULE = List.of("core", "force_bind", "pci");
    private static final Pattern PCI =
            Pattern.compile("\\p{XDigit}{4,7}(:\\p{XDigit}{2}){2}\\.[0-7]");

    private final PortSpec spec;
    private final String name;
    private final int queues;
    private final boolean multiQueue;
    private final NetNamespace namespace;

    /**
     * What was opened.
     *
     * @param backend the interface, which the receiver closes
     * @param claim the right to serve it, which the receiver closes after the back-end
     * @param state the interface's state
     */
    record Opened(Backend backend, Claim claim, LinkState state) {
        void close() {
            backend.close();
            claim.close();
        }
    }

    private KniSetup(PortSpec spec, int queues, NetNamespace namespace) {
        this.spec = spec;
        this.name = spec.device();
        this.queues = queues;
        this.multiQueue = queues > 1;
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
        checkWord(spec, "backend", AUTO, TAP, KMOD);
        checkWord(spec, "requests", "thread", KniDriver.REQUESTS_APP);
        int queues = spec.intOption("queues", 1, 1, MAX_QUEUES);
        boolean persist = spec.booleanOption("persist", false);
        checkCore(spec);
        try (NetNamespace namespace =
                spec.option("netns").map(NetNamespace::of).orElseGet(NetNamespace::current)) {
            KniSetup setup = new KniSetup(spec, queues, namespace);
            return namespace.call(() -> setup.openHere(persist));
        }
    }

    private static void checkWord(PortSpec spec, String key, String... words) {
        String value = spec.option(key, words[0]);
        if (!List.of(words).contains(value)) {
            throw spec.bad(key, value, String.join(" or ", words));
        }
    }

    private static void checkCore(PortSpec spec) {
        if (spec.booleanOption("force_bind", false) && spec.option("core").isEmpty()) {
            throw spec.bad("force_bind", "on", "off without core=");
        }
        String pci = spec.option("pci", "");
        if (!pci.isEmpty() && !PCI.matcher(pci).matches()) {
            throw spec.bad("pci", pci, "an address such as 0000:01:00.0");
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

    private Opened openHere(boolean persist) {
        try (Rtnetlink kernel = Rtnetlink.open()) {
            Optional<LinkState> there = kernel.find(name);
            boolean kmodHasIt = there.isPresent() && there.get().kind().equals(KMOD);
            boolean takeOver =
                    there.isPresent() && !kmodHasIt && !spec.option("backend", AUTO).equals(KMOD);
            Opened opened = takeOver ? takeOver(there.get()) : make(kernel, persist, kmodHasIt);
            try {
                return withSettings(persist, kernel, opened);
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }
    }

    private Opened make(Rtnetlink kernel, boolean persist, boolean kmodHasIt) {
        Backend backend = backend(persist, kmodHasIt);
        try {
            LinkState state = kernel.link(name);
            return new Opened(backend, claim(state), state);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    /**
     * With {@code auto} kni.ko for what only it can do, else a TAP, through which TCP is faster
     * where the sender's processor is the busy one: {@code bench/compare kni}.
     */
    private Backend backend(boolean persist, boolean kmodHasIt) {
        String wanted = spec.option("backend", AUTO);
        if (wanted.equals(KMOD)) {
            return kmod(persist);
        }
        if (wanted.equals(AUTO) && (kmodHasIt || wantsModule())) {
            if (!Files.exists(Path.of(KmodDevice.PATH))) {
                LOG.log(Level.WARNING, "{0} becomes a tap: there is no {1}", name, KmodDevice.PATH);
            } else {
                try {
                    return kmod(persist);
                } catch (PortException e) {
                    LOG.log(Level.WARNING, "{0} becomes a tap: {1}", name, e.getMessage());
                }
            }
        }
        return tap(false);
    }

    private boolean wantsModule() {
        return ONLY_MODULE.stream().anyMatch(key -> spec.option(key).isPresent());
    }

    private Backend kmod(boolean persist) {
        OptionalInt core =
                spec.option("core").isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(spec.intOption("core", 0, 0, MAX_CORE));
        KmodDevice.Wanted wanted =
                new KmodDevice.Wanted(
                        name,
                        queues,
                        persist,
                        core,
                        spec.booleanOption("force_bind", false),
                        spec.option("pci", ""));
        try {
            return new KmodBackend(name, new KmodDevice(wanted));
        } catch (ErrnoException e) {
            throw failure("open", name, e);
        } catch (KmodException e) {
            throw failure("open", name, e);
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
            return new Opened(tap(true), claim, there);
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private Claim claim(LinkState state) {
        return Claim.take(Claim.Role.PACKETS, name, namespace.inode(), state.ifindex());
    }

    private Backend tap(boolean takeOver) {
        try {
            return new TapBackend(new TapDevice(name, multiQueue, takeOver));
        } catch (ErrnoException e) {
            throw failure("open", name, e);
        }
    }

    private Opened withSettings(boolean persist, Rtnetlink kernel, Opened opened) {
        int ifindex = opened.state().ifindex();
        if (spec.option("mtu").isPresent()) {
            kernel.setMtu(ifindex, spec.intOption("mtu", 0, 68, TapDevice.MAX_MTU));
        }
        spec.macOption("mac").ifPresent(mac -> kernel.setMac(ifindex, mac));
        try {
            if (opened.backend() instanceof TapBackend tap) {
                tap.setPersistent(persist);
            }
        } catch (ErrnoException e) {
            throw failure("open", spec.device(), e);
        }
        return new Opened(opened.backend(), opened.claim(), kernel.link(ifindex));
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
                if (e.object().equals(KmodDevice.PATH)) {
                    next =
                            operation.equals("open")
                                    ? "load the module kni.ko, or take backend=tap"
                                    : "load the module kni.ko";
                } else if (e.operation().equals("open")) {
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

    /** What a refusal of kni.ko means to the user. */
    static PortException failure(String operation, String name, KmodException e) {
        String next =
                switch (e.errno()) {
                    case Errno.EPERM, Errno.EACCES -> "run it as root or with CAP_NET_ADMIN";
                    case Errno.EEXIST -> "pick another name or delete it";
                    case Errno.ENODEV -> "check that the interface is still there";
                    case Errno.EPROTONOSUPPORT ->
                            "load the kni.ko that was built with this program";
                    default -> "take backend=tap";
                };
        return new PortException(operation, name, e.reason(), next, e);
    }
}
