// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.sys.EventFd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * MSI-X of a card whose machine has no processor: the messages are writes to a page of the
 * machine's memory, which a thread looks at.
 */
final class QtestInterrupts {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int CONTROL = 2;
    private static final int CONTROL_ENABLE = 1 << 15;
    private static final int CONTROL_COUNT = 0x7ff;
    private static final int TABLE = 4;
    private static final int TABLE_BAR = 7;
    private static final int ENTRY = 16;
    private static final long PERIOD_NANOS = 50_000;

    private final ConfigSpace config;
    private final IntFunction<Mmio> bars;
    private final DmaMemory page;
    private final int capability;
    private Thread thread;
    private volatile boolean ending;

    /** The interrupts of a device with MSI-X. */
    QtestInterrupts(ConfigSpace config, IntFunction<Mmio> bars, DmaMemory page) {
        this.config = config;
        this.bars = bars;
        this.page = page;
        this.capability = config.capability(ConfigSpace.CAPABILITY_MSIX).orElseThrow();
    }

    static int vectors(ConfigSpace config) {
        var at = config.capability(ConfigSpace.CAPABILITY_MSIX);
        return at.isEmpty() ? 0 : (config.read(at.getAsInt() + CONTROL, 2) & CONTROL_COUNT) + 1;
    }

    void connect(List<EventFd> events) {
        close();
        if (events.isEmpty()) {
            return;
        }
        int place = config.read(capability + TABLE, 4);
        Mmio bar = bars.apply(place & TABLE_BAR);
        for (int i = 0; i < events.size(); i++) {
            int entry = (place & ~TABLE_BAR) + i * ENTRY;
            long address = page.busAddress() + 4L * i;
            bar.write(entry, (int) address);
            bar.write(entry + 4, (int) (address >>> 32));
            bar.write(entry + 8, 1);
            bar.write(entry + 12, 0);
        }
        config.write(capability + CONTROL, 2, CONTROL_ENABLE);
        ending = false;
        thread = Thread.ofPlatform().daemon().name("qtest-msix").start(() -> run(events));
    }

    private void run(List<EventFd> events) {
        MemorySegment words = page.memory();
        while (!ending) {
            for (int i = 0; i < events.size(); i++) {
                if ((int) INT.getAndSet(words, 4L * i, 0) != 0) {
                    events.get(i).signal();
                }
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    void close() {
        if (thread == null) {
            return;
        }
        config.write(capability + CONTROL, 2, 0);
        ending = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }
}
