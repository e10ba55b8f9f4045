// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.spi.Link;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The Kernel NIC Interface as its users know it. It does nothing that {@link Ports}, {@link Port}
 * and its features do not; it does it in one call.
 *
 * <p>Null arguments give {@link NullPointerException}; a port of another driver gives {@link
 * IllegalArgumentException}; a released one {@link io.vpmd.spi.PortStateException}.
 */
public final class Kni {
    private static final int SPEED_MBPS = 10_000;

    private Kni() {}

    /**
     * Makes an interface of the kernel and a started port with one queue pair that faces it.
     *
     * @param pool where received packets are put
     * @throws IllegalArgumentException when the name is no name for an interface
     * @throws PortException when it cannot be made, for example because the name is taken; nothing
     *     is left behind then
     */
    public static Port alloc(MbufPool pool, KniConf conf) {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(conf, "conf");
        Port port = Ports.open(conf.spec());
        try {
            port.configure(PortConfig.of(pool));
            port.start();
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** The same, with handlers from the beginning. */
    public static Port alloc(MbufPool pool, KniConf conf, KernelHandlers handlers) {
        Objects.requireNonNull(handlers, "handlers");
        Port port = alloc(pool, conf);
        try {
            registerHandlers(port, handlers);
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** Closes the port; the interface goes, unless it is persistent. Idempotent. */
    public static void release(Port kni) {
        checked(kni).close();
    }

    /** The open KNI port that was made with this name, in this process. */
    public static Optional<Port> get(String name) {
        Objects.requireNonNull(name, "name");
        return Ports.get(KniDriver.NAME + ":" + name);
    }

    /** The open KNI ports of this process. */
    public static List<Port> list() {
        return Ports.all().stream().filter(KniPort.class::isInstance).toList();
    }

    /**
     * The interfaces of kni.ko of all processes, in the order in which they were made: those of the
     * caller's network namespace, and those in namespaces that the caller may administer.
     *
     * @throws PortException when kni.ko is not loaded, or /dev/kni may not be opened
     */
    public static List<KniInterface> interfaces() {
        return KniInterface.list();
    }

    /** The one of a name in the caller's namespace; throws as {@link #interfaces}. */
    public static Optional<KniInterface> interfaceNamed(String name) {
        return KniInterface.named(Objects.requireNonNull(name, "name"));
    }

    /** The one of a number there. */
    public static Optional<KniInterface> interfaceNumbered(int ifindex) {
        return KniInterface.numbered(ifindex);
    }

    /** The one of an id, wherever it is. */
    public static Optional<KniInterface> interfaceIdentified(long id) {
        return KniInterface.identified(id);
    }

    /**
     * The interface as the kernel has it at this moment, with the counters that {@code ip -s link}
     * shows.
     */
    public static LinkState info(Port kni) {
        return checked(kni).kernelState();
    }

    /** See {@link io.vpmd.spi.feature.KernelRequests#registerHandlers}. */
    public static void registerHandlers(Port kni, KernelHandlers handlers) {
        checked(kni).registerHandlers(Objects.requireNonNull(handlers, "handlers"));
    }

    /** See {@link io.vpmd.spi.feature.KernelRequests#unregisterHandlers}. */
    public static void unregisterHandlers(Port kni) {
        checked(kni).unregisterHandlers();
    }

    /**
     * Applies the kernel's requests to {@code physical} from now on: MTU, address, promiscuous and
     * allmulticast mode, and up and down as start and stop. The same as registering handlers that
     * do so.
     */
    public static void bind(Port kni, Port physical) {
        registerHandlers(kni, new BoundPort(Objects.requireNonNull(physical, "physical")));
    }

    /** Shows a carrier or takes it away; returns whether there was one. */
    public static boolean updateLink(Port kni, boolean up) {
        return checked(kni).updateLink(up ? Link.up(SPEED_MBPS) : Link.DOWN);
    }

    /** See {@link io.vpmd.spi.feature.KernelRequests#handleRequests}. */
    public static int handleRequests(Port kni) {
        return checked(kni).handleRequests();
    }

    /**
     * Watches an interface, of this or another process, in the caller's network namespace, in order
     * to handle its requests without moving its packets.
     *
     * @throws PortException when there is no such interface
     */
    public static KniControl control(String name) {
        return new KniControl(Objects.requireNonNull(name, "name"), NetNamespace.current());
    }

    /** The same in another namespace: a name, a path or a process id. */
    public static KniControl control(String name, String netns) {
        return new KniControl(Objects.requireNonNull(name, "name"), NetNamespace.of(netns));
    }

    private static KniPort checked(Port port) {
        Objects.requireNonNull(port, "kni");
        if (port instanceof KniPort kni) {
            return kni;
        }
        throw new IllegalArgumentException(port.name() + " is no port of " + KniDriver.NAME);
    }
}
