// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What holds for the source files of every library module. */
public final class SourceRules {
    private SourceRules() {}

    /** Fails with the names of all files below a module's folder that name no licence. */
    public static void checkLicenseLines(Path module) {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(module)) {
            sources =
                    files.filter(f -> !f.startsWith(module.resolve("target")))
                            .filter(f -> f.toString().matches(".*\\.(java|c|h)"))
                            .filter(Files::isRegularFile)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertFalse(sources.isEmpty(), "no sources in " + module.toAbsolutePath());
        List<Path> without = sources.stream().filter(f -> !hasLicenseLine(f)).toList();
        assertTrue(
                without.isEmpty(),
                () -> "without // SPDX-License-Identifier: Apache-2.0 as first line: " + without);
    }

    private static boolean hasLicenseLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("").equals("// SPDX-License-Identifier: Apache-2.0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
