// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * The class path of this JVM in the form with which a JVM of a guest starts fastest: jars, and an
 * archive of the classes as they are in memory after a run. This machine makes them once, in
 * seconds; an emulated processor needs more than that for each start without them.
 */
final class GuestClasses {
    private static final int TRAINING_SECONDS = 60;
    private static GuestClasses made;

    private final Path folder;
    private final List<Path> classPath = new ArrayList<>();

    private GuestClasses() throws IOException {
        folder = Files.createTempDirectory("vpmd-classes");
        Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            // The JVM does not archive classes of folders.
            classPath.add(Files.isDirectory(path) ? pack(path, classPath.size() + ".jar") : path);
        }
    }

    /** What a guest's JVM is told, in front of the class's name. */
    static synchronized List<String> options() {
        if (made == null) {
            try {
                made = new GuestClasses();
                made.train();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        List<String> options = new ArrayList<>(made.options(Guest::seen));
        if (Files.exists(made.archive())) {
            options.add(0, "-XX:SharedArchiveFile=" + Guest.seen(made.archive()));
        }
        return options;
    }

    private Path archive() {
        return folder.resolve("classes.jsa");
    }

    private List<String> options(Function<Path, String> name) {
        String path = String.join(":", classPath.stream().map(name).toList());
        // Code that is made anew is translated anew: on an emulated processor the optimizing
        // compiler costs more than it gives, and the other one pays for hot loops only.
        return List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileThresholdScaling=20",
                "-XX:+UseSerialGC",
                "-Xlog:cds=off",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path);
    }

    private Path pack(Path classes, String name) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    /** Without an archive the guests are only slower. */
    private void train() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:ArchiveClassesAtExit=" + archive());
        command.addAll(options(Path::toString));
        command.add(GuestTraining.class.getName());
        Process training =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("training").toFile())
                        .start();
        try {
            if (!training.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS)) {
                training.destroyForcibly().waitFor();
                Files.deleteIfExists(archive());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It is in the temporary folder.
        }
    }
}
