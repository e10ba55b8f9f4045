// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.Mapping;
import io.vpmd.spi.sys.MemFile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A PCI device through vfio-pci and a type 1 IOMMU. The kernel clears bus mastering and unmaps all
 * when the descriptors close, however the process ends.
 */
final class VfioBus extends PciBus {
    static final String DRIVER = "vfio-pci";

    private static final long DEVICE_GET_INFO = 0x3b6b;
    private static final long DEVICE_GET_REGION_INFO = 0x3b6c;
    private static final long DEVICE_RESET = 0x3b6f;
    private static final int INFO_FLAG_RESET = 1;
    private static final int REGION_FLAG_MMAP = 1 << 2;
    private static final int REGION_CONFIG = 7;

    private final VfioContainer container;
    private final int device;
    private final boolean resettable;
    private final VfioInterrupts interrupts;
    private final ConfigSpace config;
    private final List<DmaMemory> memories = new ArrayList<>();

    private record Region(int flags, long size, long offset) {}

    private VfioBus(PciAddress address, VfioContainer container) {
        super(address);
        this.container = container;
        this.device = container.device(address);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment info = scratch.allocate(16, 8);
            info.set(JAVA_INT, 0, 16);
            check(Libc.ioctl(device, DEVICE_GET_INFO, info), "VFIO_DEVICE_GET_INFO");
            resettable = (info.get(JAVA_INT, 4) & INFO_FLAG_RESET) != 0;
            config = new FileConfigSpace(device, region(REGION_CONFIG).offset, address.toString());
            // Whoever had it last may have left it in any state.
            config.setBusMaster(false);
            reset();
            interrupts = new VfioInterrupts(device, address.toString());
        } catch (RuntimeException e) {
            Libc.close(device);
            throw e;
        }
    }

    /** Opens a device that sysfs shows. */
    static VfioBus open(PciDevice device) {
        String name = device.address().toString();
        if (device.iommuGroup().isEmpty()) {
            throw new BusException(
                    "open",
                    name,
                    "it is in no IOMMU group",
                    "boot with intel_iommu=on and the IOMMU on in the firmware, or use uio:"
                            + " vpmd devbind -b uio_pci_generic "
                            + name);
        }
        int group = device.iommuGroup().getAsInt();
        VfioContainer container = VfioContainer.open(device.address(), group);
        try {
            return new VfioBus(device.address(), container);
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
    }

    private Region region(int index) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment info = scratch.allocate(32, 8);
            info.set(JAVA_INT, 0, 32);
            info.set(JAVA_INT, 8, index);
            check(Libc.ioctl(device, DEVICE_GET_REGION_INFO, info), "VFIO_DEVICE_GET_REGION_INFO");
            return new Region(
                    info.get(JAVA_INT, 4), info.get(JAVA_LONG, 16), info.get(JAVA_LONG, 24));
        }
    }

    private void check(int result, String call) {
        DeviceFile.check(result, call, address());
    }

    @Override
    public String kind() {
        return "vfio";
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    MemorySegment mapBar(int number) {
        Region region = region(number);
        if (region.size == 0 || (region.flags & REGION_FLAG_MMAP) == 0) {
            throw DeviceFile.refused(
                    address(),
                    "BAR " + number + " cannot be mapped",
                    "let the firmware assign it (reboot, or remove and rescan the device)");
        }
        enableMemory();
        return Mapping.device(device, region.offset, region.size, Arena.ofAuto());
    }

    @Override
    public synchronized DmaMemory allocate(String name, long bytes) {
        MemFile file = MemFile.create("vpmd-" + name, bytes);
        try {
            long iova = container.map(file.memory());
            DmaMemory made =
                    new DmaMemory(
                            file.memory(),
                            iova,
                            () -> {
                                container.unmap(file.memory());
                                file.close();
                            });
            memories.removeIf(DmaMemory::closed);
            memories.add(made);
            return made;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    DmaMap mapPool(MbufPool pool) {
        return new DmaMap(container.map(pool.memory()), () -> container.unmap(pool.memory()));
    }

    @Override
    public int vectors() {
        return interrupts.vectors();
    }

    @Override
    public boolean msix() {
        return true;
    }

    @Override
    public synchronized void connect(List<EventFd> events) {
        interrupts.connect(events);
    }

    @Override
    public int requestFd() {
        return interrupts.requestFd();
    }

    @Override
    public synchronized boolean reset() {
        return resettable && Libc.ioctl(device, DEVICE_RESET, 0) == 0;
    }

    @Override
    void giveBack() {
        try {
            detachBars();
            closeMaps();
            memories.forEach(DmaMemory::close);
        } finally {
            interrupts.close();
            Libc.close(device);
            container.close();
        }
    }
}
