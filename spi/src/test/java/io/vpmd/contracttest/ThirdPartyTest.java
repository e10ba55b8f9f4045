// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.Ports;
import io.vpmd.spi.SpecException;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** A driver written elsewhere: it needs the module of the API and nothing more. */
class ThirdPartyTest {
    private static final Path SOURCES = Path.of("src/test/third-party");

    @TempDir static Path compiled;

    @BeforeAll
    static void compileAgainstTheApiAlone() throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--module-path", api(), "-d", compiled.toString()));
        arguments.addAll(List.of("--release", "25", "-Xlint:all", "-Werror", "-proc:none"));
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(arguments::add);
        }
        int failed =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, failed, "javac " + arguments);
        Path services = Path.of("META-INF/services/io.vpmd.spi.PortDriver");
        Files.createDirectories(compiled.resolve(services).getParent());
        Files.copy(
                SOURCES.resolve(services),
                compiled.resolve(services),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the API's classes are. */
    private static String api() {
        try {
            URL where = PortDriver.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(where.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theClassPathFindsIt() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL[] path = {compiled.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, before)) {
            thread.setContextClassLoader(loader);
            assertTrue(
                    Ports.drivers().stream().anyMatch(d -> d.name().equals("example_wire")),
                    () -> "drivers " + Ports.drivers());
            try (Port port = Ports.open("example_wire:class-path,mac=02:00:00:00:00:42")) {
                assertEquals("02:00:00:00:00:42", port.mac().toString());
            }
            SpecException e =
                    assertThrows(
                            SpecException.class, () -> Ports.open("example_wire:0,speed=fast"));
            assertTrue(e.getMessage().contains("no option speed; it has mac"), e::getMessage);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The API on the module path, the kit on the class path, the driver in a layer above. */
    @Test
    void aModuleLayerFindsItAndItPassesTheContract(@TempDir Path out) throws Exception {
        Path output = out.resolve("output");
        String classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(p -> !Path.of(p).toAbsolutePath().equals(Path.of(api())))
                        .reduce((a, b) -> a + File.pathSeparator + b)
                        .orElseThrow();
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--module-path",
                                api(),
                                "--add-modules",
                                "io.vpmd.spi",
                                "--enable-native-access=io.vpmd.spi",
                                "-Dcontract.module=" + compiled,
                                "-cp",
                                classPath,
                                ThirdPartySuite.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertTrue(child.waitFor(100, TimeUnit.SECONDS), "the contract takes over 100 s");
        } finally {
            child.destroyForcibly();
        }
        String said = Files.readString(output);
        assertEquals(0, child.exitValue(), said);
        assertTrue(said.contains("example_wire of module " + ThirdPartySuite.MODULE), said);
        assertTrue(said.matches("(?s).*passed [6-9]\\d\\s.*"), said);
    }
}
