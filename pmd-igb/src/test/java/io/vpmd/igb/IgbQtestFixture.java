// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.PortFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.contract.qtest.Lab;
import io.vpmd.contract.qtest.Qemu;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.List;
import java.util.Optional;

/** A card of a QEMU that all cases share, and the other end of its cable. */
final class IgbQtestFixture extends PortFixture {
    private static final long LINK_TIMEOUT_MILLIS = 5_000;
    private static final int FIN = 1;
    private static final int PSH = 1 << 3;
    private static Qemu qemu;

    private final int number;
    private Wire wire;
    private final RemovableBus.Delivery delivery;
    private RemovableBus bus;
    private Port port;

    /** Skips the test where there is no QEMU with an 82576. */
    IgbQtestFixture(int number) {
        this(number, RemovableBus.Delivery.MSIX);
    }

    /** The same with interrupts of another bus. */
    IgbQtestFixture(int number, RemovableBus.Delivery delivery) {
        this.number = number;
        this.delivery = delivery;
        String missing = Lab.missing("igb");
        assumeTrue(missing.isEmpty(), missing);
    }

    static synchronized Qemu qemu() {
        if (qemu == null || !qemu.running()) {
            qemu = Qemu.start("igb", List.of("mac=52:54:00:aa:00:00", "mac=52:54:00:aa:00:01"));
        }
        return qemu;
    }

    @Override
    public String spec() {
        return "net_igb:qtest" + number;
    }

    @Override
    public Port open() {
        return Ports.open(
                PortSpec.parse(spec()),
                List.of(
                        new IgbDriver(
                                spec -> bus = new RemovableBus(qemu().bus(number), delivery))));
    }

    /** The bus of the port that was opened last. */
    RemovableBus bus() {
        return bus;
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        port = started;
        if (wire == null) {
            wire = qemu().wire(number);
        }
        awaitLink(port);
    }

    static void awaitLink(Port port) {
        long deadline = System.nanoTime() + LINK_TIMEOUT_MILLIS * 1_000_000;
        while (!port.link().up()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no link after " + LINK_TIMEOUT_MILLIS + " ms");
            }
            Registers.delayMicros(1_000);
        }
    }

    static void pause(long millis) {
        Registers.delayMicros(1_000 * millis);
    }

    @Override
    public boolean injects() {
        return true;
    }

    @Override
    public boolean collects() {
        return true;
    }

    @Override
    public void inject(byte[] frame) {
        wire.send(frame);
    }

    @Override
    public Optional<WireFrame> collect() {
        return wire.receive().map(WireFrame::new);
    }

    @Override
    public long settleMillis() {
        return 5;
    }

    /** QEMU drops packets of more than 64 pieces; the device itself has no such limit. */
    @Override
    public int maxTxSegments() {
        return 60;
    }

    /** QEMU's segmentation takes both from the last segment as well. */
    @Override
    public int wrongTcpFlags() {
        return FIN | PSH;
    }

    @Override
    public boolean causeEvent() {
        // Longer than the port needs to notice; up again, because cases send afterwards.
        qemu().setLink(number, false);
        Registers.delayMicros(3 * IgbPort.WATCH_MILLIS * 1_000);
        qemu().setLink(number, true);
        awaitLink(port);
        Registers.delayMicros(3 * IgbPort.WATCH_MILLIS * 1_000);
        return true;
    }

    @Override
    public boolean removeDevice() {
        bus.remove();
        return true;
    }

    @Override
    public void close() {
        if (wire != null) {
            wire.close();
        }
    }
}
