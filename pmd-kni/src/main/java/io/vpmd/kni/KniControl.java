// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.control.ClaimedPlace;
import io.vpmd.kni.control.KernelControl;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.KernelRequests;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Handles the requests of an interface whose packets another process may move. Handlers run on a
 * thread of this object. When the port's owner follows its interface to another namespace, so does
 * this.
 */
public final class KniControl implements KernelRequests, AutoCloseable {
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final String name;
    private final ExecutorService thread;
    private final KernelControl control;
    private volatile boolean gone;

    KniControl(String name, NetNamespace namespace) {
        this.name = name;
        this.thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("vpmd-control-" + name).factory());
        try {
            this.control =
                    new KernelControl(
                            name,
                            new ClaimedPlace(namespace, name),
                            new Side(),
                            task -> {
                                if (!thread.isShutdown()) {
                                    thread.execute(task);
                                }
                            },
                            false);
        } catch (RuntimeException e) {
            thread.shutdown();
            throw e;
        }
        control.start();
    }

    private final class Side implements KernelControl.Side {
        @Override
        public void acceptMtu(int bytes) {}

        @Override
        public void acceptMac(MacAddress mac) {}

        @Override
        public void moved(long namespaceInode, int ifindex) {}

        @Override
        public void gone() {
            gone = true;
        }
    }

    /** Whether the interface was deleted, or left where it cannot be followed. */
    public boolean gone() {
        return gone;
    }

    @Override
    public String interfaceName() {
        return control.currentState().name();
    }

    @Override
    public int interfaceIndex() {
        return control.currentState().ifindex();
    }

    /** The interface as the kernel has it at this moment. */
    public LinkState info() {
        return control.refreshedState();
    }

    /** Counters of requests, by name. */
    public Map<String, Long> xstats() {
        Map<String, Long> all = new TreeMap<>();
        control.addXstats(all);
        return all;
    }

    @Override
    public void registerHandlers(KernelHandlers handlers) {
        if (gone) {
            throw new PortException(
                    "registerHandlers", name, "the interface is gone", "look where it is now");
        }
        control.registerHandlers(handlers);
    }

    @Override
    public void unregisterHandlers() {
        control.unregisterHandlers();
    }

    /** Returns 0: a thread of this object serves them. */
    @Override
    public int handleRequests() {
        return 0;
    }

    /** Stops watching; the interface stays as it is. Waits up to 5 s for a handler that runs. */
    @Override
    public void close() {
        control.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new PortException(
                        "close", name, "a handler still runs", "let it return and close again");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
