// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

@Timeout(30)
class ExitGuardTest {
    private static final Logger LOGGER = Logger.getLogger(ExitGuard.class.getName());

    private final List<String> done = new CopyOnWriteArrayList<>();

    private void quiet(Runnable stop, long limitMillis) {
        LOGGER.setLevel(Level.OFF);
        try (ExitGuard guard = new ExitGuard("test", stop, () -> done.add("silence"))) {
            guard.quiet(Duration.ofMillis(limitMillis));
        } finally {
            LOGGER.setLevel(null);
        }
    }

    @Test
    void theStopComesFirst() {
        quiet(() -> done.add("stop"), 20_000);
        assertEquals(List.of("stop", "silence"), done);
    }

    @Test
    void aStopThatFailsDoesNotKeepTheDeviceTalking() {
        quiet(
                () -> {
                    throw new IllegalStateException("thrown by a test");
                },
                20_000);
        assertEquals(List.of("silence"), done);
    }

    @Test
    void aStopThatHangsIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        quiet(
                () -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                },
                20);
        assertEquals(List.of("silence"), done);
        never.countDown();
    }
}
