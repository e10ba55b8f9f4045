// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortState;
import io.vpmd.spi.PortStateException;
import io.vpmd.spi.Ports;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Order of the control methods, and what is left behind. */
interface LifecycleContract extends Rigged {
    @Test
    default void anOpenPortIsKnownByNameAndId() {
        Port port = rig().port();
        assertEquals(PortState.OPEN, port.state());
        assertEquals(Optional.of(port), Ports.get(port.name()));
        assertTrue(Ports.all().contains(port));
        assertEquals(port.info().driver() + ":" + port.info().device(), port.name());
        assertTrue(port.id() >= 0, "id " + port.id());
        assertTrue(port.info().maxRxQueues() >= 1, "maxRxQueues");
        assertTrue(port.info().maxTxQueues() >= 1, "maxTxQueues");
        assertTrue(port.mac().valid(), () -> "address " + port.mac());
        assertTrue(
                port.mtu() >= port.info().minMtu() && port.mtu() <= port.info().maxMtu(),
                () -> "MTU " + port.mtu());
    }

    @Test
    default void aStepOutOfOrderIsRefusedWithTheNextStep() {
        Port port = rig().port();
        assertAll(
                () -> refused(PortStateException.class, "start", port::start),
                () -> refused(PortStateException.class, "config", port::config),
                () -> refused(PortException.class, "rxQueue", () -> port.rxQueue(0)),
                () -> refused(PortException.class, "txQueue", () -> port.txQueue(0)));
        port.configure(rig().config());
        assertEquals(PortState.CONFIGURED, port.state());
        port.start();
        assertEquals(PortState.STARTED, port.state());
        refused(PortStateException.class, "configure", () -> port.configure(rig().config()));
        assertEquals(PortState.STARTED, port.state(), "after a refused configure");
    }

    private <E extends PortException> void refused(
            Class<E> type, String operation, Executable step) {
        Port port = rig().port();
        E e = assertThrows(type, step, operation);
        assertEquals(operation, e.operation());
        assertEquals(port.name(), e.port());
        assertTrue(
                e.getMessage().matches("\\Q" + operation + " " + port.name() + "\\E: .+; .+"),
                () -> "no problem and next step in: " + e.getMessage());
    }

    @Test
    default void startAndStopAreIdempotent() {
        Port port = rig().port();
        port.stop();
        assertEquals(PortState.OPEN, port.state(), "stop of an open port");
        port.configure(rig().config());
        port.stop();
        assertEquals(PortState.CONFIGURED, port.state(), "stop of a configured port");
        for (int i = 0; i < 3; i++) {
            port.start();
            port.start();
            assertEquals(PortState.STARTED, port.state());
            port.stop();
            port.stop();
            assertEquals(PortState.CONFIGURED, port.state());
        }
    }

    @Test
    default void closeWorksInEveryStateAndTwice() {
        rig().port().close();
        rig().reopened().configure(rig().config());
        rig().port().close();
        rig().reopened().configure(rig().config());
        rig().port().start();
        rig().port().close();
        rig().port().close();
        rig().port().stop();
        assertEquals(PortState.CLOSED, rig().port().state());
        assertEquals(Optional.empty(), Ports.get(rig().port().name()));
    }

    @Test
    default void aClosedPortRefusesEverythingByName() {
        Port port = rig().started();
        var config = port.config();
        var mac = port.mac();
        String name = port.name();
        int id = port.id();
        port.close();
        assertEquals(name, port.name());
        assertEquals(id, port.id());
        assertEquals(PortState.CLOSED, port.state());
        assertEquals(name, port.info().driver() + ":" + port.info().device());
        Class<PortStateException> closed = PortStateException.class;
        assertAll(
                () -> refused(closed, "configure", () -> port.configure(config)),
                () -> refused(closed, "start", port::start),
                () -> refused(closed, "rxQueue", () -> port.rxQueue(0)),
                () -> refused(closed, "txQueue", () -> port.txQueue(0)),
                () -> refused(closed, "link", port::link),
                () -> refused(closed, "resetStats", port::resetStats),
                () -> refused(closed, "xstats", port::xstats),
                () -> refused(closed, "mac", port::mac),
                () -> refused(closed, "setMac", () -> port.setMac(mac)),
                () -> refused(closed, "mtu", port::mtu),
                () -> refused(closed, "setMtu", () -> port.setMtu(1500)),
                () -> refused(closed, "promiscuous", port::promiscuous),
                () -> refused(closed, "setPromiscuous", () -> port.setPromiscuous(true)),
                () -> refused(closed, "allmulticast", port::allmulticast),
                () -> refused(closed, "setAllmulticast", () -> port.setAllmulticast(true)),
                () -> refused(closed, "addListener", () -> port.addListener((p, e) -> {})),
                () -> refused(closed, "feature", () -> port.feature(Runnable.class)));
    }

    @Test
    default void theSameDeviceIsOpenedOnceAtATime() {
        Port port = rig().port();
        PortException e = assertThrows(PortException.class, () -> rig().fixture().open());
        assertTrue(e.getMessage().contains(port.name()), e::getMessage);
        assertSame(port, Ports.get(port.name()).orElseThrow(), "the first one");
        assertEquals(PortState.OPEN, port.state());
    }

    @Test
    default void aPortCanBeConfiguredAnewWhileItIsStopped() {
        Port port = rig().started();
        var oldRx = port.rxQueue(0);
        port.stop();
        int rx = Math.min(2, port.info().maxRxQueues());
        int tx = Math.min(2, port.info().maxTxQueues());
        port.configure(rig().config().withQueues(rx, tx));
        port.start();
        assertEquals(0, oldRx.rxBurst(new io.vpmd.spi.mbuf.Mbuf[4], 0, 4), "the old queue");
        assertEquals(rx - 1, port.rxQueue(rx - 1).index());
        assertEquals(tx - 1, port.txQueue(tx - 1).index());
        assertThrows(PortException.class, () -> port.rxQueue(rx));
        assertThrows(PortException.class, () -> port.txQueue(tx));
    }

    @Test
    default void closeLeavesNoDescriptorAndNoThreadBehind() {
        cycle();
        long descriptors = descriptors();
        for (int i = 0; i < 5; i++) {
            cycle();
        }
        assertEquals(descriptors, descriptors(), "open descriptors after five more ports");
        String name = rig().port().name();
        Deadline deadline = Deadline.in(2_000);
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().endsWith("-" + name))) {
            deadline.check("a thread of the closed port still runs");
        }
    }

    private void cycle() {
        rig().reopened().configure(rig().config());
        rig().port().start();
        rig().port().close();
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
