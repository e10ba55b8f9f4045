// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.EventFd;

import org.jspecify.annotations.Nullable;

/** The MSI-X vectors of a served device, and the client's eventfds that hear them. */
final class ClientVectors implements AutoCloseable {
    private final DeviceModel device;
    private final @Nullable EventFd[] events;

    ClientVectors(DeviceModel device) {
        this.device = device;
        this.events = new EventFd[device.vectors().count()];
    }

    int count() {
        return events.length;
    }

    /** Connects a vector to an eventfd, whose descriptor is taken unless it is refused. */
    void connect(int vector, Descriptors from) throws RefusedException {
        int fd = from.list().getFirst();
        EventFd event;
        try {
            event = EventFd.received(fd);
        } catch (ErrnoException e) {
            throw new RefusedException(Errno.EINVAL, "vector with something else than an eventfd");
        }
        from.take();
        set(vector, event);
    }

    void disconnect(int vector) {
        set(vector, null);
    }

    private void set(int vector, @Nullable EventFd event) {
        EventFd old = events[vector];
        events[vector] = event;
        // With the device's lock, so that the old one is not being signalled when it is closed.
        device.exclusively(
                () -> device.vectors().connect(vector, event == null ? null : event::signal));
        if (old != null) {
            old.close();
        }
    }

    /** Interrupts as if the device had. */
    void signal(int vector) {
        device.exclusively(() -> device.vectors().signal(vector));
    }

    /** Disconnects all. */
    @Override
    public void close() {
        for (int i = 0; i < events.length; i++) {
            set(i, null);
        }
    }
}
