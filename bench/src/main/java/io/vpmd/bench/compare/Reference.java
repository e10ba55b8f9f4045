// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The C loops of {@code bench/reference}, compiled when a source is newer than their program. */
final class Reference {
    private static final int COMPILE_SECONDS = 60;
    private static final int GRACE_SECONDS = 120;

    private Reference() {}

    /** The folder of the sources. */
    static Path folder() {
        return Installation.bench().resolve("reference");
    }

    /** Compiles {@code NAME.c} to {@code target/NAME}. */
    static Path program(String name) throws IOException, InterruptedException {
        Path program = Installation.target().resolve(name);
        if (!fresh(program)) {
            compile(folder().resolve(name + ".c"), program);
        }
        return program;
    }

    /** Whether a program is newer than all sources, headers included. */
    static boolean fresh(Path program) throws IOException {
        if (!Files.exists(program)) {
            return false;
        }
        List<FileTime> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                sources.add(Files.getLastModifiedTime(file));
            }
        }
        return Files.getLastModifiedTime(program).compareTo(Collections.max(sources)) > 0;
    }

    /** Compiles one file; warnings are errors. */
    static void compile(Path source, Path program, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("gcc", "-std=gnu11", "-O3", "-march=native"));
        command.addAll(List.of("-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of("-o", program.toString(), source.toString()));
        command.addAll(List.of(more));
        Shell.Result result = Shell.run(COMPILE_SECONDS, command);
        if (result.exit() != 0) {
            throw new RunException("gcc does not compile " + source + ": " + result.output());
        }
    }

    /**
     * Nanoseconds a packet, as a loop tells them in its last line.
     *
     * @param seconds how long it measures
     */
    static double nanos(double seconds, List<String> command)
            throws IOException, InterruptedException {
        Shell.Result result = Shell.run((int) seconds + GRACE_SECONDS, command);
        if (result.exit() != 0) {
            String program = command.getFirst().substring(command.getFirst().lastIndexOf('/') + 1);
            throw new RunException(program + " failed: " + Shell.lastLine(result.output()));
        }
        return Outputs.number("nanosPerPacket", Shell.lastLine(result.output()));
    }

    /** The same of a loop of ours. */
    static double nanos(Path program, int burst, double seconds)
            throws IOException, InterruptedException {
        return nanos(seconds, List.of(program.toString(), "" + burst, "" + seconds));
    }
}
