// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.LinkMonitor;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.Rtnetlink;
import io.vpmd.spi.MacAddress;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;

/** Settings of a watched interface, and what is done to the kernel about answers. Any thread. */
final class Agreement {
    private static final Logger LOG = System.getLogger(KernelControl.class.getName());

    private final String name;
    private final LinkMonitor monitor;
    private final Settings settings;
    private final RequestCounters counters;
    private final Setting.Kernel<Boolean> up;
    private final Setting.Kernel<Integer> mtu;
    private final Setting.Kernel<MacAddress> mac;

    /** The interface's MTU and address of now count as accepted. */
    Agreement(String name, LinkMonitor monitor, RequestCounters counters) {
        this.name = name;
        this.monitor = monitor;
        this.counters = counters;
        this.up = new WatchedSetting<>(monitor, LinkState::up, Rtnetlink::setUp);
        this.mtu = new WatchedSetting<>(monitor, LinkState::mtu, Rtnetlink::setMtu);
        this.mac = new WatchedSetting<>(monitor, LinkState::mac, Rtnetlink::setMac);
        LinkState state = monitor.state();
        this.settings = new Settings(state.mtu(), state.mac());
    }

    private void locked(Runnable task) {
        monitor.locked(
                () -> {
                    task.run();
                    return this;
                });
    }

    /** See {@link Settings#restart}. */
    void restart() {
        locked(settings::restart);
    }

    /** See {@link Settings#next}. */
    @Nullable Request next(boolean handlers) {
        AtomicReference<@Nullable Request> next = new AtomicReference<>();
        locked(() -> next.set(settings.next(monitor.state(), monitor.multicast(), handlers)));
        return next.get();
    }

    int acceptedMtu() {
        return monitor.locked(settings.mtu::accepted);
    }

    MacAddress acceptedMac() {
        return monitor.locked(settings.mac::accepted);
    }

    /** What was accepted of the same kind, for what a port takes over. */
    Request same(Request request) {
        return switch (request) {
            case Request.Mtu _ -> new Request.Mtu(acceptedMtu());
            case Request.Mac _ -> new Request.Mac(acceptedMac());
            default -> request;
        };
    }

    void applyMtu(int bytes) {
        locked(() -> settings.mtu.apply(bytes, mtu));
    }

    void applyMac(MacAddress address) {
        locked(() -> settings.mac.apply(address, mac));
    }

    /** The application agreed to these in another way. */
    void accept(int bytes, MacAddress address) {
        locked(
                () -> {
                    settings.mtu.accept(bytes);
                    settings.mac.accept(address);
                });
    }

    /** Sets in the kernel what can be set there. */
    void restore(Request request) {
        switch (request) {
            case Request.Up r -> monitor.change((kernel, i) -> kernel.setUp(i, r.up()));
            case Request.Mtu r -> monitor.change((kernel, i) -> kernel.setMtu(i, r.bytes()));
            case Request.Mac r -> monitor.change((kernel, i) -> kernel.setMac(i, r.address()));
            default -> {}
        }
    }

    /** Ends a request that the application answered. */
    void settle(Request request, boolean ok) {
        locked(
                () -> {
                    switch (request) {
                        case Request.Up r when !r.up() -> settings.up.accept(false);
                        case Request.Up r -> settle(settings.up, r.up(), ok, up);
                        case Request.Mtu r -> settle(settings.mtu, r.bytes(), ok, mtu);
                        case Request.Mac r -> settle(settings.mac, r.address(), ok, mac);
                        case Request.Promiscuity r -> settings.promiscuity.accept(r.on());
                        case Request.Allmulticast r -> settings.allmulticast.accept(r.on());
                        case Request.MulticastList r -> settings.multicast.accept(r.addresses());
                        case Request.Vlans _ -> {}
                    }
                });
    }

    private <T> void settle(Setting<T> setting, T value, boolean ok, Setting.Kernel<T> kernel) {
        T before = setting.accepted();
        switch (setting.settle(value, ok, kernel)) {
            case ACCEPTED -> {}
            case SUPERSEDED -> counters.superseded.incrementAndGet();
            case PUT_BACK -> {
                counters.refused.incrementAndGet();
                counters.putBack.incrementAndGet();
                warn(value + " was refused, " + before + " is put back");
            }
            case STUCK -> {
                counters.refused.incrementAndGet();
                warn(value + " was refused, but the kernel keeps it");
            }
        }
    }

    private void warn(String text) {
        LOG.log(Level.WARNING, name + ": " + text);
    }
}
