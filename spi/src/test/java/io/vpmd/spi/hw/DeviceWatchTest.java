// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.sys.EventFd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(30)
class DeviceWatchTest {
    private static final long NEVER_MILLIS = TimeUnit.HOURS.toMillis(1);

    private static void await(Semaphore times) throws InterruptedException {
        assertTrue(times.tryAcquire(10, TimeUnit.SECONDS), "nobody looked");
    }

    @Test
    void itLooksPeriodically() throws InterruptedException {
        Semaphore looks = new Semaphore(0);
        try (DeviceWatch watch = new DeviceWatch("test", 1, looks::release)) {
            watch.start();
            for (int i = 0; i < 3; i++) {
                await(looks);
            }
        }
    }

    @Test
    void aDescriptorWakesItAndALookFollows() throws InterruptedException {
        Semaphore looks = new Semaphore(0);
        AtomicInteger actions = new AtomicInteger();
        try (EventFd event = new EventFd();
                DeviceWatch watch = new DeviceWatch("test", NEVER_MILLIS, looks::release)) {
            watch.add(
                    event.fd(),
                    () -> {
                        event.drain();
                        actions.incrementAndGet();
                        throw new IllegalArgumentException("thrown by a test");
                    });
            java.util.logging.Logger.getLogger(DeviceWatch.class.getName())
                    .setLevel(java.util.logging.Level.OFF);
            watch.start();
            await(looks);
            for (int i = 1; i < 4; i++) {
                event.signal();
                await(looks);
                assertEquals(i, actions.get());
            }
        }
    }

    @Test
    void anActionMayEndIt() throws InterruptedException {
        Semaphore actions = new Semaphore(0);
        try (EventFd event = new EventFd()) {
            DeviceWatch watch = new DeviceWatch("test", NEVER_MILLIS, () -> {});
            watch.add(
                    event.fd(),
                    () -> {
                        watch.close();
                        actions.release();
                    });
            // Stays readable: a watch that went on would act again and again.
            event.signal();
            watch.start();
            await(actions);
            watch.close();
            assertEquals(0, actions.availablePermits());
        }
    }
}
