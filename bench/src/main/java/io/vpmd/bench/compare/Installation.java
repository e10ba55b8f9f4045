// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the parts of the bench and the programs of others are. */
final class Installation {
    private Installation() {}

    /** The folder {@code bench/target}, in which this class was built. */
    static Path target() {
        try {
            URI code =
                    Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(code).resolveSibling("").toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder {@code bench}. */
    static Path bench() {
        return target().resolveSibling("").normalize();
    }

    /** The launcher, as a user types it. */
    static Path launcher() {
        return bench().resolve("vpmd");
    }

    /** The java that runs this. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** A class path with everything on it. */
    static String classPath() {
        return target().resolve("vpmd-bench.jar") + ":" + target().resolve("lib") + "/*";
    }

    /** What runs JMH on the benchmarks; its arguments follow. */
    static List<String> jmh() {
        return List.of(
                java().toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "org.openjdk.jmh.Main");
    }

    /** A program of the system, also one that only root's PATH has. */
    static Optional<Path> program(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : (path + ":/usr/sbin:/usr/bin:/sbin:/bin").split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
