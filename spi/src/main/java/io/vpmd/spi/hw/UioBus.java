// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A PCI device through uio_pci_generic or igb_uio, without an IOMMU: it is told physical addresses,
 * and can write anywhere. Both drivers take bus mastering from it when the descriptor closes,
 * however the process ends.
 */
final class UioBus extends PciBus {
    static final Set<String> DRIVERS = Set.of("uio_pci_generic", "igb_uio");

    private static final int COMMAND_INTX_DISABLE = 1 << 10;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    /* Leaves room for the descriptors of memory below, see UioMemory. */
    private static final int DEVICE_FD = 512;

    private final Path folder;
    private final UioDevice sysfs;
    private final boolean generic;
    private final ConfigSpace config;
    private final UioMemory memory;
    private final UioInterrupts interrupts;
    private int deviceFd = -1;
    private int configFd = -1;
    private volatile boolean gone;

    private UioBus(PciDevice pci) {
        super(pci.address());
        folder = PciDevice.folder(pci.address());
        sysfs = new UioDevice(folder);
        generic = pci.driver().orElse("").equals("uio_pci_generic");
        pci.iommuGroup().ifPresent(sysfs::checkUntranslated);
        try {
            configFd = open(folder.resolve("config"));
            lock();
            config = new RevocableConfig(new FileConfigSpace(configFd, 0, device()));
            // Whoever had it last may have left it at work, and igb_uio gives it bus mastering as
            // soon as it is opened.
            config.setBusMaster(false);
            reset();
            deviceFd = raise(open(Path.of("/dev", sysfs.characterDevice())));
            config.setBusMaster(false);
            memory = new UioMemory(device(), deviceFd);
            interrupts = new UioInterrupts(deviceFd, device(), this::lost);
        } catch (RuntimeException e) {
            closeDescriptors();
            throw e;
        }
    }

    /** Opens a device that has one of the UIO drivers. */
    static UioBus open(PciDevice device) {
        return new UioBus(device);
    }

    /** Configuration space, until the device is another driver's. */
    private final class RevocableConfig extends ConfigSpace {
        private final ConfigSpace file;

        RevocableConfig(ConfigSpace file) {
            this.file = file;
        }

        @Override
        public int read(int offset, int bytes) {
            return gone ? -1 : file.read(offset, bytes);
        }

        @Override
        public void write(int offset, int bytes, int value) {
            if (!gone) {
                file.write(offset, bytes, value);
            }
        }
    }

    private int open(Path file) {
        return DeviceFile.open(
                address(),
                file,
                errno ->
                        switch (errno) {
                            case Errno.EACCES, Errno.EPERM ->
                                    "run as root, and without kernel lockdown (or bind it to"
                                            + " vfio-pci)";
                            case Errno.ENOENT -> "bind it anew, or start udev";
                            default -> "see dmesg";
                        });
    }

    /** Moves a descriptor up where the limit of descriptors allows it. */
    private static int raise(int fd) {
        int higher = Libc.fcntl(fd, F_DUPFD_CLOEXEC, DEVICE_FD);
        if (higher < 0) {
            return fd;
        }
        Libc.close(fd);
        return higher;
    }

    /** UIO lets any number of processes in; the device would not survive two. */
    private void lock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(32, 8);
            flock.set(JAVA_SHORT, 0, F_WRLCK);
            if (Libc.fcntl(configFd, F_OFD_SETLK, flock) < 0) {
                throw DeviceFile.refused(
                        address(), "another port or process has it", "close that one first");
            }
        }
    }

    @Override
    public String kind() {
        return "uio";
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    MemorySegment mapBar(int number) {
        long bytes = sysfs.barBytes(number);
        int fd = open(folder.resolve("resource" + number));
        try {
            enableMemory();
            return Mapping.device(fd, 0, bytes, Arena.ofAuto());
        } finally {
            Libc.close(fd);
        }
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        return memory.allocate(name, bytes);
    }

    @Override
    DmaMap mapPool(MbufPool pool) {
        return memory.map(pool);
    }

    @Override
    public boolean physicalAddresses() {
        return true;
    }

    @Override
    public boolean reset() {
        int fd = Libc.open(folder.resolve("reset").toString(), Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            return Libc.write(fd, arena.allocateFrom("1"), 1) == 1;
        } finally {
            Libc.close(fd);
        }
    }

    @Override
    public int vectors() {
        return 1;
    }

    @Override
    public void connect(List<EventFd> events) {
        interrupts.connect(events.isEmpty() ? null : events.getFirst());
        enable(!events.isEmpty());
    }

    @Override
    public void unmask() {
        enable(true);
    }

    /** Each driver has its way: a bit of the command register, or a write to the device. */
    private void enable(boolean on) {
        if (gone) {
            return;
        }
        if (generic) {
            int command = config.read(ConfigSpace.COMMAND, 2) & ~COMMAND_INTX_DISABLE;
            config.write(ConfigSpace.COMMAND, 2, on ? command : command | COMMAND_INTX_DISABLE);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Libc.write(deviceFd, arena.allocateFrom(JAVA_INT, on ? 1 : 0), JAVA_INT.byteSize());
        }
    }

    @Override
    public int requestFd() {
        return interrupts.requestFd();
    }

    /** The driver was unbound: the device may be another's already, and is touched no more. */
    private void lost() {
        gone = true;
        detachBars();
    }

    @Override
    void giveBack() {
        detachBars();
        interrupts.close();
        closeMaps();
        // The device first, which may be using the memory.
        closeDescriptors();
        memory.close();
    }

    private void closeDescriptors() {
        for (int fd : new int[] {deviceFd, configFd}) {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
        deviceFd = -1;
        configFd = -1;
    }
}
