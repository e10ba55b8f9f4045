// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;

/** A bus whose device can be pulled out: reads give all ones then, writes go nowhere. */
final class RemovableBus implements Bus {
    private final Bus bus;
    private volatile boolean gone;

    RemovableBus(Bus bus) {
        this.bus = bus;
    }

    /** Pulls the device out; what it was doing ends as after a reset. */
    void remove() {
        gone = true;
        bus.config().setBusMaster(false);
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
            return gone ? -1 : inside.read(offset);
        }

        @Override
        public void write(int offset, int value) {
            if (!gone) {
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
    public boolean reset() {
        return bus.reset();
    }

    @Override
    public void close() {
        bus.close();
    }
}
