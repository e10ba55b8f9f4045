// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** Runs google-java-format over all Java files below a folder; its own CLI takes files only. */
void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    if (!Files.isDirectory(root)) {
        return;
    }
    List<String> command = new ArrayList<>();
    command.add("--aosp");
    if (write) {
        command.add("--replace");
    } else {
        command.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    }
    int options = command.size();
    try (var files = Files.walk(root)) {
        files.map(Path::toString)
                .filter(f -> f.endsWith(".java") && !f.contains("/target/"))
                .forEach(command::add);
    }
    if (command.size() == options) {
        return;
    }
    ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exit = formatter.run(out, err, command.toArray(String[]::new));
    if (exit != 0) {
        System.err.println(
                write
                        ? "google-java-format could not read the files named above."
                        : "The files named above are not formatted: run mvn -Pformat.");
        System.exit(1);
    }
}
