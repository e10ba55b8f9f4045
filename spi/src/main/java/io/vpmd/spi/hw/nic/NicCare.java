// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DeviceWatch;
import io.vpmd.spi.hw.ExitGuard;

/** What looks after a port from its beginning on, and has to know it. */
final class NicCare implements AutoCloseable {
    /* How late it is seen at most that the device was pulled out. */
    private static final long ALIVE_MILLIS = 250;

    private final NicQueues queues;
    private final NicLookout lookout;
    private final DeviceWatch watch;
    private final ExitGuard guard;

    /** Guards the port already, and does not look at it yet. */
    NicCare(NicPort port, Bus bus, NicPort.Parts parts) {
        NicInterrupts interrupts = parts.interrupts();
        queues = new NicQueues(port);
        lookout = new NicLookout(port, queues, parts);
        long period = interrupts.working() ? ALIVE_MILLIS : NicPort.WATCH_MILLIS;
        watch = new DeviceWatch(port.name(), period, lookout::look);
        interrupts.handledFds().forEach(fd -> watch.add(fd, interrupts::handle));
        if (bus.requestFd() >= 0) {
            watch.add(bus.requestFd(), () -> port.lose("the kernel wants the device back"));
        }
        guard = new ExitGuard(port.name(), port::stop, port::silence);
    }

    NicQueues queues() {
        return queues;
    }

    NicLookout lookout() {
        return lookout;
    }

    void startLooking() {
        watch.start();
    }

    /** Nobody looks any more; on the watch's own thread, as its last act. */
    void stopLooking() {
        watch.close();
    }

    /** The device is given back: the end of the JVM is nothing to be ready for. */
    void stopGuarding() {
        guard.close();
    }

    @Override
    public void close() {
        watch.close();
        guard.close();
    }
}
