// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.contract.qtest.Qemu;
import io.vpmd.contract.qtest.QemuCardFixture;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Registers;

import java.util.List;

/** A card of a QEMU that all cases share, and the other end of its cable. */
final class IgbQtestFixture extends QemuCardFixture {
    static final long LINK_MILLIS = 5_000;
    private static final long NOTICE_MICROS = 3 * IgbPort.WATCH_MILLIS * 1_000;
    private static Qemu qemu;

    private final int number;
    private Wire wire;
    private final RemovableBus.Delivery delivery;
    private RemovableBus bus;

    /** Skips the test where there is no QEMU with an 82576. */
    IgbQtestFixture(int number) {
        this(number, RemovableBus.Delivery.MSIX);
    }

    /** The same with interrupts of another bus. */
    IgbQtestFixture(int number, RemovableBus.Delivery delivery) {
        super(LINK_MILLIS, NOTICE_MICROS);
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
    protected Wire wire() {
        if (wire == null) {
            wire = qemu().wire(number);
        }
        return wire;
    }

    @Override
    protected void setLink(boolean up) {
        qemu().setLink(number, up);
    }

    /** Returns when the port has a link. */
    static void awaitLink(Port port) {
        awaitLink(port, LINK_MILLIS);
    }

    static void pause(long millis) {
        Registers.delayMicros(1_000 * millis);
    }

    @Override
    public long settleMillis() {
        return 20;
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
