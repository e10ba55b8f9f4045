// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.UnaryOperator;

/**
 * Asks the application about requests, one at a time: the port first, so that handlers are asked
 * only for what the port can do, and the port takes it back when they refuse.
 */
final class Consent {
    private static final Logger LOG = System.getLogger(KernelControl.class.getName());

    private final String name;
    private final KernelControl.Side side;
    private final RequestCounters counters;
    private boolean accepting;

    Consent(String name, KernelControl.Side side, RequestCounters counters) {
        this.name = name;
        this.side = side;
        this.counters = counters;
    }

    /**
     * Whether the application agrees.
     *
     * @param before gives what it has agreed to before, of the same kind
     */
    boolean ask(Request request, @Nullable KernelHandlers handlers, UnaryOperator<Request> before) {
        if (!accept(request)) {
            return false;
        }
        if (handlers == null || deliver(handlers, request)) {
            return true;
        }
        accept(before.apply(request));
        return false;
    }

    /** Whether the port is being asked; by the thread that asks. */
    boolean accepting() {
        return accepting;
    }

    private boolean deliver(KernelHandlers handlers, Request request) {
        counters.delivered.incrementAndGet();
        try {
            return request.deliver(handlers);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the handler of " + name + " for " + request + " failed", e);
            return false;
        }
    }

    private boolean accept(Request request) {
        accepting = true;
        try {
            if (request instanceof Request.Mtu(int bytes)) {
                side.acceptMtu(bytes);
            } else if (request instanceof Request.Mac(MacAddress address)) {
                side.acceptMac(address);
            }
            return true;
        } catch (PortException e) {
            LOG.log(Level.WARNING, e.getMessage());
            return false;
        } finally {
            accepting = false;
        }
    }
}
