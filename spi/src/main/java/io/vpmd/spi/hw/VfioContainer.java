// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The IOMMU's side of VFIO: a container with one group, and what is mapped. The kernel lets a group
 * be opened once, so that the devices of a group, such as the functions of a card, share this; what
 * two of them map is mapped, and counted against the limit of locked memory, once.
 */
final class VfioContainer implements AutoCloseable {
    private static final Path FOLDER = Path.of("/dev/vfio");
    private static final long CHECK_EXTENSION = 0x3b65;
    private static final long SET_IOMMU = 0x3b66;
    private static final long GROUP_GET_STATUS = 0x3b67;
    private static final long GROUP_SET_CONTAINER = 0x3b68;
    private static final long GROUP_GET_DEVICE_FD = 0x3b6a;
    private static final long MAP_DMA = 0x3b71;
    private static final long UNMAP_DMA = 0x3b72;
    private static final long TYPE1V2_IOMMU = 3;
    private static final int GROUP_VIABLE = 1;
    private static final int MAP_READ_WRITE = 3;
    private static final int MAP_SIZE = 32;
    private static final int UNMAP_SIZE = 24;

    /* By number of the group. */
    private static final Map<Integer, VfioContainer> OPEN = new HashMap<>();

    private final PciAddress address;
    private final int groupNumber;
    private final IovaSpace iovas = new IovaSpace();
    /* By address in this process. */
    private final Map<Long, Mapped> mapped = new HashMap<>();
    private int container = -1;
    private int group = -1;
    private int users;

    private static final class Mapped {
        final long iova;
        final long bytes;
        int users;

        Mapped(long iova, long bytes) {
            this.iova = iova;
            this.bytes = bytes;
        }
    }

    /** The container of a device's group, which must be whole in VFIO's hands. */
    static VfioContainer open(PciAddress address, int groupNumber) {
        synchronized (OPEN) {
            VfioContainer known = OPEN.get(groupNumber);
            if (known == null) {
                known = new VfioContainer(address, groupNumber);
                OPEN.put(groupNumber, known);
            }
            known.users++;
            return known;
        }
    }

    private VfioContainer(PciAddress address, int groupNumber) {
        this.address = address;
        this.groupNumber = groupNumber;
        try {
            container = open(FOLDER.resolve("vfio"));
            group = open(FOLDER.resolve(Integer.toString(groupNumber)));
            attach();
        } catch (RuntimeException e) {
            closeDescriptors();
            throw e;
        }
    }

    private int open(Path file) {
        return DeviceFile.open(
                address,
                file,
                errno ->
                        switch (errno) {
                            case Errno.ENOENT -> "load the module: modprobe vfio-pci";
                            case Errno.EBUSY ->
                                    "end the process or port that has another device of it";
                            case Errno.EACCES, Errno.EPERM ->
                                    "run as root, or: chown $USER " + file;
                            default -> "see dmesg";
                        });
    }

    private void attach() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(8, 8);
            status.set(JAVA_INT, 0, 8);
            check(Libc.ioctl(group, GROUP_GET_STATUS, status), "VFIO_GROUP_GET_STATUS");
            if ((status.get(JAVA_INT, 4) & GROUP_VIABLE) == 0) {
                throw refused(
                        "IOMMU group " + groupNumber + " is not viable, it also has " + others(),
                        "bind all of them to vfio-pci, or to no driver");
            }
            MemorySegment fd = arena.allocate(JAVA_INT);
            fd.set(JAVA_INT, 0, container);
            check(Libc.ioctl(group, GROUP_SET_CONTAINER, fd), "VFIO_GROUP_SET_CONTAINER");
        }
        if (Libc.ioctl(container, CHECK_EXTENSION, TYPE1V2_IOMMU) <= 0) {
            throw refused("this kernel has no type 1 IOMMU", "modprobe vfio_iommu_type1");
        }
        check(Libc.ioctl(container, SET_IOMMU, TYPE1V2_IOMMU), "VFIO_SET_IOMMU");
    }

    private List<String> others() {
        Path devices = Path.of("/sys/kernel/iommu_groups/" + groupNumber + "/devices");
        try (Stream<Path> all = Files.list(devices)) {
            return all.map(p -> p.getFileName().toString())
                    .filter(name -> !name.equals(address.toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of("devices that cannot be listed");
        }
    }

    /** A descriptor of the device, which the caller closes. */
    int device(PciAddress function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(function.toString());
            return check(Libc.ioctl(group, GROUP_GET_DEVICE_FD, name), "VFIO_GROUP_GET_DEVICE_FD");
        }
    }

    /** Shows memory to the group's devices and returns the address where they find it. */
    synchronized long map(MemorySegment memory) {
        Mapped known = mapped.get(memory.address());
        if (known == null) {
            known = new Mapped(mapNew(memory), memory.byteSize());
            mapped.put(memory.address(), known);
        }
        known.users++;
        return known.iova;
    }

    private long mapNew(MemorySegment memory) {
        long bytes = memory.byteSize();
        long iova = iovas.take(bytes);
        if (iova < 0) {
            throw refused("no " + bytes + " bytes of bus addresses are left", "close pools");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(MAP_SIZE, 8);
            request.set(JAVA_INT, 0, MAP_SIZE);
            request.set(JAVA_INT, 4, MAP_READ_WRITE);
            request.set(JAVA_LONG, 8, memory.address());
            request.set(JAVA_LONG, 16, iova);
            request.set(JAVA_LONG, 24, bytes);
            int r = Libc.ioctl(container, MAP_DMA, request);
            if (r < 0) {
                iovas.give(iova);
                throw notMapped(bytes, -r);
            }
        }
        return iova;
    }

    private BusException notMapped(long bytes, int errno) {
        String problem = "VFIO_IOMMU_MAP_DMA of " + (bytes >> 10) + " KiB: " + Errno.name(errno);
        return errno == Errno.ENOMEM
                ? refused(
                        problem + ", the limit of locked memory is " + LockedMemory.limit(),
                        "raise it: ulimit -l unlimited")
                : refused(problem, "see dmesg");
    }

    /** Takes back one {@link #map}. */
    synchronized void unmap(MemorySegment memory) {
        Mapped known = mapped.get(memory.address());
        if (known != null && --known.users == 0) {
            mapped.remove(memory.address());
            unmap(known.iova, known.bytes);
        }
    }

    private void unmap(long iova, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(UNMAP_SIZE, 8);
            request.set(JAVA_INT, 0, UNMAP_SIZE);
            request.set(JAVA_LONG, 8, iova);
            request.set(JAVA_LONG, 16, bytes);
            check(Libc.ioctl(container, UNMAP_DMA, request), "VFIO_IOMMU_UNMAP_DMA");
        }
        iovas.give(iova);
    }

    private int check(int result, String call) {
        return DeviceFile.check(result, call, address);
    }

    private BusException refused(String problem, String next) {
        return DeviceFile.refused(address, problem, next);
    }

    /** One call for each {@link #open}; at the last the kernel unmaps all that is mapped. */
    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(groupNumber);
                closeDescriptors();
            }
        }
    }

    private void closeDescriptors() {
        if (group >= 0) {
            Libc.close(group);
            group = -1;
        }
        if (container >= 0) {
            Libc.close(container);
            container = -1;
        }
    }
}
