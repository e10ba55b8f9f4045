// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.Link;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final List<KmodRings> rings = new ArrayList<>();
    private boolean open = true;

    /**
     * Makes an interface in the network namespace of the calling thread, without carrier.
     *
     * @param name at most 15 bytes
     * @param queues its queue pairs, 1 to {@value #MAX_QUEUES}
     * @throws ErrnoException when there is no module, or no right to use it
     * @throws KmodException when the module refuses
     */
    public KmodDevice(String name, int queues) {
        fd = ErrnoException.check(Libc.open(PATH, Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open", PATH);
        try {
            greet();
            create(name, queues);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void greet() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment hello =
                    call.allocateFrom(
                            JAVA_INT,
                            KmodAbi.KNI_ABI,
                            KmodAbi.RING_SIZE,
                            KmodAbi.ENTRY_SIZE,
                            KmodAbi.CREATE_SIZE,
                            KmodAbi.REGION_SIZE,
                            KmodAbi.COUNTERS_SIZE);
            ask(KmodAbi.KNI_IOC_HELLO, hello, "KNI_IOC_HELLO");
        }
    }

    private void create(String name, int queues) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment create = call.allocate(KmodAbi.CREATE_SIZE, 8);
            create.setString(0, name, StandardCharsets.UTF_8);
            create.set(JAVA_INT, KmodAbi.CREATE_QUEUES, queues);
            create.set(JAVA_INT, KmodAbi.CREATE_RX_ENTRIES, ENTRIES);
            create.set(JAVA_INT, KmodAbi.CREATE_TX_ENTRIES, ENTRIES);
            ask(KmodAbi.KNI_IOC_CREATE, create, "KNI_IOC_CREATE");
            long size = create.get(JAVA_LONG, KmodAbi.CREATE_MAP_SIZE);
            long queueSize = create.get(JAVA_LONG, KmodAbi.CREATE_QUEUE_SIZE);
            MemorySegment all = Mapping.shared(fd, 0, size, arena);
            for (int i = 0; i < queues; i++) {
                long[] offsets = new long[4];
                for (int r = 0; r < offsets.length; r++) {
                    offsets[r] =
                            i * queueSize
                                    + create.get(JAVA_LONG, KmodAbi.CREATE_RING_OFFSET + r * 8);
                }
                KmodRings pair = new KmodRings(all, offsets, fd, i);
                rings.add(pair);
                setEvent(i, pair.eventFd());
            }
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

    /** Empties all rings; no burst is running. */
    void reset() {
        check(Libc.ioctl(fd, KmodAbi.KNI_IOC_RESET, 0L), "KNI_IOC_RESET");
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
        return check(Libc.ioctl(fd, KmodAbi.KNI_IOC_NAMESPACE, 0L), "KNI_IOC_NAMESPACE");
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
        try (Arena call = Arena.ofConfined()) {
            ask(request, call.allocateFrom(JAVA_INT, number), operation);
        }
    }

    private void ask(long request, MemorySegment argument, String operation) {
        check(Libc.ioctl(fd, request, argument), operation);
    }

    private int check(int result, String operation) {
        if (result < 0) {
            throw new KmodException(reason(), new ErrnoException(operation, PATH, -result));
        }
        return result;
    }

    private String reason() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment reason = call.allocate(KmodAbi.REASON_SIZE, 8);
            int r = Libc.ioctl(fd, KmodAbi.KNI_IOC_REASON, reason);
            return r < 0 ? "" : reason.getString(0, StandardCharsets.UTF_8);
        }
    }

    /** Removes the interface, and returns when it has gone. Idempotent. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            // Before the mapping: its end would remove the interface too, but later.
            Libc.ioctl(fd, KmodAbi.KNI_IOC_RELEASE, 0L);
            arena.close();
            rings.forEach(KmodRings::close);
            Libc.close(fd);
        }
    }
}
