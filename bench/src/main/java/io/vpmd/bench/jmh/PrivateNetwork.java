// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A network namespace without a name, in which one thread of this JVM lives; it ends with the JVM.
 */
final class PrivateNetwork {
    private static final long SYS_UNSHARE = 272;
    private static final long CLONE_NEWNET = 0x4000_0000L;

    private static final ExecutorService INSIDE =
            Executors.newSingleThreadExecutor(
                    tasks ->
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("private-network")
                                    .unstarted(() -> enterAndRun(tasks)));

    private PrivateNetwork() {}

    private static void enterAndRun(Runnable tasks) {
        int r = Libc.syscall(SYS_UNSHARE, CLONE_NEWNET, 0, 0);
        ErrnoException.check(r, "unshare", "network namespace (be root)");
        // What the stack sends of its own accord would disturb the measurement.
        Path ipv6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");
        if (Files.isWritable(ipv6)) {
            try {
                Files.writeString(ipv6, "1");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        tasks.run();
    }

    /** Does something in the namespace; a process that it starts lives there as well. */
    static <T> T call(Callable<T> task) {
        try {
            return INSIDE.submit(task).get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Runs a command in the namespace. */
    static void run(String... command) {
        int exit = call(() -> new ProcessBuilder(command).inheritIO().start().waitFor());
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }
}
