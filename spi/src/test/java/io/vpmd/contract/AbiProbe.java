// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares constants of ours with what the C compiler says: a C program prints {@code NAME VALUE}
 * lines from the system's headers, and every Java constant of such a name must agree.
 */
public final class AbiProbe {
    private final Map<String, Long> values = new TreeMap<>();

    private AbiProbe() {}

    /** Compiles and runs {@code source}; skips the test where there is no C compiler. */
    public static AbiProbe run(Path source) throws IOException, InterruptedException {
        Path program = Files.createTempFile("abi-probe", "");
        try {
            assumeTrue(exit("gcc", "--version") == 0, "needs gcc (packages gcc and libc6-dev)");
            assertEquals(
                    0,
                    exit("gcc", "-o", program.toString(), source.toString()),
                    "gcc cannot compile " + source.getFileName());
            Process process = new ProcessBuilder(program.toString()).start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor());
            AbiProbe probe = new AbiProbe();
            for (String line : text.lines().toList()) {
                String[] words = line.split(" ", 2);
                probe.values.put(words[0], Long.parseLong(words[1]));
            }
            return probe;
        } finally {
            Files.delete(program);
        }
    }

    private static int exit(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The value that C has for {@code name}. */
    public long value(String name) {
        Long value = values.get(name);
        assertNotNull(value, "the probe does not print " + name);
        return value;
    }

    /**
     * Checks every static final integer of {@code type} whose name the probe knows.
     *
     * @param atLeast how many such constants there must be
     */
    public void check(Class<?> type, int atLeast) throws IllegalAccessException {
        int checked = 0;
        for (Field field : type.getDeclaredFields()) {
            Long expected = values.get(field.getName());
            boolean number = field.getType() == int.class || field.getType() == long.class;
            if (expected != null && number && Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                long actual = ((Number) field.get(null)).longValue();
                assertEquals(expected, actual, type.getSimpleName() + "." + field.getName());
                checked++;
            }
        }
        int found = checked;
        if (found < atLeast) {
            throw new AssertionError(
                    "only " + found + " constants of " + type.getSimpleName() + " were compared");
        }
    }
}
