// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.TxQueue;

import java.util.Map;
import java.util.Optional;

/**
 * A port that adds something to another one, which its spec has in the option {@code port=[SPEC]}.
 * Settings, features, offloads, link and events are those of the port inside.
 *
 * <p>The inner port is open under its own name and belongs to this one: it is configured, started
 * and closed through it only.
 */
public abstract class DecoratorPort extends AbstractPort {
    /** The option that every decorator has. */
    protected static final PortOption PORT_OPTION =
            new PortOption("port", "[SPEC]", "required", "the port inside");

    private final Port inner;

    /** A port around {@code inner}, which is closed with it. */
    protected DecoratorPort(PortSpec spec, Port inner) {
        super(spec, inner.mac(), inner.mtu());
        this.inner = inner;
    }

    /** Makes the port around an open one; called by {@link #open}. */
    @FunctionalInterface
    protected interface Around {
        AbstractPort port(Port inner);
    }

    /**
     * Opens the port inside and what {@code around} makes of it; closes it again if that fails.
     *
     * @throws SpecException when {@code spec} has no option {@code port}
     */
    protected static AbstractPort open(PortSpec spec, Around around) {
        String inside =
                spec.option("port")
                        .orElseThrow(
                                () ->
                                        new SpecException(
                                                spec.toString(),
                                                "it decorates no port; add port=[SPEC], for"
                                                        + " example port=[net_ring:0]"));
        Port inner = Ports.open(inside);
        try {
            return around.port(inner);
        } catch (RuntimeException e) {
            inner.close();
            throw e;
        }
    }

    /** The port inside. */
    protected final Port inner() {
        return inner;
    }

    /** What the port inside is asked for when this one is asked for {@code config}. */
    protected PortConfig innerConfig(PortConfig config) {
        return config;
    }

    /** The queue that stands before {@code queue} of the port inside. */
    protected abstract RxQueue decorate(RxQueue queue, PortConfig config);

    /** The queue that stands before {@code queue} of the port inside. */
    protected abstract TxQueue decorate(TxQueue queue, PortConfig config);

    /** That of the port inside, under this port's name. */
    @Override
    public PortInfo info() {
        PortInfo in = inner.info();
        return new PortInfo(
                name().substring(0, name().indexOf(':')),
                name().substring(name().indexOf(':') + 1),
                in.maxRxQueues(),
                in.maxTxQueues(),
                in.minMtu(),
                in.maxMtu(),
                in.rxOffloads(),
                in.txOffloads(),
                in.copies(),
                in.signals(),
                in.maxTxSegments(),
                in.loopback());
    }

    @Override
    protected void onConfigure(PortConfig config) {
        inner.configure(innerConfig(config));
    }

    @Override
    protected final RxQueue newRxQueue(int index, PortConfig config) {
        return decorate(inner.rxQueue(index), config);
    }

    @Override
    protected final TxQueue newTxQueue(int index, PortConfig config) {
        return decorate(inner.txQueue(index), config);
    }

    @Override
    protected void onStart() {
        inner.start();
    }

    @Override
    protected void onStop() {
        inner.stop();
    }

    @Override
    protected void onClose() {
        inner.close();
    }

    @Override
    protected void onMac(MacAddress address) {
        inner.setMac(address);
    }

    @Override
    protected void onMtu(int bytes) {
        inner.setMtu(bytes);
    }

    @Override
    protected void onPromiscuous(boolean on) {
        inner.setPromiscuous(on);
    }

    @Override
    protected void onAllmulticast(boolean on) {
        inner.setAllmulticast(on);
    }

    @Override
    public Link link() {
        checkOpen("link");
        return inner.link();
    }

    @Override
    public <F> Optional<F> feature(Class<F> type) {
        checkOpen("feature");
        return inner.feature(type);
    }

    /** Passes on what happens to the port inside. Called by the subclass when it is complete. */
    protected final void listen() {
        inner.addListener(
                (_, event) -> {
                    if (event instanceof PortEvent.Removed gone) {
                        // On the own control thread: the inner one must not wait for this port's
                        // lock, whose holder may be waiting for it.
                        onControlThread(() -> removed(gone.reason()));
                    } else {
                        post(event);
                    }
                });
    }

    @Override
    public void resetStats() {
        checkOpen("resetStats");
        inner.resetStats();
        super.resetStats();
    }

    /** Adds the counters that only the port inside has. */
    @Override
    protected void addXstats(Map<String, Long> to) {
        inner.xstats().forEach(to::putIfAbsent);
    }
}
