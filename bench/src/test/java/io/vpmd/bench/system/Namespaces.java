// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Network namespaces of a test, whose names no other test has; deleted with what is in them. */
public final class Namespaces implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final List<String> names = new ArrayList<>();

    /** Skips the test where there can be none, or no interface in them. */
    public Namespaces() {
        assumeTrue(
                Shell.run("id", "-u").output().strip().equals("0"),
                "needs root to make network namespaces");
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "needs /dev/net/tun");
    }

    /** Makes one more; returns its name. */
    public String add() {
        String name = "vpmd-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        Shell.Result made = Shell.run("ip", "netns", "add", name);
        assumeTrue(made.exit() == 0, () -> "cannot make a namespace: " + made.output());
        names.add(name);
        Shell.in(name, "ip link set lo up");
        return name;
    }

    @Override
    public void close() {
        names.forEach(n -> Shell.run("ip", "netns", "del", n));
    }
}
