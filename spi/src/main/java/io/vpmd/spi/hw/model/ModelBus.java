// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.MemFile;

import java.util.ArrayList;
import java.util.List;

/** The way of a driver in this process to a model. */
public final class ModelBus implements Bus {
    private final DeviceModel device;
    private final Runnable end;
    private final List<DmaMemory> memories = new ArrayList<>();
    private boolean closed;

    /**
     * A bus to a device that outlives it, or not.
     *
     * @param end called when the bus was closed
     */
    public ModelBus(DeviceModel device, Runnable end) {
        this.device = device;
        this.end = end;
    }

    @Override
    public String kind() {
        return "model";
    }

    @Override
    public String device() {
        return device.name();
    }

    @Override
    public ConfigSpace config() {
        return device.config();
    }

    @Override
    public Mmio bar(int number) {
        return device.bar(number);
    }

    @Override
    public synchronized DmaMemory allocate(String name, long bytes) {
        MemFile file = MemFile.create("vpmd-" + name, bytes);
        long address = device.dma().map(file.memory());
        DmaMemory made =
                new DmaMemory(
                        file.memory(),
                        address,
                        () -> {
                            device.dma().unmap(address);
                            file.close();
                        });
        memories.add(made);
        return made;
    }

    @Override
    public DmaMap map(MbufPool pool) {
        long address = device.dma().map(pool.memory());
        return new DmaMap(address, () -> device.dma().unmap(address));
    }

    @Override
    public boolean reset() {
        device.reset();
        return true;
    }

    @Override
    public int vectors() {
        return device.vectors().count();
    }

    @Override
    public boolean msix() {
        return true;
    }

    @Override
    public void connect(List<EventFd> events) {
        device.vectors().disconnectAll();
        for (int i = 0; i < events.size(); i++) {
            device.vectors().connect(i, events.get(i)::signal);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            device.config().setBusMaster(false);
            device.vectors().disconnectAll();
            memories.forEach(DmaMemory::close);
        }
        end.run();
    }
}
