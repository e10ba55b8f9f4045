// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The interrupts of a VFIO device: MSI-X vectors, and the kernel's request to let it go. */
final class VfioInterrupts implements AutoCloseable {
    private static final long DEVICE_GET_IRQ_INFO = 0x3b6d;
    private static final long DEVICE_SET_IRQS = 0x3b6e;
    private static final int INDEX_MSIX = 2;
    private static final int INDEX_REQUEST = 4;
    private static final int DATA_NONE = 1;
    private static final int DATA_EVENTFD = 1 << 2;
    private static final int ACTION_TRIGGER = 1 << 5;
    private static final int INFO_SIZE = 16;
    private static final int SET_SIZE = 20;

    private final int device;
    private final String name;
    private final int vectors;
    private final EventFd request = new EventFd();
    private final boolean requests;
    private boolean connected;

    /** The interrupts of an open device, whose descriptor stays the caller's. */
    VfioInterrupts(int device, String name) {
        this.device = device;
        this.name = name;
        this.vectors = count(INDEX_MSIX);
        this.requests = count(INDEX_REQUEST) > 0;
        if (requests) {
            try {
                set(INDEX_REQUEST, DATA_EVENTFD, List.of(request));
            } catch (RuntimeException e) {
                request.close();
                throw e;
            }
        }
    }

    /** An index that the kernel does not know has no interrupts. */
    private int count(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, 4);
            info.set(JAVA_INT, 0, INFO_SIZE);
            info.set(JAVA_INT, 8, index);
            return Libc.ioctl(device, DEVICE_GET_IRQ_INFO, info) < 0 ? 0 : info.get(JAVA_INT, 12);
        }
    }

    int vectors() {
        return vectors;
    }

    int requestFd() {
        return requests ? request.fd() : -1;
    }

    void connect(List<EventFd> events) {
        if (connected) {
            // The kernel takes another number of vectors only after it has given these back.
            set(INDEX_MSIX, DATA_NONE, List.of());
            connected = false;
        }
        if (!events.isEmpty()) {
            set(INDEX_MSIX, DATA_EVENTFD, events);
            connected = true;
        }
    }

    private void set(int index, int data, List<EventFd> events) {
        int size = SET_SIZE + 4 * events.size();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment irqSet = arena.allocate(size, 4);
            irqSet.set(JAVA_INT, 0, size);
            irqSet.set(JAVA_INT, 4, data | ACTION_TRIGGER);
            irqSet.set(JAVA_INT, 8, index);
            irqSet.set(JAVA_INT, 16, events.size());
            for (int i = 0; i < events.size(); i++) {
                irqSet.set(JAVA_INT, SET_SIZE + 4 * i, events.get(i).fd());
            }
            int r = Libc.ioctl(device, DEVICE_SET_IRQS, irqSet);
            if (r < 0) {
                ErrnoException cause = new ErrnoException("VFIO_DEVICE_SET_IRQS", name, -r);
                throw new BusException(
                        "connect interrupts of",
                        name,
                        cause.reason(),
                        "see dmesg; without them the port is polled",
                        cause);
            }
        }
    }

    /** The kernel disconnects all when the device's descriptor closes. */
    @Override
    public void close() {
        request.close();
    }
}
