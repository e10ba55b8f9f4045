// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.MemFile;

import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory of a machine without a processor: a file in memory that this process maps as well, so
 * what the device writes is there without a copy. Pools are plugged in as memory modules of their
 * own.
 */
final class GuestMemory implements AutoCloseable {
    static final long SIZE = 32L << 20;
    private static final int PAGE = 4096;
    /* Below are the BIOS and the holes of a PC. */
    private static final int FIRST_PAGE = (2 << 20) / PAGE;
    private static final int ACPI_SLOT = 0xa00;
    private static final int ACPI_CONTROL = 0xa14;
    private static final int ACPI_EJECT = 1 << 3;

    private final MemFile ram = MemFile.create("vpmd-guest", SIZE);
    private final BitSet pages = new BitSet();
    private final Map<MbufPool, Module> modules = new HashMap<>();
    private int number;

    private static final class Module {
        final String id;
        final long busAddress;
        int users;

        Module(String id, long busAddress) {
            this.id = id;
            this.busAddress = busAddress;
        }
    }

    /** For QEMU's command line. */
    String backend() {
        return "memory-backend-file,id=ram,share=on,size=" + SIZE + ",mem-path=" + path(ram.fd());
    }

    private static String path(int fd) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
    }

    synchronized DmaMemory allocate(long bytes) {
        int count = (int) ((bytes + PAGE - 1) / PAGE);
        int first = FIRST_PAGE;
        int end = pages.nextSetBit(first);
        while (end >= 0 && end - first < count) {
            first = pages.nextClearBit(end);
            end = pages.nextSetBit(first);
        }
        if ((long) (first + count) * PAGE > SIZE) {
            throw new IllegalStateException("the guest has no " + bytes + " bytes left");
        }
        int start = first;
        pages.set(start, start + count);
        long address = (long) start * PAGE;
        var memory = ram.memory().asSlice(address, (long) count * PAGE, PAGE);
        memory.fill((byte) 0);
        return new DmaMemory(memory, address, () -> free(start, count));
    }

    private synchronized void free(int first, int count) {
        // Whoever still uses it reads nonsense rather than what it left there.
        for (long at = (long) first * PAGE; at < (long) (first + count) * PAGE; at += 8) {
            ram.memory().set(ValueLayout.JAVA_LONG, at, 0xdead_dead_dead_deadL);
        }
        pages.clear(first, first + count);
    }

    /** Plugs a pool in, or counts one more user of it. */
    synchronized DmaMap map(MbufPool pool, QmpChannel monitor, QtestChannel ports) {
        Module module = modules.computeIfAbsent(pool, p -> plug(p, monitor));
        module.users++;
        return new DmaMap(module.busAddress, () -> unmap(pool, monitor, ports));
    }

    private Module plug(MbufPool pool, QmpChannel monitor) {
        String id = "pool" + number++;
        monitor.run(
                "{\"execute\":\"object-add\",\"arguments\":{\"qom-type\":\"memory-backend-file\",\"id\":\""
                        + id
                        + "-file\",\"share\":true,\"size\":"
                        + pool.memory().byteSize()
                        + ",\"mem-path\":\""
                        + path(pool.fd())
                        + "\"}}");
        monitor.run(
                "{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"pc-dimm\",\"id\":\""
                        + id
                        + "\",\"memdev\":\""
                        + id
                        + "-file\"}}");
        return new Module(id, monitor.number(id, "addr"));
    }

    private synchronized void unmap(MbufPool pool, QmpChannel monitor, QtestChannel ports) {
        Module module = modules.get(pool);
        if (module == null || --module.users > 0) {
            return;
        }
        modules.remove(pool);
        long slot = monitor.number(module.id, "slot");
        monitor.run("{\"execute\":\"device_del\",\"arguments\":{\"id\":\"" + module.id + "\"}}");
        // What an operating system would do when it is asked to let a module go.
        ports.write("outl", ACPI_SLOT, slot);
        ports.write("outb", ACPI_CONTROL, ACPI_EJECT);
        monitor.await("DEVICE_DELETED", "\"" + module.id + "\"");
        monitor.run(
                "{\"execute\":\"object-del\",\"arguments\":{\"id\":\"" + module.id + "-file\"}}");
    }

    @Override
    public void close() {
        ram.close();
    }
}
