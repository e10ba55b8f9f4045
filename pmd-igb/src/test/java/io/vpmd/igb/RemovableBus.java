// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bus whose device can be pulled out: reads give all ones then, writes go nowhere. Or the kernel
 * wants it back. Its interrupts can be as on other buses.
 */
final class RemovableBus implements Bus {
    private final Bus bus;
    private final EventFd request = new EventFd();
    private final Delivery delivery;
    private final AtomicInteger causeReads = new AtomicInteger();
    private volatile boolean gone;
    private volatile boolean closed;

    /** How interrupts come. */
    enum Delivery {
        /** As the bus has them. */
        MSIX,
        /** One for all causes, such as INTx. */
        SINGLE,
        /** The bus says that they come, and they do not. */
        LOST
    }

    RemovableBus(Bus bus, Delivery delivery) {
        this.bus = bus;
        this.delivery = delivery;
    }

    /** How often somebody asked the device why it interrupted. */
    int causeReads() {
        return causeReads.get();
    }

    /** Pulls the device out; what it was doing ends as after a reset. */
    void remove() {
        gone = true;
        bus.config().setBusMaster(false);
    }

    /** What an unbind does first; it goes on when the bus is closed. */
    void request() {
        request.signal();
    }

    boolean closed() {
        return closed;
    }

    private final class Space extends Mmio {
        private final Mmio inside;

        Space(Mmio inside) {
            this.inside = inside;
        }

        @Override
        public long size() {
            return inside.size();
        }

        @Override
        public int read(int offset) {
            if (offset == IgbRegs.ICR.at(0)) {
                causeReads.incrementAndGet();
            }
            return gone || closed ? -1 : inside.read(offset);
        }

        @Override
        public void write(int offset, int value) {
            if (!gone && !closed) {
                inside.write(offset, value);
            }
        }
    }

    private final class Config extends ConfigSpace {
        @Override
        public int read(int offset, int bytes) {
            check();
            return bus.config().read(offset, bytes);
        }

        @Override
        public void write(int offset, int bytes, int value) {
            check();
            bus.config().write(offset, bytes, value);
        }

        private void check() {
            if (gone) {
                throw new BusException("access", device(), "the device is gone", "close the port");
            }
        }
    }

    @Override
    public String kind() {
        return bus.kind();
    }

    @Override
    public String device() {
        return bus.device();
    }

    @Override
    public ConfigSpace config() {
        return new Config();
    }

    @Override
    public Mmio bar(int number) {
        return new Space(bus.bar(number));
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        return bus.allocate(name, bytes);
    }

    @Override
    public DmaMap map(MbufPool pool) {
        return bus.map(pool);
    }

    @Override
    public boolean physicalAddresses() {
        return bus.physicalAddresses();
    }

    @Override
    public boolean reset() {
        return bus.reset();
    }

    @Override
    public int vectors() {
        return delivery == Delivery.SINGLE ? 1 : bus.vectors();
    }

    @Override
    public boolean msix() {
        return delivery != Delivery.SINGLE && bus.msix();
    }

    @Override
    public void connect(List<EventFd> events) {
        if (delivery != Delivery.LOST) {
            bus.connect(events);
        }
    }

    @Override
    public int requestFd() {
        return request.fd();
    }

    @Override
    public void close() {
        bus.close();
        closed = true;
        request.close();
    }
}
