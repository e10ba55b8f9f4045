// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The C loops of {@code bench/reference}, compiled when they are newer than their program. */
final class Reference {
    private static final int COMPILE_SECONDS = 60;

    private Reference() {}

    /** Compiles {@code NAME.c} to {@code target/NAME}. */
    static Path program(String name) throws IOException, InterruptedException {
        Path source = Installation.bench().resolve("reference").resolve(name + ".c");
        Path program = Installation.target().resolve(name);
        boolean fresh =
                Files.exists(program)
                        && Files.getLastModifiedTime(program)
                                        .compareTo(Files.getLastModifiedTime(source))
                                > 0;
        if (!fresh) {
            compile(source, program);
        }
        return program;
    }

    /** Compiles one file; warnings are errors. */
    static void compile(Path source, Path program) throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        "gcc",
                        "-std=gnu11",
                        "-O3",
                        "-march=native",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-o",
                        program.toString(),
                        source.toString());
        Shell.Result result = Shell.run(COMPILE_SECONDS, command);
        if (result.exit() != 0) {
            throw new RunException("gcc does not compile " + source + ": " + result.output());
        }
    }
}
