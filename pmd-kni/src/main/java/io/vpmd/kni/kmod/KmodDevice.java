// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.Link;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A descriptor of /dev/kni that owns an interface, and the mapping of its rings. Methods may be
 * called from any thread.
 */
public final class KmodDevice implements AutoCloseable {
    /** Where the module is reached. */
    public static final String PATH = "/dev/kni";

    /** Largest MTU. */
    public static final int MAX_MTU = KmodAbi.KNI_MAX_MTU;

    /** Most buffers of a packet. */
    public static final int MAX_SEGMENTS = KmodAbi.KNI_MAX_SEGMENTS;

    /** Most queue pairs. */
    public static final int MAX_QUEUES = KmodAbi.KNI_MAX_QUEUES;

    /** Entries of every ring. */
    static final int ENTRIES = 1024;

    private static final int SPEED_UNKNOWN = -1;

    /**
     * What is asked for.
     *
     * @param name at most 15 bytes
     * @param queues its queue pairs, 1 to {@value #MAX_QUEUES}
     * @param persist whether the interface outlives this descriptor
     * @param core near which, or with {@code forceBind} on which, the kernel's thread is to run
     * @param pci address of the device that it stands for, or empty
     */
    public record Wanted(
            String name,
            int queues,
            boolean persist,
            OptionalInt core,
            boolean forceBind,
            String pci) {
        int flags() {
            return (core.isPresent() ? KmodAbi.KNI_CREATE_CORE : 0)
                    | (forceBind ? KmodAbi.KNI_CREATE_FORCE_BIND : 0)
                    | (persist ? KmodAbi.KNI_CREATE_PERSIST : 0);
        }
    }

    private final KmodDescriptor descriptor;
    private final boolean persistent;
    private final Arena arena = Arena.ofShared();
    private final List<KmodRings> rings = new ArrayList<>();
    private boolean open = true;

    /**
     * Makes an interface in the network namespace of the calling thread, without carrier, or takes
     * over the persistent one of that name that has no owner.
     *
     * @throws ErrnoException when there is no module, or no right to use it
     * @throws KmodException when the module refuses
     */
    public KmodDevice(Wanted wanted) {
        descriptor = new KmodDescriptor(0);
        persistent = wanted.persist();
        try {
            create(wanted);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void create(Wanted wanted) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment create = call.allocate(KmodAbi.CREATE_SIZE, 8);
            create.setString(0, wanted.name(), StandardCharsets.UTF_8);
            create.set(JAVA_INT, KmodAbi.CREATE_FLAGS, wanted.flags());
            create.set(JAVA_INT, KmodAbi.CREATE_QUEUES, wanted.queues());
            create.set(JAVA_INT, KmodAbi.CREATE_RX_ENTRIES, ENTRIES);
            create.set(JAVA_INT, KmodAbi.CREATE_TX_ENTRIES, ENTRIES);
            create.set(JAVA_INT, KmodAbi.CREATE_CORE, wanted.core().orElse(0));
            byte[] pci = wanted.pci().getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(
                    pci, 0, create, JAVA_BYTE, KmodAbi.CREATE_PCI, Math.min(pci.length, 16));
            ask(KmodAbi.KNI_IOC_CREATE, create, "KNI_IOC_CREATE");
            map(create, wanted.queues());
        }
    }

    private void map(MemorySegment create, int queues) {
        long size = create.get(JAVA_LONG, KmodAbi.CREATE_MAP_SIZE);
        long queueSize = create.get(JAVA_LONG, KmodAbi.CREATE_QUEUE_SIZE);
        int fd = descriptor.fd();
        MemorySegment all = Mapping.shared(fd, 0, size, arena);
        for (int i = 0; i < queues; i++) {
            long[] offsets = new long[4];
            for (int r = 0; r < offsets.length; r++) {
                offsets[r] =
                        i * queueSize + create.get(JAVA_LONG, KmodAbi.CREATE_RING_OFFSET + r * 8);
            }
            KmodRings pair = new KmodRings(all, offsets, fd, i);
            rings.add(pair);
            setEvent(i, pair.eventFd());
        }
    }

    private void setEvent(int queue, int event) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment argument = call.allocateFrom(JAVA_INT, queue, event);
            ask(KmodAbi.KNI_IOC_SET_EVENT, argument, "KNI_IOC_SET_EVENT");
        }
    }

    /** The rings of a queue pair; they belong to this object. */
    KmodRings rings(int queue) {
        return rings.get(queue);
    }

    /** Pins memory, which starts at a page; returns its number. */
    int addRegion(long address, long size) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment region = call.allocate(KmodAbi.REGION_SIZE, 8);
            region.set(JAVA_LONG, 0, address);
            region.set(JAVA_LONG, 8, size);
            ask(KmodAbi.KNI_IOC_ADD_REGION, region, "KNI_IOC_ADD_REGION");
            return region.get(JAVA_INT, KmodAbi.REGION_NUMBER);
        }
    }

    /** The reverse. */
    void removeRegion(int number) {
        askNumber(KmodAbi.KNI_IOC_REMOVE_REGION, number, "KNI_IOC_REMOVE_REGION");
    }

    /** Says how many of the queue pairs are in use. */
    public void setQueues(int count) {
        askNumber(KmodAbi.KNI_IOC_SET_QUEUES, count, "KNI_IOC_SET_QUEUES");
    }

    /** Says whether the kernel may send packets with partial checksums, and longer than the MTU. */
    public void setOffload(boolean partialChecksum, boolean segmentation) {
        int wanted = partialChecksum || segmentation ? KmodAbi.KNI_OFFLOAD_CHECKSUM : 0;
        if (segmentation) {
            wanted |= KmodAbi.KNI_OFFLOAD_TSO4 | KmodAbi.KNI_OFFLOAD_TSO6;
        }
        askNumber(KmodAbi.KNI_IOC_SET_OFFLOADS, wanted, "KNI_IOC_SET_OFFLOADS");
    }

    /** Shows the interface with or without a carrier, and its speed. */
    public void setLink(Link link) {
        try (Arena call = Arena.ofConfined()) {
            int speed = link.speedMbps() > 0 ? link.speedMbps() : SPEED_UNKNOWN;
            MemorySegment argument =
                    call.allocateFrom(
                            JAVA_INT, link.up() ? 1 : 0, speed, link.fullDuplex() ? 1 : 0, 0);
            ask(KmodAbi.KNI_IOC_SET_LINK, argument, "KNI_IOC_SET_LINK");
        }
    }

    /**
     * Empties all rings; no burst is running. Nobody looks at those of an interface that is gone.
     */
    void reset() {
        try {
            descriptor.ask(KmodAbi.KNI_IOC_RESET, "KNI_IOC_RESET");
        } catch (KmodException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    /** Name of the interface as it is now. */
    public String name() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment place = call.allocate(KmodAbi.PLACE_SIZE, 8);
            ask(KmodAbi.KNI_IOC_PLACE, place, "KNI_IOC_PLACE");
            return place.getString(0, StandardCharsets.UTF_8);
        }
    }

    /** A descriptor of the network namespace that the interface is in; the caller closes it. */
    public int openNamespace() {
        return descriptor.ask(KmodAbi.KNI_IOC_NAMESPACE, "KNI_IOC_NAMESPACE");
    }

    /** One of the module's counters of a queue pair, by its position in struct kni_counters. */
    long counter(int queue, int position) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment counters = call.allocate(KmodAbi.COUNTERS_SIZE, 8);
            counters.set(JAVA_INT, 0, queue);
            ask(KmodAbi.KNI_IOC_COUNTERS, counters, "KNI_IOC_COUNTERS");
            return counters.get(JAVA_LONG, KmodAbi.COUNTERS_FIRST + position * 8L);
        }
    }

    private void askNumber(long request, int number, String operation) {
        descriptor.askNumber(request, number, operation);
    }

    private void ask(long request, MemorySegment argument, String operation) {
        descriptor.ask(request, argument, operation);
    }

    /**
     * Removes the interface, or leaves a persistent one to its next owner, and returns when that is
     * done. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            // Before the mapping: its end would remove the interface too, but later.
            if (!persistent) {
                Libc.ioctl(descriptor.fd(), KmodAbi.KNI_IOC_RELEASE, 0L);
            }
            arena.close();
            rings.forEach(KmodRings::close);
            descriptor.close();
        }
    }
}
