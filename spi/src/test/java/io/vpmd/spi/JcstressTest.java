// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.spi.mbuf.BrokenFreeList;
import io.vpmd.spi.mbuf.FreeListStress;
import io.vpmd.spi.port.MbufRingStress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the stress tests of src/jcstress in JVMs of their own: each 5 times for 100 ms as compiled
 * by default, with {@code VPMD_SOAK=1} 20 times for a second in each mode of compilation.
 */
class JcstressTest {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final int TIMEOUT_SECONDS = SOAK ? 3000 : 150;

    /** {@code [OK] io.vpmd.spi.mbuf.FreeListStress.TwoTakers} and the like. */
    private static final Pattern VERDICT = Pattern.compile("(?m)\\[([A-Z ]+)] (io\\.vpmd\\.\\S+)$");

    /**
     * One run for all, since a quarter of a minute goes into its start. The broken list among the
     * tests shows that what goes wrong is reported.
     */
    @Test
    @Timeout(3100)
    void racesEndWellAndABrokenListIsNoticed(@TempDir Path folder) throws Exception {
        assumeTrue(
                Runtime.getRuntime().availableProcessors() >= 2,
                "jcstress needs two processors, this machine has one");
        Map<String, String> wanted = new TreeMap<>();
        Stream.of(FreeListStress.class, MbufRingStress.class)
                .flatMap(group -> Stream.of(group.getDeclaredClasses()))
                .filter(test -> Modifier.isPublic(test.getModifiers()))
                .forEach(test -> wanted.put(test.getCanonicalName(), "OK"));
        assertTrue(wanted.size() >= 9, wanted::toString);
        wanted.put(BrokenFreeList.class.getCanonicalName(), "FAILED");

        String log = run(folder);
        assertEquals(wanted, verdicts(log), log);
        assertTrue(log.contains("Observed forbidden state: 1, 1"), log);
        assertTrue(log.contains("Error tests: No matches."), log);
    }

    /** The verdict on each test; one that differs between modes of compilation is not OK. */
    private static Map<String, String> verdicts(String log) {
        Map<String, String> verdicts = new TreeMap<>();
        Matcher m = VERDICT.matcher(log);
        while (m.find()) {
            verdicts.merge(m.group(2), m.group(1), (old, now) -> old.equals("OK") ? now : old);
        }
        return verdicts;
    }

    private static String run(Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command(folder))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertTrue(
                    process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS),
                    () -> "jcstress does not end in " + TIMEOUT_SECONDS + " s:\n" + read(log));
            return read(log);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Passed tests are printed with -v only. */
    private static List<String> command(Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("org.openjdk.jcstress.Main", "-t", "Stress|BrokenFreeList"));
        command.addAll(List.of("-r", folder.resolve("report").toString(), "-v"));
        command.addAll(List.of("-c", "2", "-sc", "false", "-f", "1", "-fsm", "1"));
        String nativeAccess = "--enable-native-access=ALL-UNNAMED";
        if (SOAK) {
            command.addAll(List.of("-iters", "20", "-time", "1000"));
            command.addAll(List.of("-jvmArgsPrepend", nativeAccess));
        } else {
            command.addAll(List.of("-iters", "5", "-time", "100", "-jvmArgs", nativeAccess));
            // No test needs the 256 MB that would be touched in each of a dozen JVMs.
            command.addAll(List.of("-hs", "64"));
        }
        return command;
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
